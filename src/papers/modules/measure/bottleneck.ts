import type { Matrix } from "../../../analysis/matrix.ts";
import { circuit } from "../../../circuits/circuit.ts";
import { DataError } from "../../../kinds/errors.ts";
import type { Library } from "../../../kinds/library.ts";
import { wrongName } from "../../../plasticity/objectives/classification.ts";
import { BatchSequence, sequentialBatches } from "../../../tasks/batches.ts";
import { createLearner } from "../../../training/learner.ts";
import { parseRun } from "../../../training/run-description.ts";
import type { SpecializationSettings } from "../specialization-settings.ts";
import { stateTrials } from "./state-trials.ts";

/** States of each module, and the digits that were shown, for training and for testing readouts. */
interface RecordedModules {
  /** [trials, units] of each module. */
  readonly states: readonly Matrix[];
  /** [trials] of each digit. */
  readonly digits: readonly Float32Array[];
}

/** Accuracies above chance, (a - 1 / classes) / (1 - 1 / classes). */
interface BottleneckScores {
  /** Of a readout from one module, [module][digit]. */
  readonly modules: number[][];
  /** Of a readout from all modules together, [digit]. */
  readonly control: number[];
}

/** Values of a digit. */
export const digitClasses = 10;

const uniform = { kind: "uniform" };

/**
 * The bottleneck metric: from the frozen states of each module alone a fresh readout learns to report each digit, through a
 * layer of few units (5 of tanh, unless settings say otherwise). What a module does not hold in few dimensions it does
 * not report. A control reads all modules. All readouts learn side by side in one circuit, whose decision reports each
 * of them.
 *
 * Source: Bena & Goodman 2021, section 3; the control: their revision of 2024, whose layer has 30 units of relu.
 *
 * @throws DataError where a readout diverges, as from rates that are too large
 */
export async function bottleneckScores(
  training: RecordedModules,
  test: RecordedModules,
  {
    bottleneck,
    bottleneckGain: gain,
    readoutEpochs,
  }: Pick<SpecializationSettings, "bottleneck" | "bottleneckGain" | "readoutEpochs">,
  {
    device,
    provider,
    seed,
    signal,
    library,
  }: {
    readonly library: Library;
    readonly device: string;
    readonly provider: string;
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<BottleneckScores> {
  const modules = training.states.length;
  const sources = [
    ...Array.from({ length: modules }, (_, module) => [module]),
    training.states.map((_, module) => module),
  ];
  const readouts = sources.flatMap((from, index) => training.digits.map((_, digit) => ({ from, index, digit })));
  const description = parseRun(
    {
      circuit: circuit("bottlenecks", (c) => {
        const states = training.states.map(({ shape: [, units] }, module) =>
          c.input(`states-${module + 1}`, { units }),
        );
        for (const { from, index, digit } of readouts) {
          const name = `${index + 1}-${digit + 1}`;
          const layer = c.population(`bottleneck-${name}`, { units: bottleneck, gain });
          for (const module of from) c.project(states[module]!, layer, { initial: uniform });
          const report = c.population(`report-${name}`, { units: digitClasses });
          c.project(layer, report, { initial: uniform });
          c.readout(report);
        }
        c.decision({ module: "each" });
      }),
      // What is shown is given below; the description has no word for recorded states.
      task: { kind: "digits" },
      rule: { kind: "bp" },
      optimiser: { kind: "adamw", rate: 5e-3, decay: 1e-5 },
      batch: 256,
      seed,
      device,
      provider,
    },
    library,
  );
  const trialsOf = ({ states, digits }: RecordedModules, name: string) =>
    stateTrials(
      name,
      states,
      readouts.map(({ digit }) => digits[digit]!),
      digitClasses,
    );
  const shown = trialsOf(training, "states for training");
  const asked = trialsOf(test, "states for testing");
  const learner = await createLearner(description, library, { signal });
  try {
    const sequence = new BatchSequence(shown, description.batch, seed);
    for (let step = 0; step < readoutEpochs * sequence.stepsPerEpoch; step++) {
      const decayed = (at: number) => 0.8 ** Math.floor(at / sequence.stepsPerEpoch);
      const { loss } = await learner.train([sequence.compose(step)], step, decayed);
      if (!Number.isFinite(loss)) throw new DataError(`fresh readouts diverged: their loss is ${loss} at step ${step}`);
    }
    const wrong = readouts.map(() => 0);
    for (const batch of sequentialBatches(asked, { batch: description.batch })) {
      const results = await learner.look(batch, 0);
      for (const [index] of readouts.entries())
        for (const each of results[wrongName(index)]!.subarray(0, batch.count)) wrong[index]! += each;
    }
    const scoreOf = (source: number, digit: number) => {
      const accuracy = (asked.count - wrong[source * training.digits.length + digit]!) / asked.count;
      return (accuracy - 1 / digitClasses) / (1 - 1 / digitClasses);
    };
    const digits = training.digits.map((_, digit) => digit);
    return {
      modules: Array.from({ length: modules }, (_, module) => digits.map((digit) => scoreOf(module, digit))),
      control: digits.map((digit) => scoreOf(modules, digit)),
    };
  } finally {
    await learner.dispose();
  }
}
