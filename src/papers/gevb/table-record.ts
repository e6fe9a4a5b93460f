import type { Architecture, GevbSign, UnitKind } from "../../circuits/ready-made/gevb-choices.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { Dataset } from "./choices.ts";

/** One entry of the paper's tables: an architecture with its units, trained by one rule under one sign constraint. */
export interface TableCell {
  dataset: Dataset;
  arch: Architecture;
  units: UnitKind;
  /** Registered name: "gevb", "bp", "dfa", "fa". */
  rule: string;
  /** Constraint of all projections but the first. */
  sign: GevbSign;
  /** One per seed; empty: not run yet. Errors are shares, 0 to 1, at the end of training; no training error of 0 epochs. */
  runs: readonly { seed: number; testError: number | null; trainError: number | null; epochs: number }[];
  /** Why it, or some of its seeds, could not be run to the end. */
  failure?: string;
  /** What the paper reports, as shares, 0 to 1; a training error is left out where it reports none. */
  paper?: { testError: number; trainError?: number };
}

/** @throws UsageError where two cells are the same entry, or a cell has a seed twice: one would hide the other */
export function checkCells(cells: readonly TableCell[]): void {
  const taken = new Set<string>();
  for (const { dataset, arch, units, rule, sign, runs } of cells) {
    const cell = `${dataset}, ${arch}, ${units}, ${rule}, ${sign}`;
    if (taken.has(cell)) throw new UsageError(`Table cell ${cell}: got it twice; give one cell with the runs of both.`);
    taken.add(cell);
    const seeds = runs.map(({ seed }) => seed);
    const twice = seeds.find((seed, index) => seeds.indexOf(seed) !== index);
    if (twice !== undefined)
      throw new UsageError(`Table cell ${cell}: got seed ${twice} twice; give each seed once, or another seed.`);
  }
}
