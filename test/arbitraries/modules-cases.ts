import fc from "fast-check";
import { buildNetwork } from "../../src/built-in.ts";
import { choiceName } from "../../src/circuits/decision.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import {
  type ModularCircuitOptions,
  modularCircuit,
  moduleName,
  moduleReadout,
  type Wiring,
} from "../../src/circuits/ready-made/modules.ts";
import type { Feeds } from "../../src/compute/executor.ts";
import { randomStream } from "../../src/compute/random.ts";
import { labelsName } from "../../src/plasticity/objectives/target-inputs.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { fluctuationName } from "../../src/plasticity/presentation.ts";
import type { Rows } from "../oracles/modules-forward.ts";

/** A circuit of modules with values of its parameters and a batch for every plan. */
export interface ModulesCase {
  readonly options: ModularCircuitOptions;
  readonly network: Network;
  readonly batch: number;
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Stimuli, labels, weights of samples, noise of both kinds and random choices, by the names of plan inputs. */
  readonly feeds: Feeds;
}

/** A small circuit of modules; what is not given is 2 modules of 4 units, 3 inputs each, 3 classes, 3 steps, all connected. */
export function modulesCase(
  { modules = 2, ...given }: Partial<ModularCircuitOptions> & { modules?: number } = {},
  { batch = 3, seed = 1 } = {},
): ModulesCase {
  const every = Array.from({ length: modules }, (_, module) => module);
  const options: ModularCircuitOptions = {
    units: 4,
    wiring: every.map(() => every.map(() => 1)),
    inputs: every.map(() => ({ height: 1, width: 1, channels: 3 })),
    classes: 3,
    steps: 3,
    ...given,
  };
  const network = buildNetwork(modularCircuit(options));
  const values = network.initialise(seed);
  const random = randomStream(seed, "biases");
  for (const { name, decays, plastic } of network.parameters)
    if (plastic && !decays)
      values.set(
        name,
        values.get(name)!.map(() => 0.5 * random.normal()),
      );
  return { options, network, batch, values, feeds: feedsFor(network, batch, seed) };
}

/** A batch and its noise, drawn from a seed; plans take what they need of it. */
export function feedsFor(
  { inputs, populations, readouts, steps, reports, description: { decision } }: Network,
  batch: number,
  seed: number,
): Feeds {
  const feeds: Record<string, Float32Array> = { weights: new Float32Array(batch).fill(1 / batch) };
  const draw = (name: string, size: number, value: (random: ReturnType<typeof randomStream>) => number) => {
    const random = randomStream(seed, name);
    feeds[name] = Float32Array.from({ length: size }, () => value(random));
  };
  for (const { name, units, steps: shown } of inputs)
    for (let step = 0; step < shown; step++)
      draw(stimuliName(name, shown === 1 ? undefined : step), batch * units, (random) => random.normal());
  for (const { index, units: classes } of reports)
    draw(labelsName(index), batch, (random) => random.integer(0, classes - 1));
  for (const { name, units } of populations)
    for (let step = 0; step < steps; step++) {
      draw(fluctuationName(name, step), batch * units, (random) => random.normal());
      draw(explorationName(name, step), batch * units, (random) => (random.uniform() < 0.5 ? -1 : 1));
    }
  const modules = readouts.length / (decision.targets ?? 1);
  for (const [index, { name }] of readouts.entries())
    feeds[choiceName(name)] = Float32Array.from({ length: batch }, (_, sample) =>
      Number(chosenModule(modules, sample) === index % modules),
    );
  return feeds;
}

/** The module that the feeds above let decide a sample. */
export const chosenModule = (modules: number, sample: number): number => (sample * 7 + 1) % modules;

/** What a module sees, and the noise on its drive, of the feeds of a case. */
export function rowsOf({ network, batch, feeds }: ModulesCase) {
  const rows = (values: Float32Array): Rows =>
    Array.from({ length: batch }, (_, sample) => [
      ...values.subarray((sample * values.length) / batch, ((sample + 1) * values.length) / batch),
    ]);
  return {
    stimuli(module: number, step: number): Rows {
      const { name, steps } = network.inputs[module] ?? network.inputs[0]!;
      return rows(feeds[stimuliName(name, steps === 1 ? undefined : step)]!);
    },
    noise: (module: number, step: number): Rows => rows(feeds[fluctuationName(moduleName(module), step)]!),
  };
}

/** All connections within a module or none, and any wiring between modules. */
const wirings = (modules: number): fc.Arbitrary<Wiring[][]> => {
  const between = fc.oneof(
    fc.constantFrom<Wiring[]>(0, 0.3, 1),
    fc.integer({ min: 0, max: 4 }).map((connections) => ({ connections })),
  );
  const entry = (within: boolean): fc.Arbitrary<Wiring> => (within ? fc.constantFrom<Wiring[]>(1, 0, 0.5) : between);
  return fc.tuple(
    ...Array.from({ length: modules }, (_, post) =>
      fc.tuple(...Array.from({ length: modules }, (_, pre) => entry(pre === post))),
    ),
  );
};

const decisions = (modules: number, steps: number): fc.Arbitrary<NonNullable<ModularCircuitOptions["decision"]>> =>
  fc
    .record({
      time: fc.oneof(
        fc.constantFrom("last" as const, "mean" as const, "sum" as const),
        fc.integer({ min: 0, max: steps - 1 }).map((step) => ({ step })),
      ),
      module: fc.oneof(
        fc.constantFrom("max" as const, "sum" as const, "random" as const, "each" as const),
        fc.integer({ min: 0, max: modules - 1 }).map((index) => ({ readout: moduleReadout(index) })),
      ),
      targets: fc.constantFrom(undefined, 1, 2, 3),
    })
    .map(({ targets, ...decision }) => ({
      ...decision,
      ...(targets === undefined || decision.module === "each" || typeof decision.module === "object"
        ? {}
        : { targets }),
    }));

const signs = fc.constantFrom("mixed" as const, "excitatory" as const, "inhibitory" as const, "dale" as const);

/** Circuits of 2 to 4 modules with everything that modules can have; they shrink to two that are connected alike. */
export function modulesCases(fixed: Partial<ModularCircuitOptions> = {}): fc.Arbitrary<ModulesCase> {
  return fc
    .record({ modules: fc.integer({ min: 2, max: 4 }), steps: fc.integer({ min: 2, max: 4 }) })
    .chain(({ modules, steps }) =>
      fc.record({
        units: fc.integer({ min: 2, max: 5 }),
        wiring: wirings(modules),
        inputs: fc
          .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
          .map(([channels, common]) =>
            Array.from({ length: common ? 1 : modules }, () => ({ height: 1, width: 1, channels })),
          ),
        varying: fc.boolean(),
        classes: fc.integer({ min: 2, max: 4 }),
        steps: fc.constant(steps),
        gain: fc.constantFrom("tanh", "relu"),
        leak: fc.constantFrom(1, 0.5, 0.1),
        noise: fc.constantFrom(0, 0.3),
        from: fc.integer({ min: 0, max: steps - 1 }),
        transmission: fc.constantFrom(
          { kind: "graded" as const },
          { kind: "binary" as const, threshold: 0, sharpness: 10 },
          { kind: "binary" as const, threshold: 0.25, sharpness: 5 },
        ),
        signs: fc.record({ within: signs, between: signs }),
        inhibitoryFraction: fc.constantFrom(0.4, 0.5, 0.7),
        decision: decisions(modules, steps),
      }),
    )
    .chain((drawn) =>
      fc
        .record({ batch: fc.integer({ min: 1, max: 3 }), seed: fc.nat(2 ** 31 - 1) })
        .map((moment) => modulesCase({ ...drawn, ...fixed }, moment)),
    );
}
