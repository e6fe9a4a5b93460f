import type { DecisionDescription } from "../../../../src/circuits/description.ts";
import { modularCircuit, moduleName, uniformWiring, type Wiring } from "../../../../src/circuits/ready-made/modules.ts";
import { builtIn } from "../../../../src/library.ts";
import { specialization } from "../../../../src/papers/modules/specialization.ts";
import type { SpecializationRecord } from "../../../../src/papers/modules/specialization-record.ts";
import { folderRecorder } from "../../../../src/runs/record/folder-recorder.ts";
import { measureFile } from "../../../../src/runs/record/measure-records.ts";
import { classTarget } from "../../../../src/tasks/targets.ts";
import type { Task } from "../../../../src/tasks/task.ts";
import type { TrialSet } from "../../../../src/tasks/trials.ts";
import { createLearner } from "../../../../src/training/learner.ts";
import { takeMeasures } from "../../../../src/training/measures.ts";
import { parseRun } from "../../../../src/training/run-description.ts";
import { scratchFolder } from "../../../small-runs.ts";

const [levels, units, digits] = [10, 20, 2];
/** Units of a module that carry a digit. */
const unitsOf = (digit: number, level: number) => digit * levels + level;

/** Trials in which all pairs of digits are equally frequent; a module sees codes of the digits that it carries. */
function trials(name: string, repeats: number, carries: readonly (readonly number[])[]): TrialSet {
  return {
    name,
    count: repeats * levels ** digits,
    shape: {
      streams: carries.map((_, module) => ({
        name: `codes ${module + 1}`,
        height: 1,
        width: 1,
        channels: units,
        steps: 1,
      })),
      targets: Array.from({ length: digits }, () => classTarget(levels)),
      context: {},
      factors: ["digit 1", "digit 2"],
    },
    fill(batch, chosen) {
      for (let sample = 0; sample < chosen.length; sample++) {
        const shown = [chosen[sample]! % levels, Math.floor(chosen[sample]! / levels) % levels] as const;
        for (const [module, carried] of carries.entries()) {
          const codes = batch.stimuli[module]![0]!;
          codes.fill(0, sample * units, (sample + 1) * units);
          for (const digit of carried) codes[sample * units + unitsOf(digit, shown[digit]!)] = 1;
        }
        for (const [digit, value] of shown.entries()) batch.targets[digit]!.values[0]![sample] = value;
        batch.factors["digit 1"]![sample] = shown[0];
        batch.factors["digit 2"]![sample] = shown[1];
      }
    },
  };
}

const diagonal = (rows: number, columns: number, value: number) =>
  Float32Array.from({ length: rows * columns }, (_, at) =>
    Math.floor(at / columns) === (at % columns) % rows ? value : 0,
  );

/**
 * Modules, each with a unit for each value of each digit, recurrence of units with themselves, and
 * a readout that names the value whose unit is most active.
 *
 * @param carries digits that each module sees, and so holds
 * @param between random connections between modules; none unless given
 * @param decision each readout reports a target unless given
 * @returns what the measures of specialization say of them, and the bytes of their file
 */
export async function measureHandMade(
  carries: readonly (readonly number[])[],
  settings: object = {},
  between: Wiring = 0,
  decision: DecisionDescription = { time: "last", module: "each" },
) {
  const folder = await scratchFolder();
  const description = parseRun(
    {
      circuit: modularCircuit({
        units,
        wiring: uniformWiring(carries.length, between),
        inputs: carries.map(() => ({ height: 1, width: 1, channels: units })),
        classes: levels,
        steps: 3,
        decision,
      }),
      // What is shown is given below.
      task: { kind: "digits" },
      rule: { kind: "bp" },
      optimiser: { kind: "adam", rate: 1e-3 },
      batch: 100,
      device: "cpu",
      specialization: { trials: 6400, readoutEpochs: 8, maskEpochs: 1, keep: [0.0125, 0.025], pairs: 400, ...settings },
    },
    builtIn,
  );
  const task: Task = {
    name: "codes",
    classes: levels,
    classNames: Array.from({ length: levels }, (_, level) => String(level)),
    presentations: 1,
    training: trials("codes to train on", 64, carries),
    validation: trials("codes to validate on", 1, carries),
    test: trials("codes to test on", 4, carries),
  };
  const learner = await createLearner(description, builtIn);
  try {
    const state = await learner.readState();
    for (const [module] of carries.entries()) {
      const name = moduleName(module);
      state[`digit-${module + 1}->${name}/weight`]!.data = diagonal(units, units, 0.5);
      state[`${name}->${name}/weight`]!.data = diagonal(units, units, 2);
      // Levels are not said equally loud, so that for most pairs of digits one readout is the surest.
      state[`${name}->report-${module + 1}/weight`]!.data = diagonal(levels, units, 5).map(
        (weight, at) => weight * (1 + 0.02 * ((3 * Math.floor(at / units)) % levels)),
      );
    }
    await learner.writeState(state);
    const signal = new AbortController().signal;
    const run = { library: builtIn, label: "hand-made", description, learner, task, folder, onEvent: () => {}, signal };
    await takeMeasures(run, folderRecorder(folder, { check: async () => {} }));
    const after = await learner.readState();
    const record = (await measureFile(specialization).read(folder)) as SpecializationRecord;
    return { record, folder, before: state, after };
  } finally {
    await learner.dispose();
  }
}
