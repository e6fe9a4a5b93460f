import type { CircuitDescription, ProjectionDescription } from "../../../circuits/description.ts";
import { manipulate } from "../../../circuits/manipulations/manipulate.ts";
import { buildNetwork } from "../../../circuits/network.ts";
import { stageNames } from "../../../circuits/ready-made/attention/attention-circuit.ts";
import type { Part } from "../../../kinds/kind.ts";
import type { Library } from "../../../kinds/library.ts";
import type { TrialSet } from "../../../tasks/trials.ts";
import { type Observer, observeGlimpses } from "./observe-glimpses.ts";

/** The same circuit, with attention at another strength. */
export function withStrength(description: CircuitDescription, strength: number): CircuitDescription {
  const gates = description.populations.map((_, index) => stageNames(index + 1));
  const isGate = ({ pre, post, effect }: ProjectionDescription) =>
    effect === "modulatory" && gates.some(({ attention, gated }) => pre === attention && post === gated);
  return {
    ...description,
    projections: description.projections.map((projection) =>
      isGate(projection) ? { ...projection, strength } : projection,
    ),
  };
}

/**
 * Accuracy over all glimpses with the same weights at other strengths of attention. An object counts as chosen by the images that
 * attention of that strength would show; at 0, where nothing is gated, it is the object most like the scene itself.
 */
export async function accuracyByStrength(
  observer: Observer,
  objective: Part,
  library: Library,
  scenes: TrialSet,
  {
    strengths,
    glimpses,
    limit,
  }: { readonly strengths: readonly number[]; readonly glimpses: number; readonly limit: number },
): Promise<{ strength: number; accuracy: number }[]> {
  const accuracies: { strength: number; accuracy: number }[] = [];
  for (const strength of strengths) {
    const { description, manipulated } = observer.network;
    const network = manipulate(buildNetwork(withStrength(description, strength), library), manipulated?.by ?? []);
    const judged =
      strength > 0 ? library.build("objective", { ...objective, strength }, undefined) : observer.objective;
    const changed = { ...observer, network, objective: judged };
    let asked = 0;
    let wrong = 0;
    for await (const { shown, glimpses: seen } of observeGlimpses(changed, scenes, { glimpses, observed: [], limit }))
      for (const results of seen)
        for (let sample = 0; sample < shown.count; sample++) {
          asked += results.asked![sample]!;
          wrong += results.wrong![sample]!;
        }
    accuracies.push({ strength, accuracy: 1 - wrong / asked });
  }
  return accuracies;
}
