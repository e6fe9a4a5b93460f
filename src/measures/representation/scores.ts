import { mean, standardDeviation } from "../../analysis/moments.ts";
import { pairedTTest, type TwoSampleTest, welchTTest } from "../../analysis/two-sample-test.ts";
import type { MeasuredRun } from "../../report/chapter.ts";
import type { Condition } from "../../report/conditions.ts";
import { listed, number, percent, plusMinus, whole } from "../../report/numbers.ts";
import { testInWords } from "../../report/test-in-words.ts";
import type { Representation } from "./record.ts";

/** A score of a representation, and how it is printed. */
export interface Score {
  readonly name: string;
  value(representation: Representation): number;
  shown(value: number, digits?: number): string;
  /** The same for a difference of two. */
  shownDifference(difference: number): string;
}

export const scores: readonly Score[] = [
  {
    name: "silhouette",
    value: ({ silhouette }) => silhouette,
    shown: number,
    shownDifference: (difference) => number(difference),
  },
  {
    name: "neighbour purity",
    value: ({ purity }) => purity,
    shown: percent,
    shownDifference: (difference) => `${(100 * difference).toFixed(2)} percentage points`,
  },
];

/** Runs with a representation, by condition. */
export type RepresentedCondition = Condition<MeasuredRun<Representation>>;

/** Representations of one condition, one a seed. */
interface Group {
  readonly name: string;
  readonly members: readonly { readonly seed: number; readonly representation: Representation }[];
}

/** "silhouette 0.119, neighbour purity 80.25 %". */
export function scoresInWords(representation: Representation): string {
  return scores.map(({ name, value, shown }) => `${name} ${shown(value(representation))}`).join(", ");
}

/**
 * What the scores say: each run's where every condition has one, else mean and SD over the seeds of a condition and a t-test
 * of the first condition against each other one, paired where both have the same seeds. Diverged seeds are left out, as from
 * all means. Plain text; empty without scores.
 */
export function scoreSentences(conditions: readonly RepresentedCondition[]): string[] {
  const groups = conditions.map(groupOf).filter(({ members }) => members.length > 0);
  const [first, ...others] = groups;
  if (!first) return [];
  if (groups.every(({ members }) => members.length === 1)) {
    const all = groups.map(({ name, members }) => `${name}: ${scoresInWords(members[0]!.representation)}`);
    return [`${all.join("; ")}.`, ...(others.length ? ["One seed each does not tell whether they differ."] : [])];
  }
  return scores.map((score) => {
    const means = groups.map((group) => `${group.name} ${meanInWords(score, group)}`);
    const tests = others.map((other) => `${first.name} against ${other.name}: ${comparison(score, first, other)}`);
    return `${score.name[0]!.toUpperCase()}${score.name.slice(1)}, mean \u00b1 SD over seeds: ${listed(means)}${tests
      .map((test) => `; ${test}`)
      .join("")}.`;
  });
}

function groupOf(condition: RepresentedCondition): Group {
  const members = condition.runs.map(({ seed, record }) => ({ seed, representation: record }));
  return { name: condition.name, members };
}

const valuesOf = ({ value }: Score, { members }: Group) => members.map(({ representation }) => value(representation));

function meanInWords(score: Score, group: Group): string {
  const values = valuesOf(score, group);
  const over = { mean: mean(values), deviation: standardDeviation(values) };
  return `${values.length > 1 ? plusMinus(over, score.shown) : score.shown(over.mean)} (${values.length})`;
}

function comparison(score: Score, one: Group, other: Group): string {
  const result = testOf(score, one, other);
  if (result.test === "none") return testInWords(result);
  const sign = result.difference > 0 ? "+" : "";
  return `${sign}${score.shownDifference(result.difference)}, ${testInWords(result)}`;
}

/** Paired by seed where both have the same seeds, since the seed gives both their start and their batches. */
function testOf(score: Score, one: Group, other: Group): TwoSampleTest {
  const partners = one.members.flatMap(({ seed }) => other.members.filter((member) => member.seed === seed));
  const paired = partners.length === one.members.length && partners.length === other.members.length;
  if (!paired) return welchTTest(valuesOf(score, one), valuesOf(score, other));
  return pairedTTest(valuesOf(score, one), valuesOf(score, { ...other, members: partners }));
}

/** "the last hidden population, v2" and how many stimuli, as far as all runs agree. */
export function representedInWords(representations: readonly Representation[]): string {
  const populations = [...new Set(representations.map(({ population }) => population))];
  const counts = [...new Set(representations.map(({ count }) => count))];
  return `the last hidden population (${listed(populations)}) for ${listed(counts.map(whole))} test stimuli`;
}
