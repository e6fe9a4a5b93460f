import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { specialization } from "../../../../src/analysis/specialization.ts";
import type { DecisionDescription } from "../../../../src/circuits/description.ts";
import type {
  ModuleByDigit,
  ModuleStateRecord,
  SpecializationRecord,
} from "../../../../src/papers/modules/specialization-record.ts";
import { measureHandMade } from "./hand-made-modules.ts";

/** Each metric of function, [module][digit]; the mask is the one that keeps a share. */
const metricsOf = ({ states: [state], masks }: SpecializationRecord, keep: number) => ({
  bottleneck: state!.bottleneck!,
  correlation: state!.correlation!,
  mask: masks.find((mask) => mask.keep === keep)!.shares,
});
const meanSpecialization = (metric: ModuleByDigit) =>
  specialization({ shape: [metric.length, metric[0]!.length], data: Float64Array.from(metric.flat() as number[]) })
    .mean;
/** The weights that one module needs to tell the values of a digit apart, and those that two need, of all. */
const [ofOne, ofTwo] = [0.0125, 0.025];

describe("the measures of specialization", () => {
  test("give 1 for two modules of which each holds its own digit", async () => {
    const { record } = await measureHandMade([[0], [1]]);
    const { mask, ...others } = metricsOf(record, ofOne);
    for (const [name, metric] of Object.entries(others)) expect([name, meanSpecialization(metric)]).toEqual([name, 1]);
    expect(meanSpecialization(mask)).toBeGreaterThan(0.85);
    expect(record.structure.modularity).toBeCloseTo(0.5, 12);
    expect(record.structure.connections).toEqual([
      [400, 0],
      [0, 400],
    ]);
    // A silenced module reports the first of 10 values.
    expect(record.ablation.whole).toBe(1);
    expect(record.ablation.cut).toBe(1);
    for (const accuracy of record.ablation.silenced) expect(accuracy).toBeCloseTo(0.55, 12);
    const [state] = record.states;
    expect(state!.similarity[0]![1]).toBeCloseTo(0, 12);
    for (const dimensions of state!.dimensions) expect(dimensions).toBeCloseTo(9, 6);
    for (const score of state!.bottleneckControl!) expect(score).toBeGreaterThan(0.7);
  });

  test("give -1 for two of which each holds the other's digit", async () => {
    const { record } = await measureHandMade([[1], [0]]);
    const { correlation, bottleneck, mask } = metricsOf(record, ofOne);
    expect(meanSpecialization(bottleneck)).toBe(-1);
    expect(meanSpecialization(mask)).toBeLessThan(-0.85);
    expect(meanSpecialization(correlation)).toBeLessThan(-0.95);
  });

  test("give 0 for two that hold the same", async () => {
    const { record } = await measureHandMade([
      [0, 1],
      [0, 1],
    ]);
    const { mask, bottleneck, correlation } = metricsOf(record, ofTwo);
    expect(Math.abs(meanSpecialization(mask))).toBeLessThan(0.15);
    expect(Math.abs(meanSpecialization(bottleneck))).toBeLessThan(0.1);
    expect(Math.abs(meanSpecialization(correlation))).toBeLessThan(0.05);
    expect(record.states[0]!.similarity[0]![1]).toBeCloseTo(1, 6);
    // Kept weights suffice to report either digit.
    expect(record.masks.find(({ keep }) => keep === ofTwo)!.accuracy).toEqual([1, 1]);
  });

  test("count recurrent weights alone, and leave all connections between modules whole", async () => {
    const part = 0.3;
    const settings = { metrics: ["mask"], keep: [1, part], trials: 100 };
    const { record } = await measureHandMade([[0], [1]], settings, 1);
    const [all, few] = record.masks;
    // Where every recurrent weight is kept, each module has half of them.
    expect(all!.shares).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    const kept = part * 2 * 20 ** 2;
    for (const count of few!.shares.flat().map((share) => share! * kept))
      expect(count).toBeCloseTo(Math.round(count), 9);
    expect(new Set(few!.shares.flat())).not.toContain(1);
  });

  test("ask readouts that report several targets for the digit of which one is surest", async () => {
    // Each module knows its own digit alone: readouts that are both asked for the same are right in little more than half.
    const { record } = await measureHandMade([[0], [1]], { metrics: ["mask"] });
    for (const { accuracy } of record.masks) for (const share of accuracy) expect(share).toBeGreaterThan(0.8);
  });

  test("change places with modules and digits", async () => {
    const settings = { metrics: ["bottleneck", "correlation"] };
    const one = await measureHandMade([[0], [0, 1]], settings);
    const other = await measureHandMade([[0, 1], [1]], settings);
    // Not the mask: which of two modules reports a digit that both hold is chance.
    const functionOf = ({ states: [state] }: SpecializationRecord) => ({
      bottleneck: state!.bottleneck!,
      correlation: state!.correlation!,
    });
    const mirror = functionOf(other.record);
    const metrics = functionOf(one.record);
    for (const [name, metric] of Object.entries(metrics))
      for (const [module, row] of metric.entries())
        for (const [digit, value] of row.entries()) {
          const mirrored = mirror[name as keyof typeof mirror][1 - module]![1 - digit]!;
          // A mask keeps 20 weights, each a twentieth of its share.
          expect(Math.abs(value! - mirrored), `${name} ${module} ${digit}`).toBeLessThan(0.25);
        }
    expect(one.record.ablation.silenced).toEqual([...other.record.ablation.silenced].reverse());
  });

  test("leave the network as it was, and the same file twice", async () => {
    const settings = { trials: 300, readoutEpochs: 1, steps: "all" };
    const measure = () => measureHandMade([[0], [1]], settings, { connections: 30 });
    const [first, second] = [await measure(), await measure()];
    expect(first.after).toEqual(first.before);
    const bytes = (folder: string) => readFile(join(folder, "specialization.json"), "utf8");
    expect(await bytes(second.folder)).toBe(await bytes(first.folder));
    expect(first.record.states.map(({ step }) => step)).toEqual([0, 1, 2]);
  });

  test("of a silent module are null where they are not defined, with a note, and nowhere NaN", async () => {
    const { record, folder } = await measureHandMade([[0, 1], []], { keep: [0.0125], trials: 200, readoutEpochs: 1 });
    const [{ correlation, dimensions, similarity, bottleneck }] = record.states as [ModuleStateRecord];
    expect(correlation![1]).toEqual([null, null]);
    expect(correlation![0]!.every(Number.isFinite)).toBe(true);
    expect(dimensions).toEqual([expect.any(Number), null]);
    expect(similarity).toEqual([
      [1, null],
      [null, null],
    ]);
    expect(bottleneck!.flat().every(Number.isFinite)).toBe(true);
    expect(record.masks[0]!.shares.flat().every(Number.isFinite)).toBe(true);
    expect(record.notes).toEqual([
      {
        measure: "correlation",
        step: 2,
        note: "module-2: all units have the same rate in 400 of 400 trials, which are left out",
      },
      {
        measure: "dimensions",
        step: 2,
        note: expect.stringMatching(/^module-2: Participation ratio: x has no variance/),
      },
    ]);
    expect(await readFile(join(folder, "specialization.json"), "utf8")).not.toMatch(/NaN|Infinity/);
  });

  test("are those of a circuit that decides by one readout, with the share that each module decides", async () => {
    const shares = async (decision: DecisionDescription) =>
      (await measureHandMade([[0], [1]], { metrics: [] }, 0, decision)).record.decisions;
    const max = await shares({ time: "last", module: "max" });
    // Each level is said louder than the other in half of the pairs, and the first readout wins where they are equal.
    expect(max).toEqual([[0.55, 0.45]]);
    expect(await shares({ time: "last", module: { readout: "report-2" } })).toEqual([[0, 1]]);
    const [random] = (await shares({ time: "mean", module: "random" }))!;
    expect(random![0]! + random![1]!).toBeCloseTo(1, 12);
    expect(Math.abs(random![0]! - 0.5)).toBeLessThan(0.15);
    for (const module of ["each", "sum"] as const) expect(await shares({ time: "last", module })).toBeUndefined();
    const both = await shares({ time: "last", module: "max", targets: 2 });
    expect(both!.map((row) => row.length)).toEqual([2, 2]);
    expect(both![0]).toEqual(max![0]);
    for (const row of both!) expect(row[0]! + row[1]!).toBeCloseTo(1, 12);
  });

  test("are only those that are asked for", async () => {
    const { record } = await measureHandMade([[0], [1]], { metrics: ["correlation"] });
    expect(record.masks).toEqual([]);
    expect(Object.keys(record.states[0]!).sort()).toEqual(["correlation", "dimensions", "similarity", "step"]);
  });
});
