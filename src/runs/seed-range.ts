import { largestSeed } from "../compute/random-state.ts";

/** More seeds than this are taken for a slip: 1..50000 would be years of training. */
const mostSeeds = 1000;

/**
 * The seeds that a text names: "3", "1,3,5", "1..5", or "1..3,7".
 *
 * @returns the seeds in the order of the text, or what the text should have been, in words that fit after "expected"
 */
export function parseSeeds(text: string): number[] | string {
  const seeds: number[] = [];
  for (const part of text.split(",")) {
    const ends = /^\s*(\d+)\s*(?:\.\.\s*(\d+)\s*)?$/.exec(part);
    if (!ends) return "seeds such as 3, 1,3,5 or 1..5";
    const first = Number(ends[1]);
    const last = Number(ends[2] ?? first);
    if (first > last) return `a range that rises, such as ${last}..${first}`;
    if (last > largestSeed) return `seeds from 0 to ${largestSeed}`;
    if (seeds.length + last - first + 1 > mostSeeds) return `at most ${mostSeeds} seeds`;
    for (let seed = first; seed <= last; seed++) seeds.push(seed);
  }
  return seeds;
}
