import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { observeRun, recordRun, resume, run } from "../../../src/built-in-runs.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import { onOff } from "../../../src/circuits/initialisers/on-off.ts";
import { addDrive, lesion } from "../../../src/circuits/manipulations/description.ts";
import { UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { adam } from "../../../src/plasticity/optimisers/adam.ts";
import { gevb } from "../../../src/plasticity/rules/gevb.ts";
import { RecordingRecord } from "../../../src/records/recording-record.ts";
import { readNpz } from "../../../src/runs/record/npz.ts";
import { recordRun as recordSubject } from "../../../src/runs/recording/record-run.ts";
import { digits } from "../../../src/tasks/images/digits-task.ts";
import type { RunEvent } from "../../../src/training/events.ts";
import { InterruptedError } from "../../../src/training/interrupted.ts";
import { silent } from "../../../src/training/silent.ts";
import { fewDigits } from "../../small-runs.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();

const description = {
  circuit: circuit("small", (c) => {
    const pixels = c.input("pixels", { units: 784 });
    const v1 = c.population("v1", { units: 6, dimension: 10 });
    const report = c.population("report", { units: 1, dimension: 10 });
    c.project(pixels, v1, { initial: onOff() });
    c.project(v1, report, { sign: "excitatory", initial: onOff() });
  }),
  task: digits({ data: fewDigits, limit: 96, testLimit: 50 }),
  rule: gevb(),
  optimiser: adam({ rate: 0.002 }),
  batch: 32,
  seed: 3,
  device: "cpu",
};

beforeAll(async () => {
  await run(description, { out: at("run"), onEvent: silent, report: false });
});

const json = async (path: string) => RecordingRecord.strict().parse(JSON.parse(await readFile(path, "utf8")));
const probes = [
  { of: "v1" },
  { of: "v1", what: "error" as const, units: [4, 1] },
  { of: "report", what: "drive" as const },
  { of: "v1->report", what: "weights" as const },
];

describe("a recording of a run", () => {
  it("lies in arrays that a record beside them describes, the same as in memory", async () => {
    const { arrays, factors } = await observeRun(at("run"), { probes, trials: 40 });
    const written = await recordRun(at("run"), at("a.npz"), { probes, trials: 40 });
    const record = await json(written.record);
    expect(written).toEqual({ path: at("a.npz"), record: at("a.json"), trials: 40, bytes: expect.any(Number) });
    const found = await readNpz(written.path);
    expect(Object.keys(found).sort()).toEqual(
      ["label", "report/drive", "trial", "v1->report/weight", "v1/error", "v1/rates"].sort(),
    );
    for (const [name, { data, shape, axes }] of Object.entries(arrays)) {
      expect(found[name]).toEqual({ shape, data });
      expect(record.arrays[name]).toMatchObject({ shape, axes, type: "float32" });
    }
    expect(written.bytes).toBe(4 * Object.values(found).reduce((sum, { data }) => sum + data.length, 0));
    expect([...found.label!.data]).toEqual([...factors.label!.data]);
    expect([...found.trial!.data]).toEqual(Array.from({ length: 40 }, (_, index) => Math.floor((index * 50) / 40)));
    expect(record).toMatchObject({
      circuit: "small",
      label: "gevb",
      trained: true,
      set: "test",
      trials: 40,
      manipulations: [],
      arrays: {
        "v1/rates": { axes: ["trial", "step", "component", "unit"], of: "v1", what: "rates", unit: "1", steps: [0] },
        "v1/error": { shape: [40, 1, 10, 2], units: [4, 1], unit: "nats" },
        "v1->report/weight": { axes: ["post", "pre"], shape: [1, 6] },
      },
      factors: {
        trial: { shape: [40], type: "uint32", axes: ["trial"] },
        label: { shape: [40], type: "uint32", axes: ["trial"] },
      },
    });
  });

  it("holds the weights that training left, or those that the run began with", async () => {
    const weight = async (options: object) =>
      (await observeRun(at("run"), { probes: [{ of: "v1->report", what: "weights" }], trials: 1, ...options })).arrays[
        "v1->report/weight"
      ]!.data;
    const { "v1->report/weight": trained } = await readNpz(join(at("run"), "checkpoint.npz"));
    expect(await weight({})).toEqual(trained!.data);
    const untrained = await weight({ untrained: true });
    expect(untrained).not.toEqual(trained!.data);
    await run({ ...description, epochs: 0 }, { out: at("start"), onEvent: silent, report: false });
    expect(untrained).toEqual((await readNpz(at("start", "checkpoint.npz")))["v1->report/weight"]!.data);
  });

  it("can be of a moment of training, at which a snapshot was kept", async () => {
    const settings = { ...description, evaluations: 3, epochs: 2, snapshots: 2 };
    await run(settings, { out: at("watched"), onEvent: silent, report: false });
    // Of the evaluations after steps 1 to 6 every second one.
    expect((await readdir(at("watched", "snapshots"))).sort()).toEqual(["2.npz", "4.npz", "6.npz"]);
    const stop = new AbortController();
    const stopping = (event: RunEvent) => {
      if (event.type === "progress" && event.step === 3) stop.abort();
    };
    const parts = { out: at("parts"), onEvent: stopping, report: false, signal: stop.signal };
    await expect(run(settings, parts)).rejects.toThrow(InterruptedError);
    await resume(at("parts"), { onEvent: silent, report: false });
    for (const step of [2, 4, 6])
      expect(await readFile(at("parts", "snapshots", `${step}.npz`))).toEqual(
        await readFile(at("watched", "snapshots", `${step}.npz`)),
      );
    const weight = async (options: object) =>
      (await observeRun(at("watched"), { probes: [{ of: "v1->report", what: "weights" }], trials: 1, ...options }))
        .arrays["v1->report/weight"]!.data;
    expect(await weight({ at: 6 })).toEqual(await weight({}));
    expect(await weight({ at: 4 })).not.toEqual(await weight({}));
    await recordRun(at("watched"), at("moment.npz"), { trials: 1, at: 2 });
    expect((await json(at("moment.json"))).at).toBe(2);
    await expect(weight({ at: 3 })).rejects.toThrow(
      new UsageError(`${at("watched")} has no snapshot of step 3; it has those of 2, 4, 6`),
    );
    await expect(observeRun(at("run"), { at: 3 })).rejects.toThrow(
      new UsageError(`${at("run")} has no snapshot of step 3; a run with the setting snapshots leaves some`),
    );
    await expect(weight({ at: 2, untrained: true })).rejects.toThrow(
      new UsageError("a snapshot is of a run that is trained; leave at or untrained out"),
    );
  });

  it("leaves the same bytes again, also of .npy files that lie in a folder", async () => {
    for (const format of ["npz", "npy"] as const) {
      const places = [at(`first.${format}`), at(`second.${format}`)];
      for (const place of places) await recordRun(at("run"), place, { probes, trials: [3, 1, 4], format });
      const [first, second] = await Promise.all(
        places.map(async (place) => {
          const files = format === "npy" ? (await readdir(place)).map((file) => join(place, file)) : [place];
          return Promise.all(files.sort().map((file) => readFile(file)));
        }),
      );
      expect(first).toEqual(second);
    }
    const { arrays, factors } = await json(at("first.npy", "recording.json"));
    const files = [...Object.values(arrays), ...Object.values(factors)].map(({ file }) => file!);
    expect((await readdir(at("first.npy"))).sort()).toEqual([...files, "recording.json"].sort());
    expect(arrays["v1->report/weight"]!.file).toBe("v1-to-report.weight.npy");
  });

  it("of a run that was manipulated is so too, unless its circuit is asked for intact", async () => {
    const manipulations = [lesion("v1", { share: 0.5 })];
    await run({ ...description, manipulations }, { out: at("lesioned"), onEvent: silent, report: false });
    const silentUnits = async (options: object) => {
      const { data, shape } = (await observeRun(at("lesioned"), options)).arrays["v1/rates"]!;
      expect(shape).toEqual([50, 1, 10, 6]);
      return Array.from({ length: 6 }, (_, unit) => unit).filter((unit) =>
        data.every((rate, index) => index % 6 !== unit || rate === 0),
      );
    };
    const lesioned = await silentUnits({});
    expect(lesioned.length).toBe(3);
    expect(await silentUnits({ intact: true })).toEqual([]);
    const others = [0, 1, 2, 3, 4, 5].filter((unit) => !lesioned.includes(unit));
    expect(await silentUnits({ manipulations: [lesion("v1", { units: others })] })).toEqual([0, 1, 2, 3, 4, 5]);
    await recordRun(at("lesioned"), at("more.npz"), { trials: 1, manipulations: [addDrive("v1", 0.5)] });
    expect((await json(at("more.json"))).manipulations).toEqual([...manipulations, addDrive("v1", 0.5)]);
    // The weights of lesioned units are as they were drawn.
    const { arrays } = await observeRun(at("lesioned"), { trials: 1, probes: [{ of: "pixels->v1", what: "weights" }] });
    const start = await observeRun(at("lesioned"), {
      trials: 1,
      untrained: true,
      probes: [{ of: "pixels->v1", what: "weights" }],
    });
    const rowsOf = ({ arrays: found }: typeof start) =>
      [0, 1, 2, 3, 4, 5].map((unit) =>
        found["pixels->v1/weight"]!.data.filter((_, index) => Math.floor(index / 784) % 6 === unit),
      );
    for (const [unit, row] of rowsOf({ arrays } as typeof start).entries())
      if (lesioned.includes(unit)) expect(row).toEqual(rowsOf(start)[unit]);
      else expect(row).not.toEqual(rowsOf(start)[unit]);
  });

  it("can be of a circuit that a file describes and nobody has trained", async () => {
    const subject = { file: "mine.yaml", description: { ...description, seed: 5 } };
    await recordSubject(subject, { trials: 2 }, { path: at("mine.npz") }, builtIn);
    expect(await json(at("mine.json"))).toMatchObject({ circuit: "small", trained: false, seed: 5 });
    await expect(recordSubject(subject, { untrained: false }, { path: at("other.npz") }, builtIn)).rejects.toThrow(
      new UsageError("mine.yaml describes a circuit that is not trained; record it untrained, or a run folder"),
    );
  });

  it("leaves nothing where it is stopped", async () => {
    for (const [format, place] of [
      ["npz", at("stopped", "inside", "a.npz")],
      ["npy", at("stopped", "b")],
    ] as const) {
      const stop = new AbortController();
      stop.abort();
      await expect(recordRun(at("run"), place, { probes, format, signal: stop.signal })).rejects.toThrow(
        InterruptedError,
      );
      expect(existsSync(at("stopped"))).toBe(false);
    }
  });

  it("goes nowhere where something lies, or under a name that is none of a .npz file", async () => {
    await recordRun(at("run"), at("taken.npz"), { trials: 1 });
    await expect(recordRun(at("run"), at("taken.npz"), { trials: 1 })).rejects.toThrow(
      new UsageError(`${at("taken.npz")} is there already; give the recording another place, or remove it`),
    );
    await expect(recordRun(at("run"), at("taken.txt"), { trials: 1 })).rejects.toThrow(
      `the recording ${at("taken.txt")} has no name of a .npz file; let it end in .npz, or choose format npy, which makes a folder`,
    );
  });

  it("is refused where there is no trained circuit, or no such set", async () => {
    await expect(observeRun(at("nowhere"))).rejects.toThrow("does not exist");
    await expect(observeRun(at("run"), { set: "validation" })).rejects.toThrow(
      new UsageError('task "digits" has no validation trials to record; it has those of the set test, training'),
    );
  });

  const python = (script: string, ...args: string[]) =>
    execFileSync("python3", ["-c", script, ...args], { stdio: "pipe" }).toString();
  const hasNumpy = (() => {
    try {
      return python("import numpy").length === 0;
    } catch {
      return false;
    }
  })();

  it.skipIf(!hasNumpy)("is opened by NumPy", async () => {
    await recordRun(at("run"), at("numpy.npz"), { probes, trials: 7 });
    await recordRun(at("run"), at("numpy"), { probes, trials: 7, format: "npy" });
    const { arrays } = await observeRun(at("run"), { probes, trials: 7 });
    const told = python(
      `
import json, sys, numpy
packed, folder = numpy.load(sys.argv[1]), sys.argv[2]
record = json.load(open(folder + "/recording.json"))
for name, about in {**record["arrays"], **record["factors"]}.items():
    mapped = numpy.load(folder + "/" + about["file"], mmap_mode="r")
    assert mapped.shape == tuple(about["shape"]) and mapped.dtype == about["type"]
    assert numpy.array_equal(mapped, packed[name])
print(float(packed["v1/rates"].astype("float64").sum()))`,
      at("numpy.npz"),
      at("numpy"),
    );
    expect(Number(told)).toBeCloseTo(
      arrays["v1/rates"]!.data.reduce((sum, rate) => sum + rate, 0),
      6,
    );
  });
});
