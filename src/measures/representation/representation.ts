import { distanceSteps } from "../../analysis/distances.ts";
import { embeddingSteps, usualPerplexity } from "../../analysis/embedding.ts";
import { neighbourPurity } from "../../analysis/neighbour-purity.ts";
import { silhouette } from "../../analysis/silhouette.ts";
import { lastHiddenPopulation } from "../../circuits/last-hidden.ts";
import { randomStream } from "../../compute/random.ts";
import { sequentialBatches } from "../../tasks/batches.ts";
import type { TrialSet } from "../../tasks/trials.ts";
import { heedingSteps } from "../../training/heed.ts";
import { defineMeasure } from "../define-measure.ts";
import { representationChapter } from "./chapter.ts";
import { Representation } from "./record.ts";
import { RepresentationSettings } from "./settings.ts";

/** Neighbours whose classes are compared with a stimulus' own. */
const neighbours = 10;

/**
 * How the last hidden population represents test stimuli: the rates of evenly spread ones, scored by silhouette and by the purity
 * of neighbourhoods and embedded by t-SNE, all three from the Euclidean distances of the rates.
 */
export const representation = defineMeasure({
  kind: "representation",
  summary: "how the last hidden population represents the classes: silhouette, neighbour purity, t-SNE",
  settings: RepresentationSettings,
  shorthand: "stimuli",
  asked: ({ stimuli }) => stimuli > 0,
  record: Representation,
  refuse({ stimuli }, { network, task }) {
    if (!lastHiddenPopulation(network))
      return (
        `got ${stimuli}, but in circuit "${network.description.name}" only the input projects to the readout, ` +
        "so that there is no hidden population to look into; set it to 0"
      );
    const [target] = task.test.shape.targets;
    if (target?.kind !== "class" || target.steps > 1)
      return `got ${stimuli}, but task "${task.name}" asks for no class of each stimulus, by which they could be compared; set it to 0`;
    const count = Math.min(stimuli, task.test.count);
    if (count <= neighbours)
      return (
        `got ${stimuli}, with ${task.test.count} test stimuli; expected 0 for none or more than ${neighbours} ` +
        "stimuli, since each is compared with so many neighbours; 1000 is usual"
      );
    const classes = new Set(labelsOf(task.test, { limit: stimuli, batch: count, seed: 0 }));
    return classes.size > 1 ? undefined : `all ${count} test stimuli are of one class, expected at least 2; use more`;
  },
  async take({ stimuli }, { description, learner, task, signal }) {
    const taken = { limit: stimuli, batch: description.batch, seed: description.seed };
    const labels = labelsOf(task.test, taken);
    const rates = await learner.represent(sequentialBatches(task.test, taken));
    const distances = await heedingSteps(distanceSteps(rates), signal);
    const perplexity = usualPerplexity(labels.length);
    const seed = randomStream(description.seed, "embedding").integer(0, 2 ** 31 - 1);
    const plane = await heedingSteps(embeddingSteps(distances, { seed, perplexity }), signal);
    // Six digits place a point finer than any figure shows.
    const place = (index: number) => Number(plane[index]!.toPrecision(6));
    return {
      population: lastHiddenPopulation(learner.network)!.name,
      count: labels.length,
      silhouette: silhouette(distances, labels),
      purity: neighbourPurity(distances, labels, neighbours),
      neighbours,
      perplexity,
      points: Array.from(labels, (label, index) => ({ x: place(2 * index), y: place(2 * index + 1), label })),
    };
  },
  words: ({ count, population, silhouette: score, neighbours: compared, purity }) => [
    `${count} stimuli in ${population}  silhouette ${score.toFixed(3)}, purity of ${compared} neighbours ${(100 * purity).toFixed(2)} %`,
  ],
  chapter: representationChapter,
});

/** The first target of each trial, in their order. */
function labelsOf(trials: TrialSet, options: { limit: number; batch: number; seed: number }): number[] {
  return [...sequentialBatches(trials, options)].flatMap(({ targets: [first], count }) => [
    ...first!.values[0]!.subarray(0, count),
  ]);
}
