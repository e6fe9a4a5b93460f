import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { main } from "../../src/cli/program.ts";
import { DataError, ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { wordsOf } from "../../src/kinds/families.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { InterruptedError, requestedBy } from "../../src/training/interrupted.ts";
import { FakeBackend, shortRun, sulcus } from "./fake-backend.ts";

function failing(error: unknown): FakeBackend {
  const backend = new FakeBackend();
  backend.during = () => {
    throw error;
  };
  return backend;
}

describe("exit codes", () => {
  afterEach(() => {
    delete process.env.SULCUS_DEBUG;
  });

  test("0: done", async () => {
    expect(await sulcus(["run", "gevb"])).toEqual({ code: 0, out: "", err: "" });
  });

  test.each([
    [new DataError("train-images is truncated"), 1, "sulcus: train-images is truncated\n"],
    [new ShapeError("[2, 3] and [4, 5]\ndo not fit"), 1, "sulcus: [2, 3] and [4, 5]\\ndo not fit\n"],
    [new UsageError("hidden: got 7"), 2, "sulcus: hidden: got 7\n"],
    [new TypeError("x is not"), 1, "sulcus: internal error: x is not (set SULCUS_DEBUG=1 for the trace)\n"],
    ["thrown text", 1, "sulcus: internal error: thrown text (set SULCUS_DEBUG=1 for the trace)\n"],
  ])("%s", async (error, code, line) => {
    for (const argv of [
      ["run", "gevb"],
      ["run", "quickstart", "--json"],
      ["run", "gevb", "--resume", "src"],
    ]) {
      expect(await sulcus(argv, failing(error), argv.length === 2)).toEqual({ code, out: "", err: line });
    }
  });

  test("the trace is told when it is asked for", async () => {
    process.env.SULCUS_DEBUG = "1";
    expect((await sulcus(["run", "gevb"], failing(new TypeError("x is not")))).err).toMatch(/\n +at /);
  });
});

describe("an interrupted run", () => {
  /** A backend that takes part in the stop: it saves, then rejects. */
  function saving(folder: string | undefined, name: NodeJS.Signals = "SIGINT"): FakeBackend {
    const backend = new FakeBackend();
    backend.during = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new InterruptedError({ folder, step: 7, by: requestedBy(signal) }));
        });
        setImmediate(() => process.emit(name));
      });
    return backend;
  }

  test.each([
    ["gevb", "runs/a-1", "runs/a-1"],
    ["quickstart", "my runs/it's", "'my runs/it'\\''s'"],
  ])("of %s ends with 130 and the command that goes on with it", async (experiment, folder, quoted) => {
    const before = process.listenerCount("SIGINT");
    const { code, err } = await sulcus(["run", experiment], saving(folder));
    expect(code).toBe(130);
    expect(err.split("\n")).toEqual([
      "stopping after the current step, which is saved; once more (Ctrl-C) stops at once",
      `interrupted by SIGINT; saved at step 7; go on with: sulcus run --resume ${quoted}`,
      "",
    ]);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  test("with --json says nothing but how to go on", async () => {
    const { err } = await sulcus(["run", "gevb", "--json"], saving("runs/a"));
    expect(err).toBe("interrupted by SIGINT; saved at step 7; go on with: sulcus run --resume runs/a\n");
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGUSR1", 138],
    ["SIGUSR2", 140],
  ] as const)("by %s ends with %i and tells by what it was", async (name, expected) => {
    const { code, err } = await sulcus(["run", "gevb"], saving("runs/a", name));
    expect([code, err]).toEqual([
      expected,
      `${name}: stopping after the current step, which is saved; once more (Ctrl-C) stops at once\n` +
        `interrupted by ${name}; saved at step 7; go on with: sulcus run --resume runs/a\n`,
    ]);
    expect(process.listenerCount(name)).toBe(0);
  });

  test("that had nothing to save yet says so", async () => {
    const { code, err } = await sulcus(["run", "gevb", "--json"], saving(undefined, "SIGTERM"));
    expect([code, err]).toEqual([
      143,
      "interrupted by SIGTERM before there was anything to save; nothing is left of it\n",
    ]);
  });

  test("has soon no listener left for Ctrl-C, so that a second one kills; other signals that come again change nothing", async () => {
    const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    const counts = () => names.map((name) => process.listenerCount(name));
    const before = counts();
    let [during, echoed, after]: number[][] = [[], [], []];
    const backend = new FakeBackend();
    backend.during = async () => {
      during = counts();
      process.emit("SIGTERM");
      // As from npm and a terminal: the same one twice.
      process.emit("SIGINT");
      echoed = counts();
      while (process.listenerCount("SIGINT") > before[0]!) await new Promise((done) => setTimeout(done, 10));
      process.emit("SIGTERM");
      after = counts();
    };
    expect((await sulcus(["run", "gevb"], backend)).code).toBe(0);
    const with1 = before.map((count) => count + 1);
    expect([during, echoed, after]).toEqual([with1, with1, [before[0], ...with1.slice(1)]]);
    expect(counts()).toEqual(before);
  });

  test("of a report tells how it is drawn", async () => {
    const backend = new FakeBackend();
    backend.duringReport = (signal) => {
      process.emit("SIGTERM");
      throw new InterruptedError({ folder: "src", by: requestedBy(signal) });
    };
    expect(await sulcus(["report", "src"], backend)).toEqual({
      code: 143,
      out: "",
      err: "interrupted by SIGTERM; draw the whole report by: sulcus report src\n",
    });
  });

  test("is also one whose reader of stdout has gone", async () => {
    const stdout = new PassThrough();
    const backend = new FakeBackend();
    backend.during = ({ signal }) => {
      stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      if (signal.aborted) throw new InterruptedError({ folder: "runs/a" });
    };
    expect(
      await main(["run", "gevb", "--json"], { stdout, stderr: new PassThrough(), isTTY: false }, async () => backend),
    ).toBe(130);
  });
});

describe("requests to the backend", () => {
  test("a new run with its folder", async () => {
    const backend = new FakeBackend();
    await sulcus(["run", "quickstart", "--limit", "1e3", "--out", "runs/new", "--seed=0x10"], backend);
    expect(backend.requests).toEqual([
      { experiment: "quickstart", options: { limit: 1000, seeds: [16] }, out: "runs/new" },
    ]);
  });

  test.each(["gevb", "quickstart"])("a resumed %s", async (experiment) => {
    const backend = new FakeBackend();
    backend.events = shortRun;
    const { code, out } = await sulcus(["run", experiment, "--resume", "src", "--json"], backend);
    expect([code, backend.requests]).toEqual([0, [{ experiment, resumed: "src" }]]);
    expect(out.split("\n")).toHaveLength(shortRun.length + 1);
  });
});

describe("sweeps", () => {
  test("give the values of each setting, and the settings that all runs share", async () => {
    const backend = new FakeBackend();
    const words =
      "sweep gevb --rate 1e-3..1:4 --arch dense,conv --epochs 2 --seeds 10 --workers 2 --out runs/new --set batch=32";
    expect(await sulcus(words.split(" "), backend)).toEqual({ code: 0, out: "", err: "" });
    expect(backend.requests).toEqual([
      {
        experiment: "gevb",
        sweep: { rate: [0.001, 0.01, 0.1, 1], arch: ["dense", "conv"], epochs: [2] },
        options: { batch: 32, seeds: "1..10" },
        out: "runs/new",
        workers: 2,
      },
    ]);
  });

  test.each([
    [["--seeds", "1,3"], { seeds: "1,3" }],
    [["--seeds", "4..6"], { seeds: "4..6" }],
    [["--seed", "7", "--device", "cpu"], { seeds: [7], device: "cpu" }],
  ])("with %j", async (words, options) => {
    const backend = new FakeBackend();
    await sulcus(["sweep", "gevb", "--rate", "0.1", ...words], backend);
    expect(backend.requests).toMatchObject([{ options }]);
  });

  test.each([
    [["sweep", "--resume", "src", "--workers", "3"], {}],
    [["sweep", "gevb", "--resume", "src", "--workers", "3"], { experiment: "gevb" }],
    [["run", "gevb", "--resume", "src", "--workers", "3"], { experiment: "gevb" }],
    [["run", "--resume", "src", "--workers", "3"], {}],
  ])("go on by %j", async (words, named) => {
    const backend = new FakeBackend();
    await sulcus(words, backend);
    expect(backend.requests).toEqual([{ ...named, resumed: "src", workers: 3 }]);
  });

  test("that are interrupted tell how they go on with as many workers", async () => {
    const words = ["sweep", "gevb", "--rate", "1,2", "--workers", "2"];
    const { code, err } = await sulcus(words, failing(new InterruptedError({ folder: "runs/a" })));
    expect([code, err]).toEqual([
      130,
      "interrupted; what was done is saved; go on with: sulcus run --resume runs/a --workers 2\n",
    ]);
  });
});

describe("the other commands", () => {
  test("list", async () => {
    const { out } = await sulcus(["list"]);
    const listing = JSON.parse((await sulcus(["list", "--json"])).out);
    for (const family of nodeLibrary.families()) {
      const named = nodeLibrary.list(family).map(({ kind, summary }) => ({ name: kind, summary }));
      expect(listing[wordsOf(family).many]).toEqual(named);
      for (const { name, summary } of named) {
        expect(summary).not.toBe("");
        expect(
          out.split("\n").filter((line) => line.startsWith(`  ${name} `) && line.endsWith(` ${summary}`)),
        ).toHaveLength(1);
      }
    }
    expect((await sulcus(["list", "optimisers"])).out).toBe(
      "optimisers\n  sgd       gradient descent\n  momentum  gradient descent with momentum\n  adam      Adam\n  adamw     Adam with decoupled weight decay\n",
    );
  });

  test("devices", async () => {
    const { out } = await sulcus(["devices"]);
    expect(out.split("\n")).toEqual([
      "devices",
      "  cpu          available      2 threads",
      "  webgpu       not available  no adapter answered",
      "",
      "contraction providers",
      "  onnxruntime  available      1.30.0",
      "",
    ]);
    expect(JSON.parse((await sulcus(["devices", "--json"])).out)).toEqual(await new FakeBackend().devices());
  });

  test("report", async () => {
    const backend = new FakeBackend();
    expect(await sulcus(["report", "src"], backend)).toEqual({ code: 0, out: "src/report.html\n", err: "" });
    await sulcus(["report", "src", "--format", "png,pdf", "--width", "8.5cm"], backend);
    expect(backend.figureFiles).toEqual([{}, { formats: ["png", "pdf"], width: 85 }]);
    const wrong = await sulcus(["report", "src", "--format", "pngs"], backend);
    expect(wrong).toEqual({
      code: 2,
      out: "",
      err: 'sulcus: format "pngs" is not known (did you mean "png"?); known: svg, pdf, png, csv; several with commas between\n',
    });
    expect((await sulcus(["report", "src", "--width", "85"], backend)).err).toBe(
      'sulcus: width: got "85", expected a number with its unit (mm, cm, in or pt), such as 85mm\n',
    );
  });

  test("weights", async () => {
    const backend = new FakeBackend();
    const told = await sulcus(["weights", "src"], backend);
    expect({ ...told, out: JSON.parse(told.out) }).toEqual({
      code: 0,
      out: { circuit: "fake", parameters: {} },
      err: "",
    });
    expect(await sulcus(["weights", "src", "--out", "w.npz"], backend)).toEqual({ code: 0, out: "w.npz\n", err: "" });
    expect(backend.requests).toEqual([
      { resumed: "src", out: undefined },
      { resumed: "src", out: "w.npz" },
    ]);
    expect((await sulcus(["weights", "no-such"], backend)).code).toBe(2);
  });

  test("--version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(await sulcus(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    expect(await sulcus(["-V"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});
