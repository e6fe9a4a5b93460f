import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resume } from "../../src/built-in-runs.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { builtIn } from "../../src/library.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { type Collection, continueCollection, startCollection } from "../../src/runs/collection.ts";
import type { Cell } from "../../src/runs/execution/cell.ts";
import { TaskShelf } from "../../src/runs/execution/task-shelf.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { fewDigits, leftBehind, scratchFolder } from "../small-runs.ts";

const image = { height: 28, width: 28, channels: 1 };
const base = {
  circuit: gevbCircuit({ image, hidden: [8, 4], classes: 10, sign: "excitatory" }),
  task: digits({ data: fewDigits, limit: 200, testLimit: 50 }),
  rule: bp(),
  optimiser: adam({ rate: 0.002 }),
  batch: 32,
  epochs: 2,
  device: "cpu",
};
const steps = 14;

function cell(name: string, change: object = {}): Cell {
  return { name, condition: name.toUpperCase(), description: parseRun({ ...base, ...change }, builtIn) };
}

const collectionOf = (cells: readonly Cell[]): Collection => ({
  experiment: "sweep",
  settings: { of: "tests" },
  cells,
  tasks: new TaskShelf(builtIn),
});
const three = () => collectionOf([cell("a"), cell("b", { batch: 16, epochs: 1 }), cell("c", { seed: 2 })]);

/** Listens, and stops at a step of a run if asked to. */
function listening(stopAt?: { run: string; step: number }) {
  const events: RunEvent[] = [];
  const stop = new AbortController();
  const onEvent = (event: RunEvent) => {
    events.push(event);
    if (event.type === "progress" && event.run === stopAt?.run && event.step === stopAt.step) stop.abort();
  };
  return { events, onEvent, signal: stop.signal };
}
const ofType = <Type extends RunEvent["type"]>(events: readonly RunEvent[], type: Type) =>
  events.filter((event) => event.type === type) as Extract<RunEvent, { type: Type }>[];

describe("a collection", () => {
  test("has a run folder for each cell, tells which of how many, and ends with one report", async () => {
    const out = join(await scratchFolder(), "sweep");
    const control = listening();
    await startCollection(three(), { library: builtIn, out, ...control });
    for (const name of ["a", "b", "c"])
      for (const file of ["config.yaml", "metrics.jsonl", "checkpoint.npz", "summary.json"])
        expect(existsSync(join(out, name, file)), `${name}/${file}`).toBe(true);
    expect(await readFile(join(out, "config.yaml"), "utf8")).toMatch(
      /experiment: sweep\ncells:\n {2}- a\n {2}- b\n {2}- c\nsettings:\n {2}of: tests\nenvironment:\n/,
    );
    expect(ofType(control.events, "started").map(({ run, collection }) => [run, collection])).toEqual([
      ["a", { cell: 1, cells: 3 }],
      ["b", { cell: 2, cells: 3 }],
      ["c", { cell: 3, cells: 3 }],
    ]);
    for (const { secondsLeft, collection } of ofType(control.events, "progress")) {
      expect(collection!.secondsLeft).toBeGreaterThanOrEqual(secondsLeft);
      if (collection!.cell === 3) expect(collection!.secondsLeft).toBe(secondsLeft);
      else expect(collection!.secondsLeft).toBeGreaterThan(secondsLeft);
    }
    expect(ofType(control.events, "reported")).toEqual([
      { type: "reported", folder: out, report: join(out, "report.html") },
    ]);
    const report = await readFile(join(out, "report.html"), "utf8");
    for (const name of ["A", "B", "C"]) expect(report).toContain(`>${name}</th>`);
  });

  test("interrupted anywhere goes on to the same bytes; what is finished is kept", async () => {
    const folder = await scratchFolder();
    const whole = join(folder, "whole");
    await startCollection(three(), { library: builtIn, out: whole, report: false });
    expect(existsSync(join(whole, "report.html"))).toBe(false);
    for (const [run, step] of [
      ["a", 3],
      // The run is done, and the one after it has not begun.
      ["a", steps],
      ["c", steps - 1],
    ] as const) {
      const out = join(folder, `${run}-${step}`);
      const interrupted = startCollection(three(), { library: builtIn, out, ...listening({ run, step }) });
      await expect(interrupted).rejects.toThrow(InterruptedError);
      // It goes on from the folder of the collection, not from that of the run.
      await expect(interrupted).rejects.toMatchObject({ folder: out });
      expect(["a", "b", "c"].findLast((name) => existsSync(join(out, name)))).toBe(run);
      const done = ["a", "b", "c"].filter((name) => existsSync(join(out, name, "summary.json")));
      const { events, ...control } = listening();
      await continueCollection(out, three(), { library: builtIn, ...control, report: false });
      expect(ofType(events, "started").map((event) => event.run)).toEqual(
        ["a", "b", "c"].filter((name) => !done.includes(name)),
      );
      expect(ofType(events, "finished").map((event) => event.run)).toEqual(["a", "b", "c"]);
      for (const name of ["a", "b", "c"])
        expect(await leftBehind(join(out, name))).toEqual(await leftBehind(join(whole, name)));
    }
  });

  test("loads a task once for all cells that share it", async () => {
    const tasks = new TaskShelf(builtIn);
    const shown = { task: digits({ data: fewDigits, limit: 20 }), seed: 1 };
    const first = await tasks.take(shown);
    // Compared by === alone: a matcher would compare all the pixels too.
    const isFirst = async () => (await tasks.take({ ...shown })) === first;
    expect(await isFirst()).toBe(true);
    tasks.keepFor([shown, { ...shown, seed: 2 }]);
    expect(await isFirst()).toBe(true);
    tasks.keepFor([{ ...shown, seed: 2 }]);
    expect(await isFirst()).toBe(false);
  });
});

describe("a cell that fails", () => {
  const failing = () => collectionOf([cell("a"), cell("hot", { optimiser: sgd({ rate: 1e30 }) }), cell("c")]);

  test("is told and recorded, the others are done, and the failure comes at the end", async () => {
    const out = join(await scratchFolder(), "sweep");
    const { events, ...control } = listening();
    const running = startCollection(failing(), { library: builtIn, out, ...control });
    await expect(running).rejects.toThrow(
      /^1 of 3 runs failed: hot; the first: run "hot" diverged: the loss is (NaN|Infinity) at step \d+; try a learning rate below/,
    );
    const folder = join(out, "hot");
    const { message } = JSON.parse(await readFile(join(folder, "failure.json"), "utf8"));
    expect(ofType(events, "failed")).toEqual([{ type: "failed", run: "hot", folder, message }]);
    expect(ofType(events, "finished").map(({ run }) => run)).toEqual(["a", "c"]);
    expect(existsSync(join(out, "report.html"))).toBe(true);

    // Tried again, and nothing else is.
    const again = listening();
    await expect(continueCollection(out, failing(), { library: builtIn, ...again, report: false })).rejects.toThrow(
      "1 of 3 runs failed: hot",
    );
    expect(ofType(again.events, "started").map(({ run }) => run)).toEqual(["hot"]);
  });

  test("tried again with success, it leaves no trace of the failure", async () => {
    const out = join(await scratchFolder(), "sweep");
    const states: (string | undefined)[] = [];
    const hotThen = (description: object): Collection => ({
      ...collectionOf([cell("hot", description)]),
      chapters: (cells) => {
        states.push(cells.get("hot")?.state);
        return [];
      },
    });
    await expect(
      startCollection(hotThen({ task: digits({ data: "no-such" }) }), { library: builtIn, out }),
    ).rejects.toThrow();
    expect(existsSync(out)).toBe(false);
    await expect(
      startCollection(hotThen({ optimiser: sgd({ rate: 1e30 }) }), { library: builtIn, out }),
    ).rejects.toThrow("1 of 1 runs");
    expect(states).toEqual(["waiting", "failed"]);
    const config = join(out, "hot", "config.yaml");
    const cooled = (await readFile(config, "utf8")).replace("1.0e+30", "0.01");
    await writeFile(config, cooled);
    states.length = 0;
    await continueCollection(out, hotThen({}), { library: builtIn, report: false });
    expect(states).toEqual(["failed", "finished"]);
    expect(existsSync(join(out, "hot", "failure.json"))).toBe(false);
  });

  test("finished on its own, it leaves no trace of the failure either", async () => {
    const out = join(await scratchFolder(), "sweep");
    const hot = collectionOf([cell("hot", { optimiser: sgd({ rate: 1e30 }) })]);
    await expect(startCollection(hot, { library: builtIn, out })).rejects.toThrow("1 of 1 runs");
    const folder = join(out, "hot");
    const config = join(folder, "config.yaml");
    await writeFile(config, (await readFile(config, "utf8")).replace("1.0e+30", "0.01"));
    await resume(folder, { onEvent: () => {}, report: false });
    expect(existsSync(join(folder, "failure.json"))).toBe(false);
    const { events, onEvent, signal } = listening();
    await continueCollection(out, hot, { library: builtIn, onEvent, signal, report: false });
    expect(ofType(events, "started")).toEqual([]);
  });

  test("whatever could not even start is refused before any work", async () => {
    const out = join(await scratchFolder(), "sweep");
    const refused = (...cells: Cell[]) =>
      startCollection(collectionOf([cell("a"), ...cells]), { library: builtIn, out });
    await expect(refused(cell("b", { device: "cpv" }))).rejects.toThrow('device "cpv" is not known');
    const b = cell("b");
    const unknown = { ...b, description: { ...b.description, rule: { kind: "bpp" } } };
    await expect(refused(unknown)).rejects.toThrow('learning rule "bpp" is not known');
    const other = gevbCircuit({ image: { ...image, height: 2 }, hidden: [4], classes: 10, sign: "mixed" });
    await expect(refused(cell("b", { circuit: other }))).rejects.toThrow('input "pixels" has 56 units');
    expect(existsSync(out)).toBe(false);
  });
});
