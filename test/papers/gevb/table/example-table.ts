import type { TableCell } from "../../../../src/papers/gevb/table-record.ts";

type Paper = NonNullable<TableCell["paper"]>;

const share = (percent: number) => Number((percent / 100).toPrecision(6));
const percent = (testError: number, trainError?: number): Paper => ({
  testError: share(testError),
  ...(trainError === undefined ? {} : { trainError: share(trainError) }),
});

/** What the paper reports: GEVB or DFA and BP with excitatory weights, then the same with mixed ones. */
const REPORTED: [TableCell["dataset"], TableCell["arch"], TableCell["units"], Paper[]][] = [
  ["mnist", "dense", "vector", [percent(1.87, 0.06), percent(1.93, 0.05), percent(2.32, 0.33), percent(1.84, 0.07)]],
  ["mnist", "dense", "conventional", [percent(2.2, 0.3), percent(1.36), percent(2.09, 0.19), percent(1.29)]],
  ["mnist", "conv", "vector", [percent(2.33, 1.03), percent(1.3, 0.19), percent(1.83, 0.83), percent(0.8)]],
  ["cifar10", "dense", "vector", [percent(47.62, 1.25), percent(47.03, 0.72), percent(48.86, 2.02), percent(45.98)]],
  ["cifar10", "local", "conventional", [percent(41.18, 10.62), percent(35.51), percent(39.41, 2.94), percent(32.32)]],
];

/** Cells as an unfinished reproduction has them: most of 5 seeds or fewer, some not run, one failed. */
export function exampleTable(): TableCell[] {
  return REPORTED.flatMap(([dataset, arch, units, reported], row) =>
    reported.map((paper, column) => {
      const rule = column % 2 === 1 ? "bp" : units === "vector" ? "gevb" : "dfa";
      const seeds = row === 3 && column === 3 ? 0 : row === 2 && column > 1 ? 1 : 5 - (row % 3);
      const failed = row === 4 && column === 0;
      return {
        dataset,
        arch,
        units,
        rule,
        sign: column < 2 ? ("excitatory" as const) : ("mixed" as const),
        runs: Array.from({ length: failed ? 0 : seeds }, (_, index) => ({
          seed: index + 1,
          testError: paper.testError * (1.04 + 0.03 * Math.sin(7 * row + 3 * column + 2 * index)),
          trainError: (paper.trainError ?? 0) * 1.1,
          epochs: 190,
        })),
        ...(failed ? { failure: "the loss was lost at step 1,200" } : {}),
        paper,
      };
    }),
  );
}
