import { distanceSteps } from "../analysis/distances.ts";
import { embeddingSteps, usualPerplexity } from "../analysis/embedding.ts";
import { neighbourPurity } from "../analysis/neighbour-purity.ts";
import { silhouette } from "../analysis/silhouette.ts";
import { lastHiddenPopulation } from "../circuits/last-hidden.ts";
import type { Network } from "../circuits/network.ts";
import { randomStream } from "../compute/random.ts";
import { UsageError } from "../kinds/errors.ts";
import type { Representation } from "../records/representation-record.ts";
import { representationFile } from "../runs/record/representation-file.ts";
import { sequentialBatches } from "../tasks/batches.ts";
import type { Task } from "../tasks/task.ts";
import type { TrialSet } from "../tasks/trials.ts";
import { heedingSteps } from "../training/heed.ts";
import { announcePhase } from "../training/phase.ts";
import type { RunDescription } from "../training/run-description.ts";
import type { TrainedRun } from "../training/trained-run.ts";

/** Neighbours whose classes are compared with a stimulus' own. */
const neighbours = 10;

/**
 * Lets a run pass only if the representation it asks for can be made when it has been trained.
 *
 * @throws UsageError where the circuit has no hidden population, or the stimuli are too few or of one class
 */
export function checkRepresentation({ representation: asked }: RunDescription, network: Network, task: Task): void {
  if (asked === 0) return;
  if (!lastHiddenPopulation(network)) {
    throw new UsageError(
      `representation: got ${asked}, but in circuit "${network.description.name}" only the input projects to the readout, ` +
        "so that there is no hidden population to look into; set it to 0",
    );
  }
  const count = Math.min(asked, task.test.count);
  if (count <= neighbours) {
    throw new UsageError(
      `representation: got ${asked}, with ${task.test.count} test stimuli; expected 0 for none or more than ${neighbours} ` +
        "stimuli, since each is compared with so many neighbours; 1000 is usual",
    );
  }
  if (new Set(labelsOf(task.test, { limit: asked, batch: count, seed: 0 })).size < 2)
    throw new UsageError(`representation: all ${count} test stimuli are of one class, expected at least 2; use more`);
}

/**
 * Makes representation.json where a trained run asks for it and lacks it: the rates of evenly spread test stimuli in the last
 * hidden population, scored by silhouette and by the purity of neighbourhoods and embedded by t-SNE, all three from the
 * Euclidean distances of the rates. The same seed gives the same bytes.
 */
export async function ensureRepresentation(job: TrainedRun): Promise<void> {
  const { description, learner, task, folder, signal } = job;
  if (description.representation === 0 || (await representationFile.has(folder))) return;
  announcePhase(job, "representation", 1);
  const taken = { limit: description.representation, batch: description.batch, seed: description.seed };
  const labels = labelsOf(task.test, taken);
  const rates = await learner.represent(sequentialBatches(task.test, taken));
  const distances = await heedingSteps(distanceSteps(rates), signal);
  const perplexity = usualPerplexity(labels.length);
  const seed = randomStream(description.seed, "embedding").integer(0, 2 ** 31 - 1);
  const plane = await heedingSteps(embeddingSteps(distances, { seed, perplexity }), signal);
  const scores = {
    population: lastHiddenPopulation(learner.network)!.name,
    count: labels.length,
    silhouette: silhouette(distances, labels),
    purity: neighbourPurity(distances, labels, neighbours),
    neighbours,
    perplexity,
  };
  // Six digits place a point finer than any figure shows.
  const place = (index: number) => Number(plane[index]!.toPrecision(6));
  const points = Array.from(labels, (label, index) => ({ x: place(2 * index), y: place(2 * index + 1), label }));
  const representation: Representation = { ...scores, points };
  await representationFile.write(folder, representation);
  job.onEvent({ type: "represented", run: job.label, ...scores });
}

/** The first target of each trial, in their order. */
function labelsOf(trials: TrialSet, options: { limit: number; batch: number; seed: number }): number[] {
  return [...sequentialBatches(trials, options)].flatMap(({ targets: [first], count }) => [
    ...first!.values[0]!.subarray(0, count),
  ]);
}
