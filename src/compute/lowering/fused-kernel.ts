import type { Shape } from "../shape.ts";
import type { Step } from "../step.ts";

/** A value among the inputs or outputs of a step: its id, and the shape in which the step has it. */
export interface Operand {
  readonly id: number;
  readonly shape: Shape;
}

type Operands = Readonly<Record<string, Operand>>;

/** Inputs, outputs and constants of a fused step. */
interface FusedOperands<Constants> {
  readonly inputs: Operands;
  readonly outputs: Operands;
  readonly constants: Constants;
}

/** What a rule puts in the place of several steps, as rules make it and accelerators read it. */
export interface FusedKernel<Constants extends object> {
  /** Its name, and which outputs may overwrite an input. */
  readonly declaration: Step["kernel"];
  /** The step that stands for others. */
  step(operands: FusedOperands<Constants>): Step;
  /** The constants of such a step. */
  constantsOf(step: Pick<Step, "constants">): Constants;
}

/**
 * Declares what several steps become. What a rule writes into its constants and what an accelerator reads there are of one
 * type.
 *
 * @param name unique among fused and declared kernels
 * @param inPlace as in a kernel's declaration: outputs that may overwrite an input
 */
export function defineFused<Constants extends object>(
  name: string,
  inPlace?: Step["kernel"]["inPlace"],
): FusedKernel<Constants> {
  const declaration = { name, ...(inPlace ? { inPlace } : {}) };
  const idsOf = (operands: Operands) =>
    Object.fromEntries(Object.entries(operands).map(([operand, { id }]) => [operand, id]));
  const shapesOf = (operands: Operands) =>
    Object.fromEntries(Object.entries(operands).map(([operand, { shape }]) => [operand, shape]));
  return {
    declaration,
    step: ({ inputs, outputs, constants }) => ({
      kernel: declaration,
      inputs: idsOf(inputs),
      inputShapes: shapesOf(inputs),
      outputs: idsOf(outputs),
      outputShapes: shapesOf(outputs),
      constants: constants as Step["constants"],
    }),
    constantsOf: ({ constants }) => constants as Constants,
  };
}

/** An input of a step. */
export function given({ inputs, inputShapes }: Step, name: string): Operand {
  return { id: inputs[name]!, shape: inputShapes[name]! };
}

/** An output of a step. */
export function made({ outputs, outputShapes }: Step, name: string): Operand {
  return { id: outputs[name]!, shape: outputShapes[name]! };
}

/** All inputs of a step, by name. */
export function allGiven(step: Step): Operands {
  return Object.fromEntries(Object.keys(step.inputs).map((name) => [name, given(step, name)]));
}

/** All outputs of a step, by name. */
export function allMade(step: Step): Operands {
  return Object.fromEntries(Object.keys(step.outputs).map((name) => [name, made(step, name)]));
}

/** Operands of which there are several, as `name0`, `name1` and so on. */
export function numbered(name: string, operands: readonly Operand[]): Operands {
  return Object.fromEntries(operands.map((operand, index) => [`${name}${index}`, operand]));
}
