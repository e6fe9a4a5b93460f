import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleDegrees } from "../../src/analysis/angle.ts";
import { buildNetwork, buildRule, openDevice } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { sparse } from "../../src/circuits/topologies/sparse.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { randomStream } from "../../src/compute/random.ts";
import { readAlignment } from "../../src/plasticity/alignment.ts";
import { alignmentProgram, startValues } from "../../src/plasticity/learning-program.ts";
import type { LearningRule } from "../../src/plasticity/rules/rule.ts";
import type { Alignment } from "../../src/records/learning-record.ts";
import { type CircuitCase, circuitCases, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { equalWeights, measure, updatesBy } from "../oracles/circuit-updates.ts";

const [bp, gevb] = [buildRule({ kind: "bp" }), buildRule({ kind: "gevb" })];

/** Of angles between vectors that float32 rounds, degrees. */
const tolerance = 1e-3;

const none = { angle: null, signAgreement: null };

async function align(
  drawn: CircuitCase,
  rule: LearningRule,
  executor: Executor = interpreter,
  factor = 1,
): Promise<Record<string, Alignment>> {
  const { network, values, batch } = drawn;
  const session = await executor.load(alignmentProgram({ network, rule, batch }));
  for (const [name, array] of values) await session.write(name, array);
  const [results] = await session.run("align", [
    { ...feedsOfCase(drawn), weights: equalWeights(batch).map((each) => each * factor) },
  ]);
  const alignment = readAlignment(network, results!);
  await session.dispose();
  return alignment;
}

/** A paper-like circuit at its initial values with random stimuli. */
function initialised(width: number, seed: number, batch = 8): CircuitCase {
  const network = buildNetwork(
    gevbCircuit({
      image: { height: 4, width: 5, channels: 1 },
      hidden: [width, width],
      classes: 4,
      sign: "excitatory",
    }),
  );
  const random = randomStream(seed, "stimuli");
  return {
    network,
    values: network.initialise(seed),
    batch,
    stimuli: Float32Array.from({ length: batch * 20 }, () => random.normal()),
    labels: Float32Array.from({ length: batch }, () => random.integer(0, 3)),
  };
}

const cases = circuitCases({ units: "vector", wiring: "branching", signs: ["excitatory", "mixed"] });

describe("alignment", () => {
  it("is complete for back-propagation", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const updates = (await measure(drawn)).bp;
        for (const [name, alignment] of Object.entries(await align(drawn, bp))) {
          const vanishes = updates.get(`${name}/weight`)!.every((value) => value === 0);
          expect(alignment).toEqual(vanishes ? none : { angle: 0, signAgreement: 1 });
        }
      }),
      { numRuns: 30 },
    );
  });

  it("gives the angle and the share of equal signs of the updates themselves", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const measured = await measure(drawn);
        for (const [name, { angle, signAgreement }] of Object.entries(await align(drawn, gevb))) {
          const [update, gradient] = [measured.gevb.get(`${name}/weight`)!, measured.bp.get(`${name}/weight`)!];
          if ([update, gradient].some((array) => array.every((value) => value === 0))) {
            expect({ angle, signAgreement }).toEqual(none);
            continue;
          }
          const agreements = update.filter((value, at) => Math.sign(value) === Math.sign(gradient[at]!)).length;
          expect(signAgreement).toBeCloseTo(agreements / update.length, 6);
          expect(Math.abs(angle! - angleDegrees(update, gradient))).toBeLessThan(tolerance);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("counts the signs of connections that exist alone, where a mask leaves others out", async () => {
    const dfa = buildRule({ kind: "dfa" });
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.integer({ min: 2, max: 48 }), async (seed, connections) => {
        const network = buildNetwork(
          circuit("sparse", (c) => {
            const pixels = c.input("pixels", { units: 6 });
            const hidden = c.population("hidden", { units: 8, gain: "tanh" });
            c.project(pixels, hidden, { topology: sparse({ connections }) });
            c.project(hidden, c.population("report", { units: 3 }));
          }),
        );
        const random = randomStream(seed, "stimuli");
        const values = startValues(network, dfa, seed);
        const kept = new Map([...values].filter(([name]) => name.startsWith("feedback/")));
        const drawn: CircuitCase = {
          network,
          values: network.initialise(seed),
          batch: 4,
          stimuli: Float32Array.from({ length: 24 }, () => random.normal()),
          labels: Float32Array.from({ length: 4 }, () => random.integer(0, 2)),
        };
        const [weight, mask] = ["pixels->hidden/weight", values.get("pixels->hidden/mask")!];
        const update = (await updatesBy(dfa, drawn, { kept })).get(weight)!;
        const gradient = (await updatesBy(bp, drawn)).get(weight)!;
        const same = update.filter((value, at) => mask[at] === 1 && Math.sign(value) === Math.sign(gradient[at]!));
        const { signAgreement } = (await align({ ...drawn, values }, dfa))["pixels->hidden"]!;
        expect(signAgreement).toBeCloseTo(same.length / connections, 6);
      }),
      { numRuns: 20 },
    );
  });

  it("does not depend on the size of update and gradient, which weights of the samples change", async () => {
    const drawn = initialised(6, 1);
    const usual = await align(drawn, gevb);
    for (const exponent of [-100, -80, -40, 40, 80, 100])
      expect(await align(drawn, gevb, interpreter, 2 ** exponent)).toEqual(usual);
  });

  it("is undefined where update or gradient are zero, as beyond a readout without weights", async () => {
    const drawn = initialised(4, 1);
    const values = new Map([...drawn.values, ["v2->report/weight", new Float32Array(4)] as const]);
    const alignment = await align({ ...drawn, values }, gevb);
    expect(alignment["pixels->v1"]).toEqual(none);
    expect(alignment["v2->report"]!.angle).toBeLessThan(tolerance);
  });

  it("is undefined in a module that decides no sample, and that of the update in the one that decides all", async () => {
    const network = buildNetwork(
      circuit("two deciders", (c) => {
        const input = c.input("input", { units: 3 });
        for (const side of ["a", "b"]) {
          const hidden = c.population(`hidden-${side}`, { units: 4, gain: "tanh" });
          c.project(input, hidden);
          const report = c.population(`report-${side}`, { units: 2 });
          c.project(hidden, report);
          c.readout(report);
        }
      }),
    );
    const drawn = {
      network,
      // The second readout is surer, whatever the stimulus.
      values: new Map([...network.initialise(1), ["report-b/bias", Float32Array.of(50, 49)] as const]),
      batch: 4,
      stimuli: Float32Array.from({ length: 12 }, (_, at) => Math.sin(at + 1)),
      labels: Float32Array.of(0, 1, 0, 1),
    };
    expect(await align(drawn, bp)).toEqual({
      "input->hidden-a": none,
      "hidden-a->report-a": none,
      "input->hidden-b": { angle: 0, signAgreement: 1 },
      "hidden-b->report-b": { angle: 0, signAgreement: 1 },
    });
  });
});

describe("gevb at ON/OFF initialisation of excitatory circuits", async () => {
  const executor = await openDevice({ device: "cpu" });
  /** Mean angle over seeds, by projection. */
  const meanAngles = async (width: number) => {
    const totals: Record<string, number> = {};
    const seeds = [1, 2, 3];
    for (const seed of seeds)
      for (const [name, { angle }] of Object.entries(await align(initialised(width, seed), gevb, executor))) {
        expect(angle).toBeLessThan(90);
        totals[name] = (totals[name] ?? 0) + angle! / seeds.length;
      }
    return totals;
  };

  it("is within 90 degrees of the gradient, and nearer the wider the circuit", async () => {
    const [narrow, wide] = [await meanAngles(32), await meanAngles(512)];
    expect(wide["pixels->v1"]).toBeLessThan(0.6 * narrow["pixels->v1"]!);
    // Onto the last hidden population the gradient is the rule times each unit's own readout weight, max(Z, 0) of a
    // normal Z, which no width averages out: cos = E[w] / sqrt(E[w^2]) = 1 / sqrt(pi), 55.7 degrees.
    expect(Math.abs(wide["v1->v2"]! - (Math.acos(1 / Math.sqrt(Math.PI)) * 180) / Math.PI)).toBeLessThan(2);
    // At the readout the rule is the gradient.
    expect(narrow["v2->report"]).toBeLessThan(tolerance);
    expect(wide["v2->report"]).toBeLessThan(tolerance);
  });
});
