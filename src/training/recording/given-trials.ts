import type { Network } from "../../circuits/network.ts";
import { DataError, didYouMean } from "../../kinds/errors.ts";
import { checkStimuli } from "../../tasks/stimuli.ts";
import type { TrialSet } from "../../tasks/trials.ts";

/** Rates of an input, trial after trial, [trials, units]; of one that varies, one such array for each time step. */
export type GivenRates = ArrayLike<number> | readonly ArrayLike<number>[];

/** Stimuli of somebody's own. */
export interface GivenStimuli {
  /** Rates of every input, by its name. */
  readonly stimuli: Readonly<Record<string, GivenRates>>;
  /** The class of each trial, by report where the circuit makes several; needed where errors are recorded. */
  readonly labels?: ArrayLike<number> | readonly ArrayLike<number>[];
}

const isOne = (given: GivenRates): given is ArrayLike<number> => given.length === 0 || typeof given[0] === "number";

/**
 * Trials of stimuli that are given as arrays.
 *
 * @throws DataError naming the input: one that is missing or unknown, another number of time steps, values that do not make
 *   whole trials or as many as the others, or that are no finite numbers
 */
export function givenTrials(network: Network, { stimuli, labels = [] }: GivenStimuli): TrialSet {
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
  const targets = (labels.length === 0 ? [] : isOne(labels) ? [labels] : labels).map((each, target) => {
    if (each.length !== count)
      throw new DataError(
        `${owner}: got ${each.length} labels of target ${target + 1} for ${count} trials; give one for each`,
      );
    return Float32Array.from(each);
  });
  return {
    name: "given stimuli",
    count: count!,
    shape: {
      streams: network.inputs.map(({ name, map, steps }) => ({ name, ...map, steps })),
      targets: targets.length,
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
        for (const [target, each] of targets.entries()) batch.labels[target]![sample] = each[trial]!;
      }
    },
  };
}
