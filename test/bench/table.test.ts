import { expect, test } from "vitest";
import type { Comparison } from "../../bench/compare.ts";
import { median } from "../../bench/statistics.ts";
import { markdownOf, rowsOf } from "../../bench/table.ts";

const timing = (milliseconds: number, memory: number) => ({ milliseconds, turns: [milliseconds], memory });

const dense: Comparison = {
  name: "dense",
  summary: "a dense step",
  ours: timing(50, 142.4),
  peers: [{ name: "PyTorch, tuned", ...timing(100, 300), ratio: 2 }],
  flops: 5e9,
  bytes: 4e8,
  limit: { milliseconds: 25, share: 0.5 },
};
const job: Comparison = {
  ...dense,
  name: "job",
  ours: timing(65_432, 500),
  peers: [],
  limit: { milliseconds: 8000, share: 0.12 },
};

test("a workload's row tells times, ratios, its limit and memory, and leaves the column of a missing peer empty", () => {
  expect(rowsOf([dense, job])).toEqual([
    {
      workload: "dense",
      ours: "50.0 ms",
      "PyTorch, tuned": "100.0 ms (2.00)",
      limit: "25.0 ms (50 %)",
      "memory, MiB": "142 : 300",
    },
    { workload: "job", ours: "65.4 s", "PyTorch, tuned": "", limit: "8000.0 ms (12 %)", "memory, MiB": "500" },
  ]);
});

test("without any peer there is no column for one", () => {
  expect(Object.keys(rowsOf([job])[0]!)).toEqual(["workload", "ours", "limit", "memory, MiB"]);
});

test("Markdown has a head, a rule and a line for each workload", () => {
  expect(markdownOf(rowsOf([dense])).split("\n")).toEqual([
    "| workload | ours | PyTorch, tuned | limit | memory, MiB |",
    "| --- | --- | --- | --- | --- |",
    "| dense | 50.0 ms | 100.0 ms (2.00) | 25.0 ms (50 %) | 142 : 300 |",
  ]);
});

test("the median is the middle value, whatever the order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4])).toBe(4);
});
