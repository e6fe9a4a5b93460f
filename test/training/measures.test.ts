import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { DataError, StorageError, SulcusError } from "../../src/kinds/errors.ts";
import { readFailedMeasures } from "../../src/runs/record/failed-measures-file.ts";
import { exists } from "../../src/runs/record/make-folder.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { failedMeasuresInWords, measuresOfRuns, takeMeasures } from "../../src/training/measures.ts";
import type { TrainedRun } from "../../src/training/trained-run.ts";
import { experiments } from "../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

/** Lets the representation of runs from seed 1 fail; gives what mends it. */
function breakRepresentation(): () => void {
  const { representation } = measuresOfRuns;
  const broken = vi.spyOn(measuresOfRuns, "representation").mockImplementation(async (run) => {
    if (run.description.seed === 1) throw new DataError("rates are lost");
    await representation!(run);
  });
  const mend = () => broken.mockRestore();
  onTestFinished(mend);
  return mend;
}

describe("measures of a trained run", () => {
  const outcomes = fc.array(fc.constantFrom("fine", "no data", "a mistake"), { minLength: 1, maxLength: 4 });

  test("that fail are recorded and told, all others are taken, and the record goes when none fails any more", async () => {
    const folder = await scratchFolder();
    const measuresOf = (drawn: readonly string[], taken: string[]) =>
      Object.fromEntries(
        drawn.map((outcome, index) => [
          `measure-${index}`,
          async () => {
            if (outcome === "no data") throw new DataError("there is nothing to measure");
            if (outcome === "a mistake") throw new TypeError("x is undefined");
            taken.push(`measure-${index}`);
          },
        ]),
      );
    await fc.assert(
      fc.asyncProperty(outcomes, async (drawn) => {
        const [taken, events]: [string[], RunEvent[]] = [[], []];
        const trained = { label: "one", folder, onEvent: (event: RunEvent) => events.push(event) };
        await takeMeasures(trained as unknown as TrainedRun, measuresOf(drawn, taken));
        const failed = drawn.flatMap((outcome, index) => {
          if (outcome === "fine") return [];
          const message = outcome === "no data" ? "there is nothing to measure" : "internal error: x is undefined";
          return { measure: `measure-${index}`, message };
        });
        expect(taken).toHaveLength(drawn.length - failed.length);
        expect(await readFailedMeasures(folder)).toEqual(failed);
        expect(events).toEqual(failed.map((each) => ({ type: "measure-failed", run: "one", folder, ...each })));
        await takeMeasures(
          trained as unknown as TrainedRun,
          measuresOf(
            drawn.map(() => "fine"),
            [],
          ),
        );
        expect(await exists(join(folder, "failed-measures.json"))).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  test("that are interrupted or cannot be written are not failed ones", async () => {
    const folder = await scratchFolder();
    const trained = { label: "one", folder, onEvent: () => {} } as unknown as TrainedRun;
    for (const error of [new InterruptedError({ folder }), new StorageError("the disk is full")]) {
      const throwing = { first: () => Promise.reject(error) };
      await expect(takeMeasures(trained, throwing)).rejects.toBe(error);
      expect(await readFailedMeasures(folder)).toEqual([]);
    }
  });

  test("are counted in words", () => {
    const failed = [
      { measure: "attention", message: "no scene" },
      { measure: "representation", message: "no hidden unit is active" },
    ];
    expect(failedMeasuresInWords([{ name: "bp", failed: [] }])).toBeUndefined();
    expect(failedMeasuresInWords([{ name: "bp", failed: failed.slice(0, 1) }])).toBe(
      'measure "attention" of bp failed after training: no scene; all else is in the report, and --resume tries again',
    );
    expect(
      failedMeasuresInWords([
        { name: "bp", failed },
        { name: "fa", failed: [] },
      ]),
    ).toBe(
      '2 measures failed after training: the first, "attention" of bp: no scene; all else is in the report, and --resume tries again',
    );
  });
});

describe("training is never lost for a measure:", () => {
  const settings = { ...smallRun, epochs: 1, representation: 30, limit: 64 };
  const failure =
    'measure "representation" of gevb failed after training: rates are lost; all else is in the report, and --resume tries again';

  test("a run has its summary and report, the command fails, and resuming measures what is lacking", async () => {
    const out = join(await scratchFolder(), "run");
    const mend = breakRepresentation();
    await expect(experiments.run("gevb", settings, { out })).rejects.toThrow(new SulcusError(failure));
    const trained = await leftBehind(out);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain(
      "GEVB, seed 1: measure representation failed: rates are lost.",
    );
    mend();
    await experiments.resume("gevb", out, {});
    expect(await exists(join(out, "failed-measures.json"))).toBe(false);
    expect(await exists(join(out, "representation.json"))).toBe(true);
    expect(await leftBehind(out)).toEqual(trained);
    expect(await readFile(join(out, "report.html"), "utf8")).not.toContain("measure representation failed");
  });

  test("of a collection, only runs that lack a measure are resumed", async () => {
    const out = join(await scratchFolder(), "runs");
    const seeds = { ...settings, seeds: [1, 2] };
    const mend = breakRepresentation();
    await expect(experiments.run("gevb", seeds, { out })).rejects.toThrow(failure.replace("gevb", "gevb-seed-1"));
    expect(await exists(join(out, "report.html"))).toBe(true);
    mend();
    const begun: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.type === "started") begun.push(event.run);
    };
    await experiments.resume("gevb", out, { onEvent, report: false });
    expect(begun).toEqual(["gevb-seed-1"]);
  });
});
