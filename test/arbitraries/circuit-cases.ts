import fc from "fast-check";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import type { CircuitDescription } from "../../src/circuits/description.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import { randomStream } from "../../src/compute/random.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import type { Description } from "../../src/kinds/kind.ts";
import type { PlainSign } from "./signs.ts";

/** A circuit of one input and one time step with values of its parameters and a batch of stimuli. */
export interface CircuitCase {
  readonly network: Network;
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly batch: number;
  /** [batch, input units] */
  readonly stimuli: Float32Array;
  readonly labels: Float32Array;
}

/** Stimuli and labels of a case as feeds of a plan. */
export const feedsOfCase = ({ network, stimuli, labels }: Omit<CircuitCase, "values">) => ({
  [stimuliName(network.inputs[0]!.name)]: stimuli,
  labels,
});

/** Which circuits to draw. */
export interface CircuitFamily {
  /** Hidden populations of vector units, of scalar units, or first scalar, then vector ones. */
  readonly units: "vector" | "scalar" | "both";
  /** One population after the other, or also projections that skip some, dead ends, several targets. */
  readonly wiring: "chain" | "branching";
  /** Signs of all projections that do not come from the input; those are mixed. */
  readonly signs: readonly PlainSign[];
  /** Gain functions of hidden vector and scalar populations. */
  readonly vectorGains?: readonly Description[];
  readonly scalarGains?: readonly Description[];
  readonly biases?: boolean;
  /** Most hidden populations; default 3. */
  readonly depth?: number;
}

/** All gain functions that scalar units can have. */
export const scalarGains = [
  "linear",
  "relu",
  "leaky-relu",
  { kind: "leaky-relu", slope: 0.3 },
  "alternating-relu",
  "tanh",
  "sigmoid",
  "softplus",
] as const;

/**
 * Circuits of 1 to 3 hidden populations with even unit counts 2 to 8, K 2 to 5, 1 to 8 inputs and batches of 1 to 5,
 * with random weights, biases, gating vectors and stimuli. They shrink to a chain of few small populations.
 */
export function circuitCases(family: CircuitFamily): fc.Arbitrary<CircuitCase> {
  const wiring = family.wiring === "chain" ? fc.constant(0) : fc.nat(15);
  const hidden = fc.record({
    pairs: fc.integer({ min: 1, max: 4 }),
    vectorGain: fc.constantFrom(...(family.vectorGains ?? ["gated"])),
    scalarGain: fc.constantFrom(...(family.scalarGains ?? scalarGains)),
    bias: fc.constantFrom(...(family.biases === false ? (["none"] as const) : (["channel", "none"] as const))),
    wiring,
  });
  return fc
    .record({
      inputs: fc.integer({ min: 1, max: 8 }),
      dimension: fc.integer({ min: 2, max: 5 }),
      batch: fc.integer({ min: 1, max: 5 }),
      hidden: fc.array(hidden, { minLength: 1, maxLength: family.depth ?? 3 }),
      scalars: family.units === "both" ? fc.nat(3) : fc.constant(family.units === "scalar" ? 3 : 0),
      report: wiring,
      sign: fc.constantFrom(...family.signs),
      seed: fc.nat(2 ** 31 - 1),
    })
    .map((drawn) => {
      const description = describe(drawn, family.units);
      const { batch, inputs, dimension, seed } = drawn;
      const random = randomStream(seed, "batch");
      return circuitCase(description, seed, {
        stimuli: Float32Array.from({ length: batch * inputs }, () => random.normal()),
        labels: Float32Array.from({ length: batch }, () => random.integer(0, dimension - 1)),
      });
    });
}

interface Drawn {
  inputs: number;
  dimension: number;
  hidden: {
    pairs: number;
    vectorGain: Description;
    scalarGain: Description;
    bias: "channel" | "none";
    wiring: number;
  }[];
  scalars: number;
  report: number;
  sign: PlainSign;
}

function describe({ inputs, dimension, hidden, scalars, report, sign }: Drawn, units: string): CircuitDescription {
  return circuit("drawn", (c) => {
    const input = c.input("input", { units: inputs });
    const earlier = [input];
    const connect = (post: { name: string }, wiring: number) => {
      // Bit 0: the population just before, bit 1: the one before that, ...; no bit: the population just before.
      const chosen = earlier.filter((_, at) => wiring & (1 << (earlier.length - 1 - at)));
      for (const pre of chosen.length > 0 ? chosen : earlier.slice(-1))
        c.project(pre, post, { sign: pre === input ? "mixed" : sign });
      earlier.push(post);
    };
    hidden.forEach(({ pairs, vectorGain, scalarGain, bias, wiring }, index) => {
      const shape = index < scalars ? { dimension: 1, gain: scalarGain, bias } : { dimension, gain: vectorGain, bias };
      connect(c.population(`hidden${index + 1}`, { units: 2 * pairs, ...shape }), wiring);
    });
    const readout = units === "scalar" ? { units: dimension, dimension: 1 } : { units: 1, dimension };
    connect(c.population("report", readout), report);
  });
}

/** A case with parameters drawn from a seed. */
export function circuitCase(
  description: CircuitDescription,
  seed: number,
  { stimuli, labels }: { stimuli: Float32Array; labels: Float32Array },
): CircuitCase {
  const network = buildNetwork(description);
  const values = drawValues(network, seed);
  return {
    network,
    values,
    batch: labels.length,
    stimuli,
    labels,
    [fc.toStringMethod]: () => JSON.stringify({ seed, description, stimuli: [...stimuli], labels: [...labels] }),
  } as CircuitCase;
}

/** Normal weights of variance 2 / n_in and biases that obey the signs, and gating vectors of any +-1. */
export function drawValues(network: Network, seed: number): Map<string, Float32Array> {
  return new Map(
    network.parameters.map(({ name, shape, plastic, constraint }) => {
      const random = randomStream(seed, name);
      const inputs = network.projections.find(({ weight }) => weight === name)?.weights?.pre ?? shape.at(-1)!;
      const draw = () => {
        if (!plastic) return random.uniform() < 0.5 ? -1 : 1;
        const value = random.normal() * Math.sqrt(2 / inputs);
        const sign = constraint?.signFrom(0) ?? 0;
        return sign === 0 ? value : sign * Math.abs(value);
      };
      return [name, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
}
