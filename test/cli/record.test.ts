import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { givenManipulations } from "../../src/cli/commands/manipulation-options.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { InterruptedError, requestedBy } from "../../src/training/interrupted.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

const at = temporaryFolder();

async function asked(...argv: string[]): Promise<unknown> {
  const backend = new FakeBackend();
  const { code, err } = await sulcus(["record", ...argv], backend);
  expect([code, err]).toEqual([0, ""]);
  expect(backend.recordings.length).toBe(1);
  return backend.recordings[0];
}

describe("sulcus record", () => {
  test("asks for the rates of all populations unless it is told more", async () => {
    expect(await asked("src")).toEqual({
      subject: { folder: "src" },
      options: { probes: {} },
      place: { path: "src/recording.npz", format: "npz" },
    });
  });

  test("hands on what, when, which trials, and what is done to the circuit", async () => {
    const words = [
      ["src", "--of", "v1,v1->v2", "--what", "rates,weights", "--steps", "0..2,5", "--every", "2"],
      ["--trials", "0,3..5", "--set", "training", "--seed", "7", "--at", "120", "--untrained", "--intact"],
      ["--lesion", "v1:0.2", "--lesion", "v1->v2", "--clamp", "v2[0,2..3]=-0.5@1..2", "--drive", "v2=3e-1@2.."],
      ["--out", "b", "--format", "npy"],
    ];
    expect(await asked(...words.flat())).toEqual({
      subject: { folder: "src" },
      options: {
        probes: { of: ["v1", "v1->v2"], what: ["rates", "weights"], steps: [0, 1, 2, 5], every: 2 },
        trials: [0, 3, 4, 5],
        set: "training",
        seed: 7,
        at: 120,
        untrained: true,
        intact: true,
        manipulations: [
          { kind: "lesion", of: "v1", share: 0.2 },
          { kind: "lesion", of: "v1->v2" },
          { kind: "clamp", of: "v2", rate: -0.5, units: [0, 2, 3], steps: [1, 2] },
          { kind: "drive", of: "v2", amount: 0.3, steps: { from: 2 } },
        ],
      },
      place: { path: "b", format: "npy" },
    });
  });

  test("a number of trials is how many, a list is which", async () => {
    expect(await asked("src", "--trials", "200", "--steps", "last")).toMatchObject({
      options: { trials: 200, probes: { steps: "last" } },
    });
  });

  test("records a circuit that a file describes", async () => {
    await writeFile(at("mine.yaml"), "circuit: { name: mine }\ntask: digits\n");
    expect(await asked("--config", at("mine.yaml"))).toEqual({
      subject: { file: at("mine.yaml"), description: { circuit: { name: "mine" }, task: "digits" } },
      options: { probes: {} },
      place: { path: "recording.npz", format: "npz" },
    });
  });

  test("tells where the recording lies", async () => {
    expect(await sulcus(["record", "src"])).toEqual({ code: 0, out: "a.npz\na.json\n", err: "" });
    const { out } = await sulcus(["record", "src", "--json"]);
    expect(JSON.parse(out)).toEqual({ path: "a.npz", record: "a.json", trials: 2, bytes: 64 });
  });

  test("says that nothing was left behind where it is stopped", async () => {
    const backend = new FakeBackend();
    backend.during = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new InterruptedError({ by: requestedBy(signal) })));
        setImmediate(() => process.emit("SIGTERM"));
      });
    expect(await sulcus(["record", "src"], backend)).toEqual({
      code: 143,
      out: "",
      err: "interrupted by SIGTERM; nothing of the recording was left behind\n",
    });
  });

  test.each([
    [[], "sulcus record takes the folder of a run, or a description of one by --config"],
    [["src", "--config", "a.yaml"], "--config: a run is recorded already; leave it out, or leave out the folder"],
    [["nowhere"], 'record: "nowhere" does not exist, expected the folder of a run'],
    [
      ["src", "--what", "rate"],
      '--what "rate" is not known (did you mean "rates"?); known: rates, drive, error, weights, biases',
    ],
    [["src", "--set", "tests"], '--set "tests" is not known (did you mean "test"?); known: test, validation, training'],
    [["src", "--format", "csv"], '--format "csv" is not known; known: npz, npy'],
    [["src", "--trials", "5..1"], '--trials: got "5..1", expected whole numbers from 0 on, such as 0,2,5 or 0..4'],
    [["src", "--every", "0"], '--every: got "0", expected a whole number of at least 1'],
    [["src", "--lesion", "--of"], '--lesion <part>: got the option "--of" as its value'],
    [["src", "--lesion", "v1=0"], '--lesion: got "v1=0", expected a part of the circuit, as in v1:0.2 or v1[0,3]@2..4'],
    [["src", "--clamp", "v1"], '--clamp: got "v1", expected a part of the circuit, as in v1=0.5 or v1[0,3]=1@2..4'],
    [["src", "--drive", "v1=x"], '--drive: got "v1=x", expected a part of the circuit, as in v1=0.3 or v1[0,3]=1@2..4'],
    [
      ["src", "--lesion", "v1[0;3]"],
      '--lesion, units: got "0;3", expected whole numbers from 0 on, such as 0,2,5 or 0..4',
    ],
  ])("%j", async (argv, complaint) => {
    expect(await sulcus(["record", ...argv])).toEqual({ code: 2, out: "", err: `sulcus: ${complaint}\n` });
  });
});

describe("manipulations as options", () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,5}$/);
  const list = fc.array(fc.nat(99), { minLength: 1, maxLength: 4 });

  test("are read as they are written", () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom("lesion" as const, "clamp" as const, "drive" as const),
          of: fc.oneof(
            name,
            fc.tuple(name, name).map(([pre, post]) => `${pre}->${post}`),
          ),
          which: fc.oneof(
            fc.constant({}),
            fc.record({ share: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
            fc.record({ units: list }),
          ),
          steps: fc.option(list, { nil: undefined }),
          value: fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((value) => value + 0),
        }),
        ({ kind, of, which, steps, value }) => {
          const { share, units } = which as { share?: number; units?: number[] };
          const chosen = share === undefined ? (units === undefined ? "" : `[${units}]`) : `:${share}`;
          const amount = kind === "lesion" ? "" : `=${value}`;
          const text = `${of}${chosen}${amount}${steps === undefined ? "" : `@${steps}`}`;
          const field = { lesion: {}, clamp: { rate: value }, drive: { amount: value } }[kind];
          expect(givenManipulations({ [kind]: [text] })).toEqual([
            { kind, of, ...which, ...field, ...(steps === undefined ? {} : { steps }) },
          ]);
        },
      ),
    );
  });

  test("are settings of a run", async () => {
    const backend = new FakeBackend();
    expect(
      (await sulcus(["run", "gevb", "--lesion", "v1", "--clamp", "v2=1", "--freeze", "v1->v2"], backend)).err,
    ).toBe("");
    expect(backend.requests[0]!.options).toEqual({
      manipulations: [
        { kind: "lesion", of: "v1" },
        { kind: "clamp", of: "v2", rate: 1 },
        { kind: "freeze", of: "v1->v2" },
      ],
    });
  });

  test("are settings of all runs of a sweep", async () => {
    const backend = new FakeBackend();
    expect((await sulcus(["sweep", "gevb", "--rate", "1e-3,1e-2", "--lesion", "v1:0.5"], backend)).err).toBe("");
    expect(backend.requests[0]).toMatchObject({
      sweep: { rate: [1e-3, 1e-2] },
      options: { manipulations: [{ kind: "lesion", of: "v1", share: 0.5 }] },
    });
  });

  test("go over those that a file of a run has", async () => {
    const circuit = {
      name: "mine",
      inputs: [{ name: "image", units: 4 }],
      populations: [{ name: "v1", units: 2 }],
      projections: [{ pre: "image", post: "v1" }],
      readouts: ["v1"],
    };
    const run = { circuit, task: "digits", rule: "bp", optimiser: { kind: "sgd", rate: 0.1 } };
    await writeFile(at("run.yaml"), JSON.stringify({ ...run, manipulations: [{ kind: "lesion", of: "v1" }] }));
    const backend = new FakeBackend();
    expect((await sulcus(["run", at("run.yaml"), "--drive", "v2=1@3.."], backend)).err).toBe("");
    expect(backend.requests[0]!.options!.manipulations).toEqual([
      { kind: "drive", of: "v2", amount: 1, steps: { from: 3 } },
    ]);
  });

  test("are refused where they cannot be read", () => {
    expect(() => givenManipulations({ lesion: ["v1->v2->v3"] })).toThrow(UsageError);
  });
});
