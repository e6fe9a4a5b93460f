import { convolutionDrive, convolutionTransport } from "../../kernels/convolution.ts";
import { add, addBias } from "../../kernels/pointwise.ts";
import { upsampleNearest, upsampleNearestTransport } from "../../kernels/upsample.ts";
import { convolutionUpdate } from "../../kernels/window-update.ts";
import type { ExecutablePlan } from "../../plan.ts";
import type { Step } from "../../trace.ts";
import { Uses } from "../uses.ts";
import { upsampledSteps } from "./upsampled-steps.ts";

const names = {
  up: upsampleNearest.declaration.name,
  down: upsampleNearestTransport.declaration.name,
  transport: convolutionTransport.declaration.name,
  drive: convolutionDrive.declaration.name,
  update: convolutionUpdate.declaration.name,
  bias: addBias.declaration.name,
  add: add.declaration.name,
} as const;

/** Steps that become one, in the place of one of them. */
interface Fused {
  readonly parts: readonly Step[];
  readonly at: Step;
  readonly fused: Step;
}

/**
 * Joins nearest upsampling with the convolutions that read it, and with their transposes: what is done at every site of the
 * larger map is done once for every site of the smaller one. Sums of such transports, and all that one map of errors is
 * driven through, share a step. An upsampled map that nothing needs any more is not made.
 */
export function fuseUpsampled(plan: ExecutablePlan): ExecutablePlan {
  const uses = new Uses(plan);
  const all = [...transports(plan, uses), ...drives(plan, uses)];
  const fused = new Map(all.map(({ at, fused }) => [at, fused]));
  const replaced = new Set(all.flatMap(({ parts }) => parts));
  const steps = plan.steps.flatMap((step) => fused.get(step) ?? (replaced.has(step) ? [] : [step]));
  const left = new Uses({ ...plan, steps });
  return {
    ...plan,
    steps: steps.filter(({ kernel, outputs }) => kernel.name !== names.up || !left.onlyBy(outputs.result!, [])),
  };
}

/** Constants that both ends must agree on; undefined where patches would lie beyond the border or filters come in groups. */
function sizesOf({ constants }: Step, scaling: Step): Readonly<Record<string, number>> | undefined {
  const { groups, padding } = constants;
  if (groups !== 1 || padding !== 0) return undefined;
  const { height, width, channels, outHeight, outWidth } = scaling.constants;
  // The same values may have been read in another shape.
  if (channels !== constants.filters || outHeight !== constants.outHeight || outWidth !== constants.outWidth)
    return undefined;
  return { ...constants, sourceHeight: height!, sourceWidth: width! };
}

const same = (left: object, right: object) => JSON.stringify(left) === JSON.stringify(right);

/** An operand of a step: its id and shape. */
interface Operand {
  readonly id: number;
  readonly shape: readonly number[];
}
const given = ({ inputs, inputShapes }: Step, name: string): Operand => ({
  id: inputs[name]!,
  shape: inputShapes[name]!,
});
const made = ({ outputs, outputShapes }: Step, name: string): Operand => ({
  id: outputs[name]!,
  shape: outputShapes[name]!,
});
const idsOf = (operands: Readonly<Record<string, Operand>>) =>
  Object.fromEntries(Object.entries(operands).map(([name, { id }]) => [name, id]));
const shapesOf = (operands: Readonly<Record<string, Operand>>) =>
  Object.fromEntries(Object.entries(operands).map(([name, { shape }]) => [name, shape]));
const numbered = (name: string, operands: readonly Operand[]) =>
  Object.fromEntries(operands.map((operand, index) => [`${name}${index}`, operand]));

function stepOf(
  name: string,
  inputs: Readonly<Record<string, Operand>>,
  outputs: Readonly<Record<string, Operand>>,
  constants: Readonly<Record<string, number>>,
): Step {
  return {
    kernel: { name },
    inputs: idsOf(inputs),
    inputShapes: shapesOf(inputs),
    outputs: idsOf(outputs),
    outputShapes: shapesOf(outputs),
    constants,
  };
}

/** Transports of upsampled maps that are added, as far as the plan has been read. */
interface Sum {
  readonly sizes: Readonly<Record<string, number>>;
  readonly rates: readonly Operand[];
  readonly weights: readonly Operand[];
  readonly bias?: Operand;
  readonly parts: readonly Step[];
}

function transports(plan: ExecutablePlan, uses: Uses): Fused[] {
  const sums = new Map<number, Sum>();
  /** The sum that a step reads and nothing else does. */
  const own = (id: number, step: Step) => (uses.onlyBy(id, [step]) ? sums.get(id) : undefined);
  for (const step of plan.steps) {
    const sum = begin(step, uses) ?? withBias(step, own) ?? together(step, own);
    if (!sum) continue;
    for (const id of Object.values(step.inputs)) if (own(id, step)) sums.delete(id);
    sums.set(step.outputs.result!, sum);
  }
  return [...sums.values()].map(({ sizes, rates, weights, bias, parts }) => {
    const at = parts.at(-1)!;
    const inputs = { ...numbered("rates", rates), ...numbered("weight", weights), ...(bias ? { bias } : {}) };
    const constants = { ...sizes, sources: rates.length, updates: 0 };
    return { parts, at, fused: stepOf(upsampledSteps.transport, inputs, { result: made(at, "result") }, constants) };
  });
}

function begin(step: Step, uses: Uses): Sum | undefined {
  if (step.kernel.name !== names.transport) return undefined;
  const up = uses.maker(step.inputs.error!, names.up);
  const sizes = up && sizesOf(step, up);
  return sizes && { sizes, rates: [given(up, "rates")], weights: [given(step, "weight")], parts: [step] };
}

type OwnSum = (id: number, step: Step) => Sum | undefined;

function withBias(step: Step, own: OwnSum): Sum | undefined {
  if (step.kernel.name !== names.bias) return undefined;
  const sum = own(step.inputs.drive!, step);
  const { dimension, period } = step.constants;
  if (!sum || sum.bias || dimension !== 1 || period !== sum.sizes.channels) return undefined;
  return { ...sum, bias: given(step, "bias"), parts: [...sum.parts, step] };
}

function together(step: Step, own: OwnSum): Sum | undefined {
  if (step.kernel.name !== names.add) return undefined;
  const [left, right] = [own(step.inputs.left!, step), own(step.inputs.right!, step)];
  if (!left || !right || left === right || (left.bias && right.bias) || !same(left.sizes, right.sizes))
    return undefined;
  const bias = left.bias ?? right.bias;
  return {
    sizes: left.sizes,
    rates: [...left.rates, ...right.rates],
    weights: [...left.weights, ...right.weights],
    ...(bias ? { bias } : {}),
    parts: [...left.parts, ...right.parts, step],
  };
}

/** A drive whose result is brought back to the smaller map, or an update from an upsampled map. */
interface Use {
  readonly step: Step;
  readonly sizes: Readonly<Record<string, number>>;
  /** The step on the other side of the window step. */
  readonly scaling: Step;
}

function drives(plan: ExecutablePlan, uses: Uses): Fused[] {
  const orders = new Map(plan.steps.map((step, index) => [step, index]));
  const makers = new Map(
    plan.steps.flatMap((step) => Object.values(step.outputs).map((id) => [id, orders.get(step)!])),
  );
  const groups = new Map<string, Use[]>();
  for (const step of plan.steps) {
    const scaling = scalingOf(step, uses);
    const sizes = scaling && sizesOf(step, scaling);
    if (!sizes) continue;
    const key = JSON.stringify([step.inputs.rates, sizes]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    // A step is made where its group's first is, if all that it needs is there by then.
    const at = orders.get(group[0]?.step ?? step)!;
    const operands = [step.inputs.weight, step.kernel.name === names.update ? scaling.inputs.rates : undefined];
    if (operands.every((id) => id === undefined || (makers.get(id) ?? -1) < at)) group.push({ step, sizes, scaling });
  }
  return [...groups.values()].map((group) => {
    const { step: at, sizes } = group[0]!;
    const driven = group.filter(({ step }) => step.kernel.name === names.drive);
    const updated = group.filter(({ step }) => step.kernel.name === names.update);
    const inputs = {
      error: given(at, "rates"),
      ...numbered(
        "weight",
        driven.map(({ step }) => given(step, "weight")),
      ),
      ...numbered(
        "map",
        updated.map(({ scaling }) => given(scaling, "rates")),
      ),
    };
    const outputs = {
      ...numbered(
        "result",
        driven.map(({ scaling }) => made(scaling, "result")),
      ),
      ...numbered(
        "update",
        updated.map(({ step }) => made(step, "update")),
      ),
    };
    const constants = { ...sizes, sources: driven.length, updates: updated.length };
    const parts = [...driven.flatMap(({ step, scaling }) => [step, scaling]), ...updated.map(({ step }) => step)];
    return { parts, at, fused: stepOf(upsampledSteps.drive, inputs, outputs, constants) };
  });
}

/** What a drive or an update has to do with an upsampled map, if nothing else needs what lies between. */
function scalingOf(step: Step, uses: Uses): Step | undefined {
  if (step.kernel.name === names.update) return uses.maker(step.inputs.error!, names.up);
  if (step.kernel.name !== names.drive) return undefined;
  const drive = step.outputs.drive!;
  const [down, ...others] = uses.readers(drive);
  return down?.kernel.name === names.down && others.length === 0 && uses.onlyBy(drive, [down]) ? down : undefined;
}
