import { stageNames } from "../../src/circuits/attention/attention-circuit.ts";
import { inhibitionName } from "../../src/circuits/inhibition-of-return.ts";
import type { Results } from "../../src/compute/executor.ts";
import { attendedObject } from "../../src/plasticity/objectives/attended-object.ts";
import type { AttentionCase } from "../arbitraries/attention-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { type Scenes, showGlimpses } from "./show-glimpses.ts";

/** Of the gated scene's error in all these cases. */
export const penalty = 10;

/**
 * Shows the scenes of a case.
 *
 * @param continues for each glimpse, whether the scenes were shown just before; default: one, at new scenes
 * @param more other scenes, what was kept from before, and whether gradients are asked for
 */
export function show(
  drawn: AttentionCase,
  continues: readonly boolean[] = [false],
  more: { scenes?: Scenes; kept?: Readonly<Record<string, Float32Array>>; gradients?: boolean } = {},
): Promise<Results[]> {
  const { network, values, scenes, count, settings } = drawn;
  const objective = attendedObject({ objects: count, strength: settings.strength || 0.2, penalty });
  return showGlimpses(
    {
      network,
      objective,
      values: new Map([...values, ...Object.entries(more.kept ?? {})]),
      scenes: more.scenes ?? scenes,
      continues,
      gradients: more.gradients ?? false,
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
