import type { CircuitDescription, ProjectionDescription } from "../../src/circuits/description.ts";
import { partOf } from "../../src/kinds/kind.ts";
import { unitsOf } from "./circuit-layout.ts";
import { type Components, lossOf, type ParameterValues } from "./circuit-loss.ts";

/** What a circuit does with one sample over its time steps. */
export interface ResponseInTime {
  /** Rates of populations by "name@step"; a population that no drive has reached yet is left out. */
  readonly rates: ReadonlyMap<string, Components>;
  /** Drives of populations, by the same names. */
  readonly drives: ReadonlyMap<string, Components>;
  /** Of each target that is reported. */
  readonly scores: readonly (readonly number[])[];
  readonly loss: number;
  /** Smallest difference of the maxima by which a readout is chosen, and of a rate from a threshold. */
  readonly margin: number;
}

/** What somebody does to a circuit while it runs. */
export interface Interference {
  /** The rate that a unit is held at; undefined where it is free. */
  rate(part: string, step: number, component: number, unit: number): number | undefined;
  /** What is added to its drive. */
  drive(population: string, step: number, component: number, unit: number): number;
  cuts(projection: string, step: number): boolean;
}

const none: Interference = { rate: () => undefined, drive: () => 0, cuts: () => false };

const gains: Readonly<Record<string, (drive: number) => number>> = {
  linear: (v) => v,
  tanh: (v) => 2 / (1 + Math.exp(-2 * v)) - 1,
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  softplus: (v) => Math.log(1 + Math.exp(v)),
};

/**
 * A circuit of dense projections in time in plain float64 loops from the description alone: each rate asks for what it
 * depends on, at the same time step or the one before, so that no order of populations is needed.
 *
 * @param feeds the batch by the names that a plan gives its inputs
 * @param interference default: none
 */
export function respondInTime(
  description: CircuitDescription,
  values: ParameterValues,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
  sample: number,
  interference: Interference = none,
): ResponseInTime {
  const { inputs, populations, projections, steps } = description;
  const known = new Map<string, Components | undefined>();
  const drives = new Map<string, Components>();
  let margin = Number.POSITIVE_INFINITY;
  /** One sample of a fed array, [component][unit]. */
  const fed = (name: string, dimension: number, units: number): Components =>
    Array.from({ length: dimension }, (_, k) =>
      Array.from({ length: units }, (_, i) => feeds[name]![(sample * dimension + k) * units + i]!),
    );

  const ratesAt = (name: string, step: number): Components | undefined => {
    const input = inputs.find((each) => each.name === name);
    if (step < 0) return undefined;
    if (input) {
      const varies = input.timing === "varying" && steps > 1;
      const [shown] = fed(varies ? `stimuli/${name}@${step}` : `stimuli/${name}`, 1, unitsOf(input));
      return [shown!.map((rate, i) => interference.rate(name, step, 0, i) ?? rate)];
    }
    const key = `${name}@${step}`;
    if (!known.has(key)) known.set(key, react(name, step));
    return known.get(key);
  };

  /** What arrives along a projection; undefined while its source is silent. */
  const arriving = (projection: ProjectionDescription, step: number): Components | undefined => {
    const { pre, post, delay, from, transmission } = projection;
    const source = step < from ? undefined : ratesAt(pre, step - delay);
    if (!source) return undefined;
    const cut = interference.cuts(`${pre}->${post}`, step);
    const message = source.map((component) =>
      component.map((rate) => {
        if (cut) return 0;
        if (transmission.kind === "graded") return rate;
        margin = Math.min(margin, Math.abs(rate - transmission.threshold));
        return rate > transmission.threshold ? 1 : 0;
      }),
    );
    const { dimension, ...layout } = populations.find((each) => each.name === post)!;
    const [rows, columns] = [unitsOf({ dimension, ...layout }), message[0]!.length];
    const spreads = message.length < dimension && projection.effect === "driving";
    const weights = values.get(`${pre}->${post}/weight`)!;
    return Array.from({ length: spreads ? dimension : message.length }, (_, k) =>
      Array.from({ length: rows }, (_, i) =>
        message[spreads ? 0 : k]!.reduce(
          (sum, rate, j) => sum + weights[((spreads ? k * rows : 0) + i) * columns + j]! * rate,
          0,
        ),
      ),
    );
  };

  const react = (name: string, step: number): Components | undefined => {
    const population = populations.find((each) => each.name === name)!;
    const { dimension, leak, noise } = population;
    const gain = partOf(population.gain).kind;
    const units = unitsOf(population);
    const arrivals = projections
      .filter(({ post }) => post === name)
      .map((projection) => ({ projection, signal: arriving(projection, step) }));
    const of = (effect: string) =>
      arrivals.flatMap(({ projection, signal }) =>
        signal && projection.effect === effect ? [{ signal, strength: projection.strength ?? 1 }] : [],
      );
    const [drivers, modulators] = [of("driving"), of("modulatory")];
    if (drivers.length === 0) return undefined;
    const before = ratesAt(name, step - 1);
    const fluctuation = fed(`fluctuation/${name}@${step}`, dimension, units);
    drives.set(
      `${name}@${step}`,
      Array.from({ length: dimension }, () => new Array<number>(units).fill(0)),
    );
    return Array.from({ length: dimension }, (_, k) =>
      Array.from({ length: units }, (_, i) => {
        const bias = population.bias === "none" ? 0 : values.get(`${name}/bias`)![k * units + i]!;
        const drive = drivers.reduce(
          (sum, { signal }) => sum + signal[k]![i]!,
          bias + (noise > 0 ? fluctuation[k]![i]! : 0) + interference.drive(name, step, k, i),
        );
        drives.get(`${name}@${step}`)![k]![i] = drive;
        const rate = modulators.reduce(
          (product, { signal, strength }) => product * (1 - strength * (signal[k] ?? signal[0]!)[i]!),
          gains[gain]!(drive),
        );
        return interference.rate(name, step, k, i) ?? (1 - leak) * (before ? before[k]![i]! : 0) + leak * rate;
      }),
    );
  };

  const scoresOf = (readout: string, silent: number): number[] => {
    const { time } = description.decision;
    const over = Array.from({ length: steps }, (_, step) => ratesAt(readout, step)?.flat());
    if (time === "last") return over.at(-1)!;
    if (typeof time === "object") return over[time.step]!;
    const total = Array.from({ length: silent }, (_, c) => over.reduce((sum, rates) => sum + (rates?.[c] ?? 0), 0));
    return time === "sum" ? total : total.map((score) => score / steps);
  };

  for (let step = 0; step < steps; step++) for (const { name } of populations) ratesAt(name, step);
  const first = populations.find(({ name }) => name === description.readouts[0])!;
  const all = description.readouts.map((readout) => scoresOf(readout, unitsOf(first) * first.dimension));
  const decided = decideAmong(all);
  function decideAmong(outputs: number[][]): number[][] {
    const { module } = description.decision;
    if (module === "each") return outputs;
    if (typeof module === "object") return [outputs[description.readouts.indexOf(module.readout)]!];
    if (module === "sum") return [outputs[0]!.map((_, c) => outputs.reduce((sum, scores) => sum + scores[c]!, 0))];
    if (outputs.length === 1) return outputs;
    if (module === "random")
      return [outputs[description.readouts.findIndex((readout) => feeds[`choice/${readout}`]![sample] === 1)]!];
    const sorted = [...outputs].sort((a, b) => Math.max(...b) - Math.max(...a));
    margin = Math.min(margin, Math.max(...sorted[0]!) - Math.max(...sorted[1]!));
    return [sorted[0]!];
  }
  const losses = decided.map((scores, target) =>
    lossOf(scores, feeds[target === 0 ? "labels" : `labels/${target}`]![sample]!),
  );
  return {
    drives,
    rates: new Map([...known].flatMap(([key, rates]) => (rates ? [[key, rates] as const] : []))),
    scores: decided,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    margin,
  };
}
