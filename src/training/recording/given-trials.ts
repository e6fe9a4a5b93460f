import type { Network } from "../../circuits/network.ts";
import { DataError, didYouMean } from "../../kinds/errors.ts";
import { checkStimuli } from "../../tasks/stimuli.ts";
import { classTarget, type TargetShape } from "../../tasks/targets.ts";
import type { TrialSet } from "../../tasks/trials.ts";

/** Rates of an input, trial after trial, [trials, units]; of one that varies, one such array for each time step. */
export type GivenRates = ArrayLike<number> | readonly ArrayLike<number>[];

/** Stimuli of somebody's own. */
export interface GivenStimuli {
  /** Rates of every input, by its name. */
  readonly stimuli: Readonly<Record<string, GivenRates>>;
  /** The class of each trial, report by report where the circuit makes several; needed for errors of objectives that ask for classes. */
  readonly labels?: GivenRates;
  /** The same of values that are to be reported, [trials, units]. */
  readonly values?: GivenRates;
}

const isOne = (given: GivenRates): given is ArrayLike<number> => given.length === 0 || typeof given[0] === "number";

/**
 * Trials of stimuli that are given as arrays.
 *
 * @throws DataError naming the input: one that is missing or unknown, another number of time steps, values that do not make
 *   whole trials or as many as the others, or that are no finite numbers
 */
export function givenTrials(network: Network, { stimuli, labels, values }: GivenStimuli): TrialSet {
  const owner = `circuit "${network.description.name}"`;
  const known = network.inputs.map(({ name }) => name);
  for (const name of Object.keys(stimuli))
    if (!known.includes(name))
      throw new DataError(
        `${owner}: got stimuli of "${name}", which is no input${didYouMean(name, known)}; there are ${known.join(", ")}`,
      );
  let count: number | undefined;
  const streams = network.inputs.map(({ name, units, steps }) => {
    const given = stimuli[name];
    if (!given) throw new DataError(`${owner}: got no stimuli of input "${name}"; give an array for each input`);
    const shown = isOne(given) ? [given] : given;
    if (shown.length !== steps)
      throw new DataError(
        `${owner}: got stimuli of input "${name}" for ${shown.length} time ${shown.length === 1 ? "step" : "steps"}, expected ${steps}, an array each`,
      );
    return shown.map((values) => {
      const rates = Float32Array.from(values);
      count ??= rates.length / units;
      if (!Number.isInteger(count) || count === 0 || rates.length !== count * units)
        throw new DataError(
          `${owner}: got ${rates.length} values of input "${name}", expected as many times ${units}, its units, as there are trials`,
        );
      checkStimuli(rates, `of input "${name}"`);
      return rates;
    });
  });
  const targets = [labels, values].flatMap((given, which) => {
    const reported = given === undefined || given.length === 0 ? [] : isOne(given) ? [given] : given;
    if (reported.length > network.reports.length)
      throw new DataError(
        `${owner}: got ${which === 0 ? "labels" : "values"} of ${reported.length} targets, and its decision reports ${network.reports.length}; give as many at most`,
      );
    return reported.map((each, report) => {
      const units = which === 0 ? 1 : network.reports[report]!.units;
      const what = which === 0 ? "labels" : "values";
      if (each.length !== count! * units)
        throw new DataError(
          `${owner}: got ${each.length} ${what} of target ${report + 1} for ${count} trials; give ${units === 1 ? "one" : units} for each`,
        );
      return { what, units, given: Float32Array.from(each) };
    });
  });
  return {
    name: "given stimuli",
    count: count!,
    shape: {
      streams: network.inputs.map(({ name, map, steps }) => ({ name, ...map, steps })),
      targets: targets.map(({ what, units }, report): TargetShape => {
        const name = `target ${report + 1}`;
        return what === "labels"
          ? { ...classTarget(network.reports[report]!.units), name }
          : { kind: "values", name, steps: 1, units };
      }),
      context: {},
      factors: [],
    },
    fill(batch, trials) {
      for (let sample = 0; sample < trials.length; sample++) {
        const trial = trials[sample]!;
        for (const [stream, shown] of streams.entries()) {
          const { units } = network.inputs[stream]!;
          for (const [step, rates] of shown.entries())
            batch.stimuli[stream]![step]!.set(rates.subarray(trial * units, (trial + 1) * units), sample * units);
        }
        for (const [index, { units, given }] of targets.entries())
          batch.targets[index]!.values[0]!.set(given.subarray(trial * units, (trial + 1) * units), sample * units);
      }
    },
  };
}
