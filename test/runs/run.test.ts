import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resume, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { onOff } from "../../src/circuits/initialisers/on-off.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import { gated } from "../../src/neurons/gains/gated.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import { readNpz } from "../../src/runs/record/npz.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import { silent } from "../../src/training/silent.ts";
import { fullDisk } from "../full-disk.ts";
import { skippedWithoutFullDisk } from "../skipping.ts";
import { fewDigits, scratchFolder } from "../small-runs.ts";

const net = circuit("small-vector", (c) => {
  const pixels = c.input("pixels", { units: 784 });
  const v1 = c.population("v1", { units: 8, dimension: 10, gain: gated() });
  const report = c.population("report", { units: 1, dimension: 10 });
  c.project(pixels, v1, { topology: dense(), sign: "mixed", initial: onOff() });
  c.project(v1, report, { topology: dense(), sign: "excitatory", initial: onOff() });
});
const description = {
  circuit: net,
  task: digits({ data: fewDigits, limit: 200, testLimit: 50 }),
  rule: gevb(),
  optimiser: adam({ rate: 0.002 }),
  batch: 32,
  seed: 3,
  device: "cpu",
};
/** Without a report, which takes longer to draw than the run. */
const quiet = { onEvent: silent, report: false };

describe("the front door", () => {
  test("trains a described circuit and leaves everything that the record promises", async () => {
    const out = join(await scratchFolder(), "run");
    const { folder, summary, evaluations } = await run(description, { out, onEvent: silent });
    expect(folder).toBe(out);
    expect(evaluations.at(-1)).toMatchObject({ step: 7, epoch: 1, set: "test", count: 50 });
    expect(summary.testError).toBe(evaluations.at(-1)!.error);
    for (const file of ["config.yaml", "metrics.jsonl", "checkpoint.npz", "summary.json", "report.html"])
      expect(existsSync(join(out, file)), file).toBe(true);
    const { "v1->report/weight": weights } = await readNpz(join(out, "checkpoint.npz"));
    expect(weights!.shape).toEqual([1, 8]);
    expect(Math.min(...weights!.data)).toBeGreaterThanOrEqual(0);
  });

  test("the same seed leaves the same bits, another seed others", async () => {
    const folder = await scratchFolder();
    const bytes = async (name: string, seed: number) => {
      await run({ ...description, seed }, { out: join(folder, name), ...quiet });
      return readFile(join(folder, name, "checkpoint.npz"));
    };
    const first = await bytes("first", 3);
    expect(await bytes("again", 3)).toEqual(first);
    expect(existsSync(join(folder, "again", "report.html"))).toBe(false);
    expect(await bytes("other", 4)).not.toEqual(first);
  });

  test("validation stimuli are used during training, test stimuli at the end", async () => {
    const out = join(await scratchFolder(), "run");
    const task = digits({ data: fewDigits, limit: 100, validation: 40, testLimit: 50 });
    const { evaluations } = await run({ ...description, task, epochs: 2, evaluationStimuli: 30 }, { out, ...quiet });
    expect(evaluations.map(({ set: used, count }) => [used, count])).toEqual([
      ["validation", 30],
      ["test", 50],
    ]);
  });
});

describe("what is wrong is said before work starts, and nothing is lost", () => {
  test("a rule that does not fit the circuit", async () => {
    const out = join(await scratchFolder(), "run");
    const scalar = circuit("scalar", (c) => {
      const pixels = c.input("pixels", { units: 784 });
      const report = c.population("report", { units: 10 });
      c.project(pixels, report);
    });
    await expect(run({ ...description, circuit: scalar }, { out, onEvent: silent })).rejects.toThrow(
      'rule "gevb" cannot train circuit "scalar": the error vector needs a readout of one vector unit, "report" has 10 of dimension 1',
    );
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    [{ bach: 32 }, 'run: unknown setting "bach" (did you mean "batch"?); known: epochs, '],
    [{ batch: 0 }, "run: batch: got 0, expected a whole number from 1 to 1,000,000"],
    [
      { circuit: { ...net, readouts: ["3"] } },
      'run: circuit.readouts.0: got "3", expected a name that starts with a letter and goes on with letters, digits, - or _',
    ],
    [{ optimiser: { kind: "sgd", rate: 0 } }, 'optimiser "sgd": rate: got 0, expected a finite number above 0'],
    [
      { optimiser: { kind: "adam", rate: 1, beta1: 1 } },
      'optimiser "adam": beta1: got 1, expected a number from 0 to below 1',
    ],
    [{ rule: { kind: "bp", amplitude: 1 } }, 'rule "bp": unknown setting "amplitude"; there are none to give'],
  ])("a setting that is unknown or out of range: %j", async (change, text) => {
    const wrong = run({ ...description, ...change } as typeof description);
    await expect(wrong).rejects.toThrow(DescriptionError);
    await expect(wrong).rejects.toThrow(text);
  });

  test("a circuit whose input does not take the task's stimuli", async () => {
    const out = join(await scratchFolder(), "run");
    const other = { ...net, inputs: [{ name: "pixels", units: 100 }] };
    await expect(run({ ...description, circuit: other }, { out, onEvent: silent })).rejects.toThrow(
      'circuit "small-vector": input "pixels" has 100 units, task "digits" shows 784 pixels; give it 784 units',
    );
    expect(existsSync(out)).toBe(false);
  });

  test("a circuit with another number of inputs than the task has streams, or of reports than it has targets", async () => {
    const out = join(await scratchFolder(), "run");
    const twoEyed = { ...net, inputs: [...net.inputs, { name: "other", units: 784 }] };
    await expect(run({ ...description, circuit: twoEyed }, { out, onEvent: silent })).rejects.toThrow(
      'circuit "small-vector" has 2 inputs, task "digits" shows 1 streams of stimuli: image; give it an input for each',
    );
    const twoReadouts = circuit("two", (c) => {
      const pixels = c.input("pixels", { units: 784 });
      for (const name of ["left", "right"]) {
        const report = c.population(name, { units: 10 });
        c.project(pixels, report);
        c.readout(report);
      }
      c.decision({ module: "each" });
    });
    await expect(run({ ...description, rule: bp(), circuit: twoReadouts }, { out, onEvent: silent })).rejects.toThrow(
      'circuit "two": its decision reports 2 targets over 1 time steps, task "digits" asks for 1; choose another decision than module "each"',
    );
    expect(existsSync(out)).toBe(false);
  });

  test("a circuit whose input is a map of another form than the task's images", async () => {
    const out = join(await scratchFolder(), "run");
    for (const [height, width, channels] of [
      [28, 14, 2],
      [14, 28, 2],
      [14, 56, 1],
    ] as const) {
      const other = { ...net, inputs: [{ name: "pixels", map: { height, width, channels } }] };
      await expect(run({ ...description, circuit: other }, { out, onEvent: silent })).rejects.toThrow(
        `circuit "small-vector": input "pixels" is a map of ${height} x ${width} x ${channels}, task "digits" shows images of 28 x 28 x 1; give it the same height, width and channels`,
      );
    }
    expect(existsSync(out)).toBe(false);
  });

  test("a readout that does not take the task's classes", async () => {
    const other = circuit("seven", (c) => {
      const pixels = c.input("pixels", { units: 784 });
      c.project(pixels, c.population("report", { units: 1, dimension: 7 }));
    });
    await expect(run({ ...description, circuit: other })).rejects.toThrow(
      'circuit "seven": readout "report" tells 7 classes apart, task "digits" has 10',
    );
  });

  test("a learning rate that blows up ends the run with the step and what to try", async () => {
    const out = join(await scratchFolder(), "run");
    const hot = { ...description, optimiser: { kind: "sgd" as const, rate: 1e30 } };
    await expect(run(hot, { out, onEvent: silent })).rejects.toThrow(
      /run "gevb" diverged: the loss is (NaN|Infinity) at step \d+; try a learning rate below 1e\+30/,
    );
  });

  test("a checkpoint of another circuit is refused and left as it is", async () => {
    const folder = await scratchFolder();
    const [small, large] = [join(folder, "small"), join(folder, "large")];
    await run(description, { out: small, ...quiet });
    const wider = { ...net, populations: net.populations.map((p) => (p.name === "v1" ? { ...p, units: 12 } : p)) };
    await run({ ...description, circuit: wider }, { out: large, ...quiet });
    const foreign = await readFile(join(large, "checkpoint.npz"));
    await writeFile(join(small, "checkpoint.npz"), foreign);
    await expect(resume(small)).rejects.toThrow(/v1->report\/weight is \[1, 8\] here, \[1, 12\] in the checkpoint/);
    expect(await readFile(join(small, "checkpoint.npz"))).toEqual(foreign);
  });

  test.skipIf(skippedWithoutFullDisk())("a full disk costs no earlier checkpoint, and the run goes on", async () => {
    const out = join(await scratchFolder(), "run");
    const whole = join(await scratchFolder(), "run");
    await run(description, { out: whole, ...quiet });
    const disk = await fullDisk();
    const filled = run(
      { ...description, checkpointSeconds: 0 },
      {
        out,
        // Once a first checkpoint is there, the disk is full.
        onEvent: (event) => {
          if (event.type === "progress" && event.step === 3) disk.fill();
        },
      },
    );
    await expect(filled).rejects.toThrow(/checkpoint\.npz.*(full|space)/);
    disk.empty();
    await resume(out, quiet);
    expect(await readFile(join(out, "checkpoint.npz"))).toEqual(await readFile(join(whole, "checkpoint.npz")));
  });
});
