import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { DataError, StorageError, SulcusError } from "../../src/kinds/errors.ts";
import type { Kind } from "../../src/kinds/kind.ts";
import { libraryOf } from "../../src/kinds/library.ts";
import { defineMeasure } from "../../src/measures/define-measure.ts";
import { representation } from "../../src/measures/representation/representation.ts";
import { readFailedMeasures } from "../../src/runs/record/failed-measures-file.ts";
import { folderRecorder } from "../../src/runs/record/folder-recorder.ts";
import { exists } from "../../src/runs/record/make-folder.ts";
import { measureFile } from "../../src/runs/record/measure-records.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { InterruptedError } from "../../src/training/interrupted.ts";
import { failedMeasuresInWords, takeMeasures } from "../../src/training/measures.ts";
import type { LearnedRun } from "../../src/training/trained-run.ts";
import { experiments } from "../built-in-experiments.ts";
import { leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

/** Lets the representation of runs from seed 1 fail; gives what mends it. */
function breakRepresentation(): () => void {
  const build = representation.build.bind(representation);
  const broken = vi.spyOn(representation, "build").mockImplementation((settings, context, library) => ({
    async take(run) {
      if (run.description.seed === 1) throw new DataError("rates are lost");
      return build(settings, context, library).take(run);
    },
  }));
  const mend = () => broken.mockRestore();
  onTestFinished(mend);
  return mend;
}

/** A run that asks for measures, as far as they look at it. */
function trainedRun(measures: readonly Kind<"measure">[], folder: string) {
  const events: RunEvent[] = [];
  const run = {
    label: "one",
    folder,
    description: Object.fromEntries(measures.map(({ kind }) => [kind, {}])),
    library: libraryOf(measures),
    learner: {},
    onEvent: (event: RunEvent) => void events.push(event),
  } as unknown as LearnedRun;
  return { run, records: folderRecorder(folder, { check: async () => {} }), events };
}

describe("measures of a trained run", () => {
  const outcomes = fc.array(fc.constantFrom("fine", "no data", "a mistake", "no number"), {
    minLength: 1,
    maxLength: 4,
  });

  test("that fail are recorded and told, all others are taken, and the record goes when none fails any more", async () => {
    const folder = await scratchFolder();
    const measuresOf = (drawn: readonly string[]) =>
      drawn.map((outcome, index) =>
        defineMeasure({
          kind: `measure-${index}`,
          summary: "made up",
          record: z.object({ value: z.number() }),
          take() {
            if (outcome === "no data") throw new DataError("there is nothing to measure");
            if (outcome === "a mistake") throw new TypeError("x is undefined");
            return outcome === "no number" ? ({ value: "much" } as unknown as { value: number }) : { value: index };
          },
          words: ({ value }) => [`found ${value}`],
        }),
      );
    const messages: Readonly<Record<string, string>> = {
      "no data": "there is nothing to measure",
      "a mistake": "internal error: x is undefined",
      "no number": 'its record is not what the measure says that it is: value: got "much", expected a finite number',
    };
    await fc.assert(
      fc.asyncProperty(outcomes, async (drawn) => {
        const { run, records, events } = trainedRun(measuresOf(drawn), folder);
        await takeMeasures(run, records);
        const failed = drawn.flatMap((outcome, index) => {
          const message = messages[outcome];
          return message === undefined ? [] : { measure: `measure-${index}`, message };
        });
        expect(await readFailedMeasures(folder)).toEqual(failed);
        expect(events.filter(({ type }) => type !== "phase")).toEqual(
          drawn.map((outcome, index) => {
            const told = { run: "one", folder, measure: `measure-${index}` };
            const message = messages[outcome];
            return message === undefined
              ? { type: "measure-taken", ...told, words: [`found ${index}`] }
              : { type: "measure-failed", ...told, message };
          }),
        );
        const fine = drawn.map((outcome, index) => ({ outcome, index })).filter(({ outcome }) => outcome === "fine");
        for (const { index } of fine)
          expect(await measureFile(run.library.get("measure", `measure-${index}`)).read(folder)).toEqual({
            value: index,
          });
        // Taken again, those that the folder has stay as they are.
        const again = trainedRun(measuresOf(drawn.map(() => "fine")), folder);
        await takeMeasures(again.run, again.records);
        expect(await exists(join(folder, "failed-measures.json"))).toBe(false);
        expect(again.events.filter(({ type }) => type === "measure-taken")).toHaveLength(drawn.length - fine.length);
        for (const index of drawn.keys()) await rm(join(folder, `measure-${index}.json`));
      }),
      { numRuns: 20 },
    );
  });

  test("that are interrupted or cannot be written are not failed ones", async () => {
    const folder = await scratchFolder();
    for (const error of [new InterruptedError({ folder }), new StorageError("the disk is full")]) {
      const record = z.object({});
      const throwing = defineMeasure({ kind: "first", summary: "", record, take: () => Promise.reject(error) });
      const { run, records } = trainedRun([throwing], folder);
      await expect(takeMeasures(run, records)).rejects.toBe(error);
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
