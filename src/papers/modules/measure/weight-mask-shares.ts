import { manipulate } from "../../../circuits/manipulations/manipulate.ts";
import { buildNetwork, isWeighted, type Network, type WeightedProjection } from "../../../circuits/network.ts";
import { randomStream } from "../../../compute/random.ts";
import { sizeOf } from "../../../compute/shape.ts";
import { DataError } from "../../../kinds/errors.ts";
import { namingClasses } from "../../../plasticity/objectives/classification.ts";
import { memoryName } from "../../../plasticity/optimisers/trace-step.ts";
import { scoreName, thresholdName, weightMaskProgram } from "../../../plasticity/weight-mask.ts";
import { BatchSequence, sequentialBatches } from "../../../tasks/batches.ts";
import type { Batch, TrialSet } from "../../../tasks/trials.ts";
import { feederOf } from "../../../training/feeds.ts";
import type { Phase } from "../../../training/phase.ts";
import type { MaskRecord } from "../specialization-record.ts";
import type { SpecializationSettings } from "../specialization-settings.ts";
import type { FrozenNetwork } from "./frozen-network.ts";

/** How fast scores learn; one step moves none by much more. */
const rate = 0.1;

/** A score below every score that learns: connections that do not exist are never kept. */
const never = -1e30;

/** Projections of modules onto themselves, whose weights compete for being kept. */
const recurrentProjections = (
  { projections }: Pick<Network, "projections">,
  modules: readonly string[],
): WeightedProjection[] =>
  projections.filter(isWeighted).filter(({ pre, post }) => pre === post && modules.includes(pre));

/**
 * The weight-mask metric: with the weights frozen, scores of the recurrent weights within modules learn which of them
 * suffice to report one digit through the circuit's own readouts, when the top share of all is kept. Connections
 * between modules and all other weights take part whole. The metric is the share of the kept weights that lie in each
 * module.
 *
 * Where readouts report several targets, the one with the largest maximum of all reports the digit: asked for the same digit
 * each, those of a module that cannot know it would spoil the scores.
 *
 * Scores start as small normal numbers, the same for every digit, and learn by AdamW at 0.1.
 * Source: Bena & Goodman 2021, section 3.
 *
 * @param modules populations that are modules, in the order of their digits
 * @param digits factors that name the digits
 * @param phase advances by one for each digit and share
 * @throws DataError where no recurrent weight exists, or scores or errors overflow
 */
export async function weightMasks(
  frozen: FrozenNetwork,
  trials: { readonly training: TrialSet; readonly test: TrialSet },
  modules: readonly string[],
  digits: readonly string[],
  { keep, maskEpochs }: Pick<SpecializationSettings, "keep" | "maskEpochs">,
  phase?: Phase,
): Promise<MaskRecord[]> {
  const { executor, library, parameters, batch, seed } = frozen;
  const network = reportingOnce(frozen);
  const chosen = recurrentProjections(network, modules);
  const optimiser = library.build("optimiser", { kind: "adamw", rate }, undefined);
  const program = weightMaskProgram({ network, objective: namingClasses, optimiser, batch, chosen });
  const [teach, ask] = [
    await feederOf(program.plans.train!, network),
    await feederOf(program.plans.evaluate!, network),
  ];
  const session = await executor.load(program);
  const initial = new Map(chosen.map((projection) => [projection, initialScores(frozen, projection)]));
  const existing = [...initial.values()].reduce(
    (sum, scores) => sum + scores.filter((score) => score > never).length,
    0,
  );
  if (existing === 0) throw new DataError("modules have no recurrent weights, of which a mask could keep some");
  const sequence = new BatchSequence(trials.training, batch, seed);
  const records: MaskRecord[] = [];
  try {
    for (const { name } of network.parameters) await session.write(name, parameters[name]!);
    for (const share of keep) {
      const kept = Math.max(1, Math.floor(share * existing));
      const shares = modules.map(() => digits.map(() => 0));
      const accuracy: number[] = [];
      for (const [digit, factor] of digits.entries()) {
        const scores = new Map<WeightedProjection, Float32Array>(
          [...initial].map(([projection, values]) => [projection, values.slice()]),
        );
        for (const [{ name, weights }, values] of scores) {
          await session.write(scoreName(name), values);
          for (const memory of optimiser.memories)
            await session.write(memoryName(scoreName(name), memory), new Float32Array(sizeOf(weights.shape)));
        }
        let composed: Batch | undefined;
        let threshold = never;
        for (let step = 0; step < maskEpochs * sequence.stepsPerEpoch; step++) {
          composed = sequence.compose(step, composed);
          const asked = askedFor(composed, factor);
          const feeds = teach(asked, { seed });
          threshold = lowestKept([...scores.values()], kept, threshold - rate);
          await session.run("train", [
            { ...feeds, [thresholdName]: Float32Array.of(threshold), schedule: optimiser.schedule(step + 1) },
          ]);
          for (const projection of chosen) scores.set(projection, await session.read(scoreName(projection.name)));
        }
        threshold = lowestKept([...scores.values()], kept, threshold - rate);
        if (!Number.isFinite(threshold))
          throw new DataError(`scores for ${factor} are no longer finite numbers, since errors overflow`);
        const inModules = modules.map((module) => {
          const within = chosen.filter(({ pre }) => pre === module);
          return within.reduce(
            (sum, projection) => sum + scores.get(projection)!.filter((score) => score >= threshold).length,
            0,
          );
        });
        const total = inModules.reduce((sum, count) => sum + count, 0);
        for (const [module, count] of inModules.entries()) shares[module]![digit] = count / total;

        let wrong = 0;
        let count = 0;
        for (const shown of sequentialBatches(trials.test, { batch, seed })) {
          const asked = askedFor(shown, factor);
          const feeds = ask(asked, { seed });
          const [results] = await session.run("evaluate", [{ ...feeds, [thresholdName]: Float32Array.of(threshold) }]);
          for (let sample = 0; sample < shown.count; sample++) wrong += results!.wrong![sample]!;
          count += shown.count;
        }
        accuracy.push(1 - wrong / count);
        phase?.advance();
      }
      records.push({ keep: share, shares, accuracy });
    }
  } finally {
    await session.dispose();
  }
  return records;
}

/** A batch that asks for what a factor names. */
const askedFor = (batch: Batch, factor: string): Batch => ({
  ...batch,
  targets: [{ values: [batch.factors[factor]!] }],
});

/**
 * The network itself, or the same with one report where it reports several targets: of the readout with the largest
 * maximum.
 */
function reportingOnce({ network, library }: FrozenNetwork): Network {
  if (network.reports.length === 1) return network;
  const { decision, ...description } = network.description;
  const once = buildNetwork({ ...description, decision: { time: decision.time, module: "max" } }, library);
  return manipulate(once, network.manipulated?.by ?? []);
}

function initialScores({ parameters, seed }: FrozenNetwork, { name, weights, maskName }: WeightedProjection) {
  const random = randomStream(seed, `mask-scores/${name}`);
  const connected = maskName === undefined ? undefined : parameters[maskName];
  return Float32Array.from({ length: sizeOf(weights.shape) }, (_, index) => {
    const score = 0.01 * random.normal();
    return connected && connected[index] === 0 ? never : score;
  });
}

/**
 * The lowest of the `kept` largest scores. Sorting all of them takes as long as a step of training, so only those
 * are sorted that are at least `bound`, which does not change the answer, and all where these are too few.
 */
function lowestKept(scores: readonly Float32Array[], kept: number, bound: number): number {
  const sorted = new Float32Array(scores.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  // Said this way round, NaN is among the largest, as it is when sorted.
  for (const values of scores) for (const value of values) if (!(value < bound)) sorted[count++] = value;
  return count < kept
    ? lowestKept(scores, kept, Number.NEGATIVE_INFINITY)
    : sorted.subarray(0, count).sort()[count - kept]!;
}
