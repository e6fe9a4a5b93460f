import { modulate } from "../compute/kernels/modulation.ts";
import { add, ones } from "../compute/kernels/pointwise.ts";
import { scale, scaleRows } from "../compute/kernels/scaling.ts";
import { largerMaximum } from "../compute/kernels/selection.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import type { PostsynapticError } from "../neurons/postsynaptic-error.ts";
import type { Activity, PopulationState } from "./activity.ts";
import type { DecisionDescription } from "./description.ts";
import type { Population } from "./population.ts";

/** What a network reports of one target, and who is to hear of its error. */
export interface Report {
  /** Scores of classes, or values, [batch, units]. */
  readonly scores: Tensor;
  /** Time steps that it is made of, in order. */
  readonly steps: readonly number[];
  /** Of a decision that takes one readout for each sample: 1 where it took the readout, else 0, [batch], by its name. */
  readonly taken?: ReadonlyMap<string, Tensor>;
  /** Errors at the rates of all states that took part, from the error at the scores, [batch, units]. */
  share(error: Tensor): ReadonlyMap<PopulationState, PostsynapticError>;
}

/** Name of the plan input that says which samples a readout decides, [batch], 1 or 0, where readouts are chosen at random. */
export const choiceName = (readout: string) => `choice/${readout}`;

/** One of the reports that a decision makes, and the readouts that make it. */
export interface ReportLayout<Readout = Population> {
  /** Its place among the reports, which is that of the target it is about. */
  readonly index: number;
  /** Units of each readout, times their dimension: classes told apart, or values given. */
  readonly units: number;
  readonly readouts: readonly Readout[];
}

/** Reports that a decision makes: one for each target, or one of each readout. */
export function layOutReports<
  Readout extends { readonly name: string; readonly units: number; readonly dimension: number },
>(readouts: readonly Readout[], decision: DecisionDescription): readonly ReportLayout<Readout>[] {
  const { module } = decision;
  const groups =
    module === "each"
      ? readouts.map((readout) => [readout])
      : typeof module === "object"
        ? [readouts.filter(({ name }) => name === module.readout)]
        : readoutsByTarget(readouts, decision);
  return groups.map((group, index) => ({ index, units: group[0]!.units * group[0]!.dimension, readouts: group }));
}

/** The readouts among which each target is decided, target by target. */
export function readoutsByTarget<Readout>(
  readouts: readonly Readout[],
  { targets = 1 }: Pick<DecisionDescription, "targets">,
): readonly (readonly Readout[])[] {
  const among = readouts.length / targets;
  return Array.from({ length: targets }, (_, target) => readouts.slice(target * among, (target + 1) * among));
}

/** Why a decision makes no sense with so many readouts, and what to do; nothing where it does. */
export function decisionFault(
  readouts: readonly unknown[],
  { module, targets }: DecisionDescription,
): string | undefined {
  if (targets === undefined) return undefined;
  const reports = `${targets} ${targets === 1 ? "target" : "targets"}`;
  if (module === "each" || typeof module === "object") {
    const words =
      module === "each" ? 'module "each" reports a target of every readout' : "a given readout reports 1 target";
    return `it has ${reports}, and ${words}; leave targets out, or decide by max, sum or random`;
  }
  if (readouts.length % targets === 0) return undefined;
  return `it has ${reports} and ${readouts.length} readouts, expected as many for each target; name ${targets} times as many readouts as decide a target`;
}

/** What one readout says over time. */
interface Output {
  readonly scores: Tensor;
  readonly steps: readonly number[];
  share(error: Tensor): Map<PopulationState, PostsynapticError>;
}

/**
 * Traces the decision of a circuit, or at one time step what it says there.
 *
 * Of readouts with scores y_m: "max" takes for each sample the one with the larger maximum (the first of equal ones), so
 * that it alone hears of the error; "sum" adds them up; "random" takes the one that the input `choiceName` says; "each"
 * reports them all. Where several targets are reported, each is decided so among its own readouts.
 *
 * @param time the last time step, a given one, or the mean or sum over all; a readout that no drive has reached says 0
 */
export function decide(
  trace: Trace,
  {
    reports,
    decision: { module },
    steps,
  }: {
    readonly reports: readonly ReportLayout[];
    readonly decision: DecisionDescription;
    readonly steps: number;
  },
  activity: Activity,
  time: DecisionDescription["time"],
): readonly Report[] {
  return reports.map(({ readouts: among }) => {
    const outputs = among.map((readout) => overTime(readout, time, steps, activity));
    if (outputs.length === 1) return outputs[0]!;
    if (module === "sum") return sumOf(outputs);
    const shares =
      module === "max"
        ? sharesOfLargest(outputs)
        : among.map(({ name }) => trace.sharedInput(choiceName(name), [outputs[0]!.scores.shape[0]!], "finite"));
    return { ...chosen(outputs, shares), taken: new Map(among.map(({ name }, index) => [name, shares[index]!])) };
  });
}

function overTime(readout: Population, time: DecisionDescription["time"], steps: number, activity: Activity): Output {
  const at =
    typeof time === "object"
      ? [time.step]
      : time === "last"
        ? [steps - 1]
        : Array.from({ length: steps }, (_, step) => step);
  const states = at.flatMap((step) => activity.state(readout.name, step) ?? []);
  // Before any drive reaches it a readout is silent, and says 0.
  const factor = time === "mean" ? 1 / steps : 1;
  const units = readout.units * readout.dimension;
  const total = states
    .map(({ rates }) => reshape(rates, [rates.shape[0]!, units]))
    .reduce((left: Tensor | undefined, right) => (left ? add({ left, right }).result : right), undefined);
  const scaled = (values: Tensor) => (factor === 1 ? values : scale({ values }, { factor }).result);
  return {
    scores: total ? scaled(total) : silence(activity, units),
    steps: at,
    share: (error) => new Map(states.map((state) => [state, readoutError(readout, scaled(error))])),
  };
}

/** Zeros, [batch, units], in the plan of an activity. */
function silence({ states }: Activity, units: number): Tensor {
  const like = states[0]!.rates;
  const { result: values } = ones({ like }, { shape: [like.shape[0]!, units] });
  return scale({ values }, { factor: 0 }).result;
}

/** The error of a readout's scores, one vector for a vector unit, else one value for each unit. */
function readoutError({ units, dimension }: Population, error: Tensor): PostsynapticError {
  if (units === 1 && dimension > 1) return { kind: "shared", vector: error, units: 1 };
  return { kind: "own", delta: reshape(error, [error.shape[0]!, dimension, units]) };
}

function sumOf(outputs: readonly Output[]): Report {
  return {
    steps: outputs[0]!.steps,
    scores: outputs.map(({ scores }) => scores).reduce((left, right) => add({ left, right }).result),
    share: (error) => new Map(outputs.flatMap(({ share }) => [...share(error)])),
  };
}

/** For each sample 1 for the output with the largest maximum, 0 for the others, [batch] each. */
function sharesOfLargest(outputs: readonly Output[]): Tensor[] {
  const steps: Tensor[] = [];
  let best = outputs[0]!.scores;
  for (const { scores } of outputs.slice(1)) {
    const step = largerMaximum({ left: best, right: scores });
    best = step.result;
    steps.push(step.tookRight);
  }
  const kept = (share: Tensor, later: readonly Tensor[]) =>
    later.reduce((rates, signal) => modulate({ rates, signal }, { strength: 1 }).result, share);
  return outputs.map((_, index) => {
    if (index > 0) return kept(steps[index - 1]!, steps.slice(index));
    const first = complement(steps[0]!);
    return kept(first, steps.slice(1));
  });
}

/** 1 - values. */
function complement(values: Tensor): Tensor {
  const { result } = ones({ like: values }, { shape: values.shape });
  return modulate({ rates: result, signal: values }, { strength: 1 }).result;
}

function chosen(outputs: readonly Output[], shares: readonly Tensor[]): Report {
  const rows = (values: Tensor, share: Tensor) => scaleRows({ values, scales: share }, { factor: 1 }).result;
  return {
    steps: outputs[0]!.steps,
    scores: outputs
      .map(({ scores }, index) => rows(scores, shares[index]!))
      .reduce((left, right) => add({ left, right }).result),
    share: (error) => new Map(outputs.flatMap(({ share }, index) => [...share(rows(error, shares[index]!))])),
  };
}
