import type { TargetShape } from "../../tasks/targets.ts";
import type { Batch, TrialShape } from "../../tasks/trials.ts";
import type { FactorLayout } from "./recording-layout.ts";

/** Something that is told of trials, and its values for the samples of a batch. */
export interface Factor {
  readonly layout: FactorLayout;
  of(batch: Batch): Float32Array;
}

/** What is told of so many trials: their places in the set, what they ask to be reported, and factors of the task. */
export function factorsOf({ targets, factors }: TrialShape, trials: number): readonly Factor[] {
  const own = [placeOf(trials), ...targets.map((target, index) => targetOf(target, index, targets.length, trials))];
  const taken = own.map(({ layout }) => layout.name);
  const others = factors.filter((name) => !taken.includes(name));
  return [...own, ...others.map((name) => factorOf(name, trials))];
}

const column = (name: string, whole: boolean, trials: number): FactorLayout => ({
  name,
  whole,
  shape: [trials],
  axes: ["trial"],
});

const placeOf = (trials: number): Factor => ({
  layout: column("trial", true, trials),
  of: ({ trials: places, count }) => Float32Array.from(places.subarray(0, count)),
});

const factorOf = (name: string, trials: number): Factor => ({
  layout: column(name, false, trials),
  of: ({ factors, count }) => factors[name]!.slice(0, count),
});

/** A target of each trial: a label or values, at each time step where it changes from one to the next. */
function targetOf(target: TargetShape, index: number, targets: number, trials: number): Factor {
  const { kind, steps } = target;
  const units = kind === "class" ? 1 : target.units;
  const axes: [string, number][] = [
    ["trial", trials],
    ...(steps > 1 ? [["step", steps] as [string, number]] : []),
    ...(kind === "class" ? [] : [["unit", units] as [string, number]]),
  ];
  return {
    layout: {
      name: `${kind === "class" ? "label" : "target"}${targets > 1 ? `/${index + 1}` : ""}`,
      whole: kind === "class",
      shape: axes.map(([, size]) => size),
      axes: axes.map(([axis]) => axis),
    },
    of({ targets: given, count }) {
      const { values } = given[index]!;
      const rows = new Float32Array(count * steps * units);
      for (const [step, each] of values.entries())
        for (let sample = 0; sample < count; sample++)
          rows.set(each.subarray(sample * units, (sample + 1) * units), (sample * steps + step) * units);
      return rows;
    },
  };
}
