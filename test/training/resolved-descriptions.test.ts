import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { buildNetwork, buildObjective, buildOptimiser, buildRule, resolveCircuit } from "../../src/built-in.ts";
import { run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import type { Family } from "../../src/kinds/families.ts";
import { builtIn } from "../../src/library.ts";
import { learningProgram } from "../../src/plasticity/learning-program.ts";
import { createLearner } from "../../src/training/learner.ts";
import { parseRun } from "../../src/training/run-description.ts";
import { scratchFolder } from "../small-runs.ts";

/** Some of the settings of a record, the others left to their defaults. */
const some = (settings: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
  fc.record(settings, { requiredKeys: required }) as fc.Arbitrary<Record<string, unknown>>;
const whole = (min: number, max: number) => fc.integer({ min, max });
const share = fc.double({ min: 0.1, max: 0.9, noNaN: true });

/** Maps that a topology connects, with settings that fit: before (6 x 6, 2 channels) and after. */
const wirings = fc.oneof(
  fc.record({ topology: fc.constant({ kind: "dense" }), post: fc.constant({ units: 3 }) }),
  fc.record({
    topology: some({ density: share }, ["density"]).map((settings) => ({ kind: "sparse", ...settings })),
    post: fc.constant({ units: 3 }),
  }),
  ...["convolutional", "local"].map((kind) =>
    some({ stride: fc.constant(2), padding: whole(0, 1) }).map((given) => {
      const { stride = 1, padding = 0 } = given as { stride?: number; padding?: number };
      const side = Math.floor((6 + 2 * padding - 2) / stride) + 1;
      return { topology: { kind, kernel: 2, ...given }, post: { map: { height: side, width: side, channels: 2 } } };
    }),
  ),
  some({ outputPadding: whole(0, 1), padding: fc.constant(1) }).map((given) => {
    const { padding = 0, outputPadding = 0 } = given as { padding?: number; outputPadding?: number };
    const side = 5 * 2 - 2 * padding + 3 + outputPadding;
    const topology = { kind: "transposed-convolutional", kernel: 3, stride: 2, ...given };
    return { topology, post: { map: { height: side, width: side, channels: 2 } } };
  }),
  ...["average-pool", "max-pool"].map((kind) =>
    some({ stride: whole(1, 3) }).map((given) => {
      const { stride = 2 } = given as { stride?: number };
      const side = Math.floor((6 - 2) / stride) + 1;
      return { topology: { kind, size: 2, ...given }, post: { map: { height: side, width: side, channels: 2 } } };
    }),
  ),
  some({ mode: fc.constantFrom("nearest", "bicubic") }).map((given) => ({
    topology: { kind: "upsample", ...given },
    post: { map: { height: 12, width: 12, channels: 2 } },
  })),
);

const circuits: fc.Arbitrary<CircuitDescription> = fc
  .record({ wiring: wirings, modulatory: fc.boolean(), threshold: fc.boolean() })
  .map(({ wiring: { topology, post }, modulatory, threshold }) =>
    circuit("any", (c) => {
      const scene = c.input("scene", { map: { height: 6, width: 6, channels: 2 } });
      const hidden = c.population("hidden", post);
      const report = c.population("report", { units: 3 });
      c.project(scene, hidden, { topology: topology as { kind: string } });
      c.project(hidden, report);
      c.steps(2);
      if (modulatory) c.project(hidden, hidden, { topology: { kind: "one-to-one" }, delay: 1, effect: "modulatory" });
      else c.project(report, report, { delay: 1, transmission: threshold ? { kind: "binary" } : { kind: "graded" } });
    }),
  );

const amplitude = share;
const uniform = fc.oneof(
  fc.constantFrom("gevb", "bp", "fa", "dfa").map((kind) => ({ kind })),
  some({ amplitude }).map((settings) => ({ kind: "node-perturbation", ...settings })),
  some({ amplitude, decay: share, averaging: share }).map((settings) => ({ kind: "three-factor", ...settings })),
);
const rules = fc.oneof(
  uniform,
  uniform.map((forward) => ({ kind: "by-pathway", forward })),
);
const moments = { beta1: share, beta2: share, epsilon: share };
const optimiserSettings = fc.oneof(
  fc.constant({ kind: "sgd", rate: 0.1 }),
  some({ momentum: share }).map((settings) => ({ kind: "momentum", rate: 0.1, ...settings })),
  some(moments).map((settings) => ({ kind: "adam", rate: 0.1, ...settings })),
  some({ ...moments, decay: share }).map((settings) => ({ kind: "adamw", rate: 0.1, ...settings })),
);
const aims = fc.oneof(
  fc.constant({ kind: "classification" }),
  some({ population: fc.constant("hidden"), objects: whole(1, 3), strength: share, penalty: share }).map(
    (settings) => ({
      kind: "attended-object",
      ...settings,
    }),
  ),
);
const descriptions = fc
  .record({ circuit: circuits, rule: rules, optimiser: optimiserSettings, objective: aims })
  .map((parts) => ({ ...parts, task: { kind: "symbols" as const } }));

const settingNames = (family: Family, kind: string) => Object.keys(builtIn.get(family, kind).settings.shape);
const kindsOf = (family: Family) =>
  builtIn
    .list(family)
    .map(({ kind }) => kind)
    .sort();

/** Names of settings that have a default, by the schema of a kind. */
const preset = (schema: z.ZodObject) =>
  Object.entries(schema.shape).flatMap(([name, type]) => (type instanceof z.ZodDefault ? [name] : []));

describe("a description that was read", () => {
  test("stays the same when it is read again, whatever its parts", () => {
    fc.assert(
      fc.property(descriptions, (given) => {
        const once = parseRun(given, builtIn);
        expect(parseRun(once, builtIn)).toEqual(once);
        // As it comes back out of a file, too.
        expect(JSON.stringify(parseRun(JSON.parse(JSON.stringify(once)), builtIn))).toBe(JSON.stringify(once));
      }),
    );
  });

  test("holds every setting that was given, and a value wherever there is a default", () => {
    fc.assert(
      fc.property(descriptions, (given) => {
        const { rule, optimiser, objective, circuit: net } = parseRun(given, builtIn);
        expect(rule).toMatchObject(given.rule);
        expect(optimiser).toMatchObject(given.optimiser);
        expect(objective).toMatchObject(given.objective);
        expect(net).toMatchObject(given.circuit);
        const within = (rule as { forward?: { kind: string } }).forward;
        for (const part of [rule, ...(within ? [within] : [])])
          expect(Object.keys(part)).toEqual(["kind", ...settingNames("rule", part.kind)]);
        expect(Object.keys(objective)).toEqual(
          expect.arrayContaining(preset(builtIn.get("objective", objective.kind).settings)),
        );
        expect(Object.keys(optimiser)).toEqual(["kind", ...settingNames("optimiser", optimiser.kind)]);
        for (const { topology, effect, strength } of net.projections) {
          const names: Record<string, string[]> = {
            convolutional: ["kernel", "stride", "padding"],
            local: ["kernel", "stride", "padding"],
            "transposed-convolutional": ["kernel", "stride", "padding", "outputPadding"],
            "average-pool": ["size", "stride"],
            "max-pool": ["size", "stride"],
            upsample: ["mode"],
            sparse: ["density"],
          };
          expect(Object.keys(topology).sort()).toEqual(["kind", ...(names[topology.kind] ?? [])].sort());
          expect(strength).toBe(effect === "modulatory" ? 1 : undefined);
        }
      }),
    );
  });

  test("builds the same circuit, optimiser and program as the one that was given", () => {
    const scalar = fc.record({ circuit: circuits, rule: rules, optimiser: optimiserSettings });
    fc.assert(
      fc.property(scalar, ({ circuit: given, rule, optimiser }) => {
        const trained = (net: CircuitDescription, by: typeof rule, along: typeof optimiser) => {
          const network = buildNetwork(net);
          const parts = { network, rule: buildRule(by), optimiser: buildOptimiser(along), batch: 2 };
          if (parts.rule.refuse(network) !== undefined) return parts.rule.refuse(network);
          const { residents, plans } = learningProgram(parts);
          return JSON.stringify([
            residents,
            plans,
            [...network.initialise(3)].map(([name, values]) => [name, [...values]]),
          ]);
        };
        const resolved = [
          resolveCircuit(given),
          builtIn.resolve("rule", rule),
          builtIn.resolve("optimiser", optimiser),
        ] as const;
        expect(trained(resolved[0], resolved[1] as typeof rule, resolved[2] as typeof optimiser)).toBe(
          trained(given, rule, optimiser),
        );
        for (const step of [1, 7])
          expect(buildOptimiser(resolved[2]).schedule(step, 0.5)).toEqual(
            buildOptimiser(optimiser).schedule(step, 0.5),
          );
      }),
      { numRuns: 40 },
    );
    expect(buildObjective(builtIn.resolve("objective", "attended-object")).name).toBe("attended-object");
  });

  test("every kind of part is tried here", () => {
    const kinds = { rules: new Set<string>(), topologies: new Set<string>(), optimisers: new Set<string>() };
    for (const { rule, optimiser, circuit: net } of fc.sample(descriptions, { numRuns: 600, seed: 1 })) {
      kinds.rules.add(rule.kind);
      kinds.optimisers.add(optimiser.kind);
      for (const { topology } of net.projections) kinds.topologies.add(topology.kind);
    }
    expect([...kinds.rules].sort()).toEqual(kindsOf("rule"));
    expect([...kinds.optimisers].sort()).toEqual(kindsOf("optimiser"));
    const without = ["components", "component-mean", "given"];
    expect([...kinds.topologies, ...without].sort()).toEqual(
      builtIn
        .list("topology")
        .map(({ kind }) => kind)
        .sort(),
    );
  });

  test("names the file that it is out of, and the part", () => {
    const good = {
      circuit: fc.sample(circuits, { numRuns: 1, seed: 1 })[0]!,
      task: { kind: "symbols" },
      rule: { kind: "bp" },
      optimiser: { kind: "sgd", rate: 1 },
    };
    const wrong = (change: object) => () => parseRun({ ...good, ...change }, builtIn, "a/config.yaml");
    expect(wrong({ rule: { kind: "three-factor", decay: 2 } })).toThrow(
      'a/config.yaml, learning rule "three-factor": decay: got 2, expected a number from 0 to 1',
    );
    expect(wrong({ rule: { kind: "by-pathway", forward: { kind: "bpp" } } })).toThrow(
      'rule "by-pathway": forward: learning rule "bpp" is not known',
    );
    expect(wrong({ optimiser: { kind: "adam", rate: 1, beta1: 1 } })).toThrow(
      'a/config.yaml, optimiser "adam": beta1: got 1, expected',
    );
    expect(wrong({ objective: { kind: "classification", penalty: 1 } })).toThrow(
      'a/config.yaml, objective "classification": unknown setting "penalty"',
    );
    const [scene, ...others] = good.circuit.projections;
    const circuitOf = (topology: object) => ({
      circuit: { ...good.circuit, projections: [{ ...scene, topology }, ...others] },
    });
    expect(wrong(circuitOf({ kind: "convolutional", kernel: 0 }))).toThrow(
      'a/config.yaml, circuit "any", projection "scene->hidden": topology "convolutional": kernel: got 0, expected a whole number of at least 1',
    );
  });
});

const tiny = {
  circuit: circuit("tiny", (c) => {
    const image = c.input("image", { map: { height: 8, width: 8, channels: 1 } });
    const map = c.population("map", { map: { height: 7, width: 7, channels: 2 }, gain: "relu" });
    const pooled = c.population("pooled", { map: { height: 3, width: 3, channels: 2 } });
    c.project(image, map, { topology: { kind: "convolutional", kernel: 2 } });
    c.project(map, pooled, { topology: { kind: "average-pool", size: 2 } });
    c.project(pooled, c.population("report", { units: 10 }));
  }),
  task: { kind: "symbols", size: 8, count: 64, testCount: 32 },
  rule: { kind: "three-factor" },
  optimiser: { kind: "adam", rate: 0.01 },
  batch: 16,
  device: "cpu",
} as const;

test("config.yaml of a run is what the run depends on, and a checkpoint belongs to it", async () => {
  const out = join(await scratchFolder(), "run");
  await run(tiny, { out });
  const { run: written } = parse(await readFile(join(out, "config.yaml"), "utf8"));
  expect(written).toEqual(parseRun(written, builtIn));
  expect(written.rule).toEqual({ kind: "three-factor", amplitude: 0.01, decay: 0.1, averaging: 0.9 });
  expect(written.optimiser).toEqual({ kind: "adam", rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  expect(written.circuit.projections[0].topology).toEqual({ kind: "convolutional", kernel: 2, stride: 1, padding: 0 });
  expect(written.circuit.projections[1].topology).toEqual({ kind: "average-pool", size: 2, stride: 2 });
  const identities = [];
  for (const description of [parseRun(tiny, builtIn), parseRun(written, builtIn)]) {
    const learner = await createLearner(description, builtIn);
    identities.push(learner.identity);
    await learner.dispose();
  }
  expect(identities[0]).toBe(identities[1]);
  const { rule, optimiser } = JSON.parse(identities[0]!);
  expect([rule, optimiser]).toEqual([written.rule, written.optimiser]);
});
