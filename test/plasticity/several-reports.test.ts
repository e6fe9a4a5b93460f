import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Shape } from "../../src/compute/shape.ts";
import type { Part } from "../../src/kinds/kind.ts";
import { startValues, traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses } from "../../src/plasticity/objectives/classification.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { byPathway } from "../../src/plasticity/rules/by-pathway.ts";
import { dfa } from "../../src/plasticity/rules/dfa.ts";
import { fa } from "../../src/plasticity/rules/fa.ts";
import { nodePerturbation } from "../../src/plasticity/rules/node-perturbation.ts";
import { threeFactor } from "../../src/plasticity/rules/three-factor.ts";
import { expectClose, relativeError } from "../arbitraries/circuit-close.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";

const inputs = 3;
const classes = 3;

/** One hidden population that several readouts read, each of which reports a target of its own. */
const reporting = (reports: number, gain = "linear") =>
  buildNetwork(
    circuit("reports", (c) => {
      const hidden = c.population("hidden", { units: 4, gain });
      c.project(c.input("input", { units: inputs }), hidden);
      for (let target = 0; target < reports; target++) {
        const report = c.population(`report-${target}`, { units: classes });
        c.project(hidden, report);
        c.readout(report);
      }
      c.decision({ module: "each" });
    }),
  );

interface Trial {
  readonly batch: number;
  readonly stimuli: Float32Array;
  /** Labels of each target. */
  readonly labels: readonly Float32Array[];
}

const trial = (batch: number, seed: number, reports: number): Trial => {
  const random = randomStream(seed, "trial");
  return {
    batch,
    stimuli: Float32Array.from({ length: batch * inputs }, () => random.normal()),
    labels: Array.from({ length: reports }, () =>
      Float32Array.from({ length: batch }, () => random.integer(0, classes - 1)),
    ),
  };
};

/** Updates of a rule, by parameter; `kept` replaces values that it would have drawn. */
async function updatesOf(
  description: Part,
  network: Network,
  { batch, stimuli, labels }: Trial,
  kept: ReadonlyMap<string, Float32Array> = new Map(),
): Promise<Readonly<Record<string, Float32Array>>> {
  const rule = buildRule(description);
  const residents: Record<string, Shape> = {};
  for (const { name, shape } of network.parameters) residents[name] = shape;
  for (const [name, { shape }] of Object.entries({ ...rule.fixed?.(network), ...rule.memories?.(network) }))
    residents[name] = shape;
  const plan = tracePlan("updates", residents, (trace) => {
    const { circuit: plastic } = traceError(trace, network, namingClasses, batch);
    for (const [name, update] of rule.updates(plastic)) trace.output(name, update);
  });
  const session = await interpreter.load({ residents, plans: { updates: plan } });
  for (const [name, values] of [...startValues(network, rule, 1), ...kept]) await session.write(name, values);
  const feeds = Object.fromEntries(
    [
      [stimuliName("input"), stimuli],
      ...labels.map((values, target) => [target === 0 ? "labels" : `labels/${target}`, values]),
      ["weights", new Float32Array(batch).fill(1 / batch)],
      ...network.populations.map(({ name, units }) => [
        explorationName(name, 0),
        randomStream(1, name).signs(batch * units),
      ]),
    ].filter(([name]) => plan.inputs.has(name as string)),
  );
  const [results] = await session.run("updates", [feeds]);
  return Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
}

const rules = [
  bp(),
  fa(),
  dfa(),
  nodePerturbation({ amplitude: 0.1 }),
  threeFactor({ amplitude: 0.1 }),
  byPathway({ forward: dfa() }),
];

describe.each(rules)("in a circuit of several reports $kind", (rule) => {
  it("teaches the hidden population what every target asks for", async () => {
    const network = reporting(3, "tanh");
    const asked = trial(2, 1, 3);
    const usual = (await updatesOf(rule, network, asked))["input->hidden/weight"]!;
    expect(usual.some((value) => value !== 0)).toBe(true);
    for (let target = 0; target < 3; target++) {
      const other = asked.labels[target]!.map((label) => (label + 1) % classes);
      const changed = await updatesOf(rule, network, { ...asked, labels: asked.labels.with(target, other) });
      expect(relativeError(changed["input->hidden/weight"]!, usual), `labels of target ${target}`).toBeGreaterThan(
        0.01,
      );
    }
  });
});

describe("direct feedback of several reports", () => {
  const cases = fc.record({
    reports: fc.integer({ min: 1, max: 3 }),
    batch: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1000),
    gain: fc.constantFrom("linear", "tanh", "relu"),
  });

  it("through the readouts' own weights is back-propagation", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ reports, batch, seed, gain }) => {
        const network = reporting(reports, gain);
        const asked = trial(batch, seed, reports);
        const values = network.initialise(1);
        // B [classes, units] as the weights lie, [post, pre].
        const kept = network.readouts.map(({ incoming }, report): [string, Float32Array] => [
          report === 0 ? "feedback/hidden" : `feedback/hidden/${report}`,
          values.get(incoming[0]!.weight!)!,
        ]);
        const [direct, gradient] = [
          await updatesOf(dfa(), network, asked, new Map(kept)),
          await updatesOf(bp(), network, asked),
        ];
        expect(Object.keys(direct).sort()).toEqual(Object.keys(gradient).sort());
        for (const [name, update] of Object.entries(gradient)) expectClose(direct[name]!, update, name);
      }),
      { numRuns: 25 },
    );
  });

  it("is drawn for each report from a stream of its own, the first as where there is no other", () => {
    const draws = [1, 2, 3].map((reports) => startValues(reporting(reports), buildRule(dfa()), 1));
    const [single, , triple] = draws.map((values) => [...values].filter(([name]) => name.startsWith("feedback/")));
    expect(single!.map(([name]) => name)).toEqual(["feedback/hidden"]);
    expect(triple!.map(([name]) => name)).toEqual(["feedback/hidden", "feedback/hidden/1", "feedback/hidden/2"]);
    expect(triple![0]).toEqual(single![0]);
    expect(new Set(triple!.map(([, values]) => values.join())).size).toBe(3);
  });
});
