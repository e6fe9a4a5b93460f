import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { main } from "../../src/cli/program.ts";
import { DataError, ShapeError, UsageError } from "../../src/compute/errors.ts";
import { InterruptedError } from "../../src/experiments/interrupted.ts";
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
    [new ShapeError("[2, 3] and [4, 5]\ndo not fit"), 1, "sulcus: [2, 3] and [4, 5] do not fit\n"],
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
  function saving(folder: string): FakeBackend {
    const backend = new FakeBackend();
    backend.during = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new InterruptedError(folder)));
        setImmediate(() => process.emit("SIGINT"));
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
      `interrupted, resume with: sulcus run ${experiment} --resume ${quoted}`,
      "",
    ]);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  test("with --json says nothing but how to go on", async () => {
    const { err } = await sulcus(["run", "gevb", "--json"], saving("runs/a"));
    expect(err).toBe("interrupted, resume with: sulcus run gevb --resume runs/a\n");
  });

  test("has no listener left when the signal comes again, so that the second one kills", async () => {
    const before = process.listenerCount("SIGINT");
    let [during, after] = [0, 0];
    const backend = new FakeBackend();
    backend.during = () => {
      during = process.listenerCount("SIGINT");
      process.emit("SIGINT");
      after = process.listenerCount("SIGINT");
    };
    expect((await sulcus(["run", "gevb"], backend)).code).toBe(0);
    expect([during, after]).toEqual([before + 1, before]);
  });

  test("is also one whose reader of stdout has gone", async () => {
    const stdout = new PassThrough();
    const backend = new FakeBackend();
    backend.during = ({ signal }) => {
      stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
      if (signal.aborted) throw new InterruptedError("runs/a");
    };
    expect(await main(["run", "gevb", "--json"], { stdout, stderr: new PassThrough(), isTTY: false }, backend)).toBe(
      130,
    );
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
    ["sweep", "--resume", "src", "--workers", "3"],
    ["sweep", "gevb", "--resume", "src", "--workers", "3"],
    ["run", "gevb", "--resume", "src", "--workers", "3"],
  ])("go on by %s %s %s", async (...words) => {
    const backend = new FakeBackend();
    await sulcus(words, backend);
    expect(backend.requests).toEqual([{ experiment: "gevb", resumed: "src", workers: 3 }]);
  });

  test("that are interrupted tell how they go on with as many workers", async () => {
    const words = ["sweep", "gevb", "--rate", "1,2", "--workers", "2"];
    const { code, err } = await sulcus(words, failing(new InterruptedError("runs/a")));
    expect([code, err]).toEqual([130, "interrupted, resume with: sulcus run gevb --resume runs/a --workers 2\n"]);
  });
});

describe("the other commands", () => {
  test("list", async () => {
    const { out } = await sulcus(["list"]);
    expect(out).toBe(
      "rules\n  gevb    global error-vector broadcasting\n  bp      back-propagation\n\ntasks\n  digits  MNIST\n",
    );
    expect(JSON.parse((await sulcus(["list", "--json"])).out)).toEqual(await new FakeBackend().listing());
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

  test("--version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(await sulcus(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    expect(await sulcus(["-V"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});
