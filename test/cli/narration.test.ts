import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summaryTable } from "../../src/cli/narration/table.ts";
import { DataError, SulcusError } from "../../src/kinds/errors.ts";
import type { RunSummary } from "../../src/records/learning-record.ts";
import { plainLines } from "../../src/runs/narration/plain-lines.ts";
import { barLine } from "../../src/runs/narration/progress-bar.ts";
import { progressLine, timeLeft } from "../../src/runs/narration/wording.ts";
import type { RunEvent } from "../../src/training/events.ts";
import { runEvent } from "./arbitraries.ts";
import { FakeBackend, shortRun, sulcus } from "./fake-backend.ts";

type Progress = Extract<RunEvent, { type: "progress" }>;
const progress = shortRun[1] as Progress;
const summary = (shortRun[4] as Extract<RunEvent, { type: "finished" }>).summary;

function telling(events: RunEvent[]): FakeBackend {
  const backend = new FakeBackend();
  backend.events = events;
  return backend;
}

describe("any events", () => {
  test.each([true, false])("are rendered without a number that is none (terminal: %s)", (isTTY) =>
    fc.assert(
      fc.asyncProperty(fc.array(runEvent, { maxLength: 8 }), async (events) => {
        const { code, out, err } = await sulcus(["run", "gevb"], telling(events), isTTY);
        expect(code).toBe(0);
        expect(out + err).not.toMatch(/NaN|undefined|Infinity|null/);
      }),
    ),
  );

  test("become one JSON object a line with --json, and nothing else", () =>
    fc.assert(
      fc.asyncProperty(fc.array(runEvent), fc.boolean(), async (events, isTTY) => {
        const { code, out, err } = await sulcus(["run", "quickstart", "--json"], telling(events), isTTY);
        expect([code, err]).toEqual([0, ""]);
        const lines = out.split("\n");
        expect(lines.pop()).toBe("");
        // What JSON itself cannot hold (NaN, Infinity, -0) is compared as JSON writes it.
        expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    ));

  test("give a bar that fits the terminal and grows with the step", () =>
    fc.assert(
      fc.property(runEvent, fc.nat(200), fc.nat(100), fc.nat(100), (event, width, a, b) => {
        fc.pre(event.type === "progress");
        expect(barLine(event as Progress, width).length).toBeLessThanOrEqual(Math.max(0, width - 1));
        const cells = (step: number) => barLine({ ...progress, step, totalSteps: 100 }, 120).split("█").length;
        expect(Math.sign(cells(a) - cells(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      }),
    ));
});

describe("a run", () => {
  test("without a terminal writes plain lines, the table and the path of the report", async () => {
    const { out, err } = await sulcus(["run", "gevb"], telling(shortRun));
    expect(err.split("\n")).toEqual([
      "gevb: 20 steps on cpu (onnxruntime), folder runs/a",
      "gevb: epoch 1.00  step 20  test error 4.56 % (2000 stimuli)  loss 0.3000 nats  training error 10.00 %  " +
        "angle to the gradient in degrees: pixels->v1 45.2",
      "",
    ]);
    expect(out.split("\n")).toEqual([
      "rule  test error %  training error %  angle pixels->v1 (degrees)  seconds",
      "gevb          4.56             10.00                        45.2     12.3",
      "runs/a/report.html",
      "",
    ]);
  });

  test("that trained nothing says so and gives no training error, and what has no angle has a dash", async () => {
    const untrained = shortRun.map((event): RunEvent => {
      const alignment = { "pixels->v1": { angle: null, signAgreement: null } };
      if (event.type === "evaluated")
        return { ...event, step: 0, epoch: 0, trainLoss: null, trainError: null, alignment };
      if (event.type !== "finished") return event;
      return { ...event, summary: { ...event.summary, steps: 0, epochs: 0, trainError: null, alignment } };
    });
    const { out, err } = await sulcus(["run", "gevb"], telling(untrained));
    expect(err.split("\n")[1]).toBe(
      "gevb: epoch 0.00  step 0  test error 4.56 % (2000 stimuli)  loss 0.3000 nats  angle to the gradient in degrees: pixels->v1 -",
    );
    expect(out.split("\n").slice(0, 2)).toEqual([
      "rule                            test error %  training error %  angle pixels->v1 (degrees)  seconds",
      "gevb (not trained in this run)          4.56                 -                           -     12.3",
    ]);
  });

  test.each([true, false])(
    "tells of networks that do not learn, and ends with their table (terminal: %s)",
    async (isTTY) => {
      const result = { width: 32, seed: 1, alignment: { "pixels->v1": { angle: 24.51, signAgreement: 0.9 } } };
      const words = "width 32, seed 1  angle to the gradient in degrees: pixels->v1 24.5";
      const { out, err } = await sulcus(
        ["run", "gevb-widths"],
        telling([
          { type: "measured", run: "gevb-widths", step: 2, totalSteps: 6, words, result },
          { type: "tabled", folder: "runs/a", table: "runs/a/table.md", markdown: "| width |\n| --- |\n| 32 |\n" },
          { type: "reported", folder: "runs/a", report: "runs/a/report.html" },
        ]),
        isTTY,
      );
      expect(err).toContain(
        "gevb-widths: 2 of 6  width 32, seed 1  angle to the gradient in degrees: pixels->v1 24.5\n",
      );
      expect(out).toBe("| width |\n| --- |\n| 32 |\nruns/a/report.html\n");
    },
  );

  test("on a terminal draws a bar and writes the evaluations above it; stdout is the same", async () => {
    const { out, err } = await sulcus(["run", "gevb"], telling(shortRun), true);
    // The bar takes what the numbers leave of the 80 columns of a terminal without a width.
    expect(err).toMatch(/gevb {2}50 % █+░+ {2}loss 0\.5200 {2}error 12\.50 % {2}21\.3 steps\/s {2}2:03 left/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal is told to clear the bar before the line
    expect(err).toMatch(/\u001b\[2Kgevb: epoch 1\.00/);
    expect(out).toBe((await sulcus(["run", "gevb"], telling(shortRun))).out);
    const off = err.lastIndexOf("\u001b[2K");
    expect(err.slice(off + 4).trim()).toBe("");
  });

  test("that fails leaves no bar before or after its complaint", async () => {
    const backend = telling(shortRun.slice(0, 2));
    backend.during = () => {
      throw new DataError("the labels are truncated");
    };
    const { err } = await sulcus(["run", "gevb"], backend, true);
    expect(err.endsWith("\u001b[2Ksulcus: the labels are truncated\n")).toBe(true);
  });

  test("writes at most one progress line every ten seconds", () =>
    fc.assert(
      fc.property(fc.array(fc.nat(15_000), { maxLength: 60 }), (pauses) => {
        const stderr = new PassThrough();
        let time = 0;
        const printed: number[] = [0];
        const narrator = plainLines(stderr, () => time);
        for (const pause of pauses) {
          time += pause;
          narrator.tell(progress);
          if (stderr.read() !== null) printed.push(time);
        }
        const gaps = printed.slice(1).map((at, index) => at - (printed[index] as number));
        expect(Math.min(10_000, ...gaps)).toBe(10_000);
        // And not less often than it may: every silence of ten seconds ends at the next event.
        expect(time - (printed.at(-1) as number)).toBeLessThan(10_000);
      }),
    ));

  test("says what it does besides training, and how far it is", async () => {
    const stderr = new PassThrough({ encoding: "utf8" });
    let time = 0;
    const narrator = plainLines(stderr, () => time);
    const phase = (name: string, done: number) =>
      narrator.tell({ type: "phase", run: "bp", phase: name, done, total: 8 });
    phase("attention", 0);
    phase("attention", 1);
    time += 10_000;
    phase("attention", 3);
    phase("report", 0);
    expect(String(stderr.read()).split("\n")).toEqual([
      "bp: measuring attention",
      "bp: measuring attention  37 %",
      "bp: figures and report",
      "",
    ]);
    const told = await sulcus(
      ["run", "gevb"],
      telling([{ type: "phase", run: "bp", phase: "evaluation", done: 2, total: 8 }]),
      true,
    );
    expect(told.err).toMatch(/bp: evaluation {2}25 % █+░+/);
  });
});

test.each([true, false])(
  "what there is to know of the data follows the line that opens a run (terminal: %s)",
  async (isTTY) => {
    const [started] = shortRun as [Extract<RunEvent, { type: "started" }>];
    const notes = ["left out: 3 images that are missing", "2 images were grey"];
    const { err } = await sulcus(["run", "gevb"], telling([{ ...started, notes }]), isTTY);
    expect(err).toContain(
      "gevb: 20 steps on cpu (onnxruntime), folder runs/a\ngevb: left out: 3 images that are missing\ngevb: 2 images were grey\n",
    );
  },
);

describe("a collection", () => {
  const collection = { cell: 3, cells: 10 };
  const alone = { run: "gevb", share: 0.5 };
  const [started, , , , finished, reported] = shortRun as [RunEvent, RunEvent, RunEvent, RunEvent, RunEvent, RunEvent];

  test("says which run of how many and the time that all will take", async () => {
    const placed: RunEvent[] = [
      { ...(started as Extract<RunEvent, { type: "started" }>), collection },
      { ...progress, collection: { ...collection, secondsLeft: 3723, done: 2, running: [alone] } },
    ];
    const { err } = await sulcus(["run", "gevb"], telling(placed), true);
    expect(err).toContain("gevb (run 3 of 10): 20 steps on cpu (onnxruntime), folder runs/a");
    expect(err).toMatch(
      /3\/10 gevb {2}50 % [█░]* {2}2:03 left, 1:02:03 in all {2}loss 0\.5200 {2}error 12\.50 % {2}21/,
    );
    const lost = { ...progress, collection: { ...collection, secondsLeft: Number.NaN, done: 2, running: [alone] } };
    expect(progressLine(lost)).toBe(
      "gevb (run 3 of 10): 50 %  step 10 of 20  2:03 left  loss 0.5200  error 12.50 %  21.3 steps/s",
    );
  });

  test("of which several runs go on is told as a whole, in one line", async () => {
    const running = [
      { run: "rate-1-seed-1", share: 0.5 },
      { run: "rate-2-seed-1", share: 0.129 },
    ];
    const several = { ...progress, collection: { ...collection, secondsLeft: 3723, done: 2, running } };
    expect(progressLine(several)).toBe("2/10 runs done: 26 %  1:02:03 left  rate-1-seed-1 50 %, rate-2-seed-1 12 %");
    const { err } = await sulcus(["run", "gevb"], telling([several]), true);
    expect(err).toMatch(/2\/10 runs {2}26 % [█░]+ {2}1:02:03 left {2}rate-1-seed-1 50 %, rate-2/);
    expect(barLine(several, 200)).toMatch(/^2\/10 runs {2}26 % █{8}░{22} {2}1:02:03 left/);
  });

  test("of which several runs go on does not change its line for what one does besides training", async () => {
    const running = [
      { run: "a", share: 0.5 },
      { run: "b", share: 0.1 },
    ];
    const several = { ...progress, collection: { ...collection, secondsLeft: 3723, done: 2, running } };
    const phase: RunEvent = { type: "phase", run: "a", phase: "evaluation", done: 2, total: 8 };
    const { err } = await sulcus(["run", "gevb"], telling([several, phase]), true);
    expect(err).not.toContain("evaluation");
  });

  test("of which runs were done in any order ends with a table in theirs", async () => {
    const done = (label: string, cell: number): RunEvent => ({
      ...(finished as Extract<RunEvent, { type: "finished" }>),
      summary: { ...summary, label },
      collection: { cell, cells: 3 },
    });
    const { out } = await sulcus(["run", "gevb"], telling([done("b", 2), done("c", 3), done("a", 1)]));
    expect(out.split("\n").map((line) => line[0])).toEqual(["r", "a", "b", "c", undefined]);
  });

  test.each([true, false])("says which measure failed and what others found (terminal: %s)", async (isTTY) => {
    const taken = (run: string, words: readonly string[]): RunEvent => ({
      ...{ type: "measure-taken", run, folder: "runs/a", measure: "specialization", words },
    });
    const events: RunEvent[] = [
      taken("bp", ["module-1 decides 99 %", "dimensions: no variance"]),
      taken("fa", []),
      { type: "measure-failed", run: "bp", folder: "runs/a", measure: "attention", message: "no scene was seen" },
    ];
    const { err } = await sulcus(["run", "gevb"], telling([...shortRun.slice(0, 2), ...events, finished]), isTTY);
    for (const line of [
      "module-1 decides 99 %",
      "dimensions: no variance",
      "measure attention failed: no scene was seen",
    ])
      expect(err).toContain(`bp: ${line}\n`);
    expect(err).not.toContain("fa:");
  });

  test.each([true, false])("says which run failed and goes on (terminal: %s)", async (isTTY) => {
    const failed: RunEvent = { type: "failed", run: "bp", folder: "runs/a/bp", message: "the loss is lost" };
    const backend = telling([...shortRun.slice(0, 2), failed, finished, reported]);
    backend.during = () => {
      throw new SulcusError("1 of 2 runs failed: bp; the first: the loss is lost");
    };
    const { code, out, err } = await sulcus(["run", "gevb"], backend, isTTY);
    expect(err).toContain("bp: failed: the loss is lost\n");
    expect(err.endsWith("sulcus: 1 of 2 runs failed: bp; the first: the loss is lost\n")).toBe(true);
    expect(code).toBe(1);
    // What the others found is printed all the same.
    expect(out).toBe((await sulcus(["run", "gevb"], telling(shortRun))).out);
  });

  test("with a table of its own ends with that, as it was written last", async () => {
    const tabled = (markdown: string): RunEvent => ({
      ...{ type: "tabled", folder: "runs/a", table: "runs/a/table.md", markdown },
    });
    const events = [tabled("| 50.00 |\n"), finished, tabled("| 4.56 |\n"), reported];
    const { out } = await sulcus(["run", "gevb-tables"], telling(events));
    expect(out).toBe("| 4.56 |\nruns/a/report.html\n");
  });
});

describe("the table", () => {
  test("goes by the label where a rule has several runs", () => {
    const second = { ...summary, label: "gevb-seed-2" };
    const [head, ...rows] = summaryTable([{ ...summary, label: "gevb-seed-1" }, second]).split("\n");
    expect(head).toMatch(/^run {10}test error %/);
    expect(rows.map((row) => row.split(" ")[0])).toEqual(["gevb-seed-1", "gevb-seed-2"]);
  });

  test("leaves angles of more than four projections to the report's figure", () => {
    const angles = (count: number) => {
      const alignment = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`p${index}->p${index + 1}`, { angle: 1, signAgreement: 1 }]),
      );
      return summaryTable([{ ...summary, alignment }]).match(/angle/g)?.length ?? 0;
    };
    expect([1, 4, 5, 8].map(angles)).toEqual([1, 4, 0, 0]);
  });

  test("has a column for every projection of any run, and a dash where a run has none", () => {
    const other: RunSummary = { ...summary, rule: "bp", alignment: { "v1->v2": { angle: 0, signAgreement: 1 } } };
    const [head, first, second] = summaryTable([summary, other]).split("\n");
    expect(head).toMatch(/angle pixels->v1 \(degrees\) {2}angle v1->v2 \(degrees\)/);
    expect(first).toMatch(/^gevb .* 45\.2 +- +12\.3$/);
    expect(second).toMatch(/^bp .* - +0\.0 +12\.3$/);
    expect(new Set([head, first, second].map((line) => line?.length)).size).toBe(1);
  });
});

test.each([
  [0, "0 s"],
  [41.2, "42 s"],
  [59.5, "1:00"],
  [123, "2:03"],
  [3723, "1:02:03"],
  [1e300, "over 100 days"],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [-1, undefined],
])("%d seconds left read %s", (value, expected) => {
  expect(timeLeft(value)).toBe(expected);
});
