import fc from "fast-check";
import { expect, test } from "vitest";
import { metricsOf } from "../../src/records/metrics.ts";
import { collectionProgress } from "../../src/runs/collection-progress.ts";
import type { CollectionProgress, RunEvent } from "../../src/training/events.ts";

const started = (run: string): RunEvent => ({
  type: "started",
  run,
  folder: run,
  step: 0,
  totalSteps: 100,
  device: "cpu",
  provider: "gpujs",
});
const at = (run: string, step: number): RunEvent => ({
  type: "progress",
  run,
  step,
  totalSteps: 100,
  epoch: 0,
  loss: 0,
  error: 0,
  metrics: metricsOf({}),
  stepsPerSecond: 10,
  secondsLeft: (100 - step) / 10,
});

/** What the last of some events said of the collection. */
function lastOf(progress: ReturnType<typeof collectionProgress>, told: readonly (readonly [number, RunEvent])[]) {
  let last: CollectionProgress | undefined;
  for (const [cell, event] of told)
    progress.listener(cell, (placed) => {
      if (placed.type === "progress") last = placed.collection;
    })(event);
  return last!;
}

test("runs that take as long as each other end when they are said to, whatever is done, running and waiting", () => {
  const counts = fc.record({ kept: fc.nat(5), running: fc.integer({ min: 1, max: 4 }), waiting: fc.nat(8) });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 99 }), ({ kept, running, waiting }, step) => {
      const cells = kept + running + waiting;
      const progress = collectionProgress({ cells, workers: running, kept: Array.from({ length: kept }, () => 10) });
      const runs = Array.from({ length: running }, (_, index) => [kept + index + 1, `run-${index}`] as const);
      const told = runs.map(([cell, run]) => [cell, started(run)] as const);
      const last = lastOf(progress, [...told, ...runs.map(([cell, run]) => [cell, at(run, step)] as const)]);
      const left = (100 - step) / 10;
      expect(last.secondsLeft).toBeCloseTo(left + (waiting * 10) / running, 9);
      expect(last).toMatchObject({ cells, done: kept, running: runs.map(([, run]) => ({ run, share: step / 100 })) });
    }),
  );
});

test("a run that is done leaves those that go on, and lends them its time unless it failed", () => {
  const progress = collectionProgress({ cells: 4, workers: 2, kept: [] });
  lastOf(progress, [
    [1, started("a")],
    [2, started("b")],
    [1, at("a", 50)],
  ]);
  progress.end(1, 30);
  // b takes 10 seconds in all, a took 30: two runs of 20 wait for two workers.
  expect(lastOf(progress, [[2, at("b", 40)]])).toMatchObject({
    done: 1,
    running: [{ run: "b", share: 0.4 }],
    secondsLeft: (6 + 2 * 20) / 2,
  });
  progress.end(2);
  expect(
    lastOf(progress, [
      [3, started("c")],
      [3, at("c", 10)],
    ]),
  ).toMatchObject({ done: 2, secondsLeft: (9 + 20) / 2 });
});
