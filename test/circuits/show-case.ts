import { buildObjective } from "../../src/built-in.ts";
import { inhibitionName } from "../../src/circuits/inhibition-of-return.ts";
import { stageNames } from "../../src/circuits/ready-made/attention/attention-circuit.ts";
import type { Results } from "../../src/compute/executor.ts";
import { attendedObject } from "../../src/plasticity/objectives/attended-object.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import type { AttentionCase } from "../arbitraries/attention-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { type Scenes, showGlimpses } from "./show-glimpses.ts";

/** Of the gated scene's error in all these cases. */
export const penalty = 10;

/** What may be other than the case has it. */
interface Changes {
  readonly scenes?: Scenes;
  /** What was kept from before, by name. */
  readonly kept?: Readonly<Record<string, Float32Array>>;
  readonly gradients?: boolean;
  readonly rule?: LearningRule;
  readonly penalty?: number;
}

/**
 * Shows the scenes of a case.
 *
 * @param continues for each glimpse, whether the scenes were shown just before; default: one, at new scenes
 * @param changes other scenes or penalty, what was kept from before, and whether gradients and updates of a rule are asked for
 */
export function show(
  drawn: AttentionCase,
  continues: readonly boolean[] = [false],
  changes: Changes = {},
): Promise<Results[]> {
  const { network, values, scenes, count, settings } = drawn;
  const objective = buildObjective(
    attendedObject({
      objects: count,
      strength: settings.strength || 0.2,
      penalty: changes.penalty ?? penalty,
    }),
  );
  return showGlimpses(
    {
      network,
      objective,
      values: new Map([...values, ...Object.entries(changes.kept ?? {})]),
      scenes: changes.scenes ?? scenes,
      continues,
      gradients: changes.gradients ?? false,
      rule: changes.rule,
    },
    interpreter,
  );
}

/** Names of the populations of each stage. */
export const stagesOf = ({ settings }: AttentionCase) => settings.stages.map((_, index) => stageNames(index + 1));

/** Inhibition of return at the input of each stage, as it may have been left by glimpses before. */
export const inhibitionOf = (drawn: AttentionCase, draw: () => number): Record<string, Float32Array> =>
  Object.fromEntries(
    stagesOf(drawn).map(({ attention, gated }) => {
      const { units } = drawn.network.populations.find(({ name }) => name === gated)!;
      return [inhibitionName(attention), Float32Array.from({ length: drawn.scenes.batch * units }, draw)];
    }),
  );
