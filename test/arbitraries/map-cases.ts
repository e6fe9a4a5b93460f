import fc from "fast-check";
import { circuit, type PopulationHandle } from "../../src/circuits/circuit.ts";
import type { CircuitDescription, ProjectionDescription } from "../../src/circuits/description.ts";
import { type MapSize, unitsOfMap, type Window, windowPositions } from "../../src/compute/kernels/window.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Description } from "../../src/kinds/kind.ts";
import { type CircuitCase, circuitCase, scalarGains } from "./circuit-cases.ts";
import type { PlainSign } from "./signs.ts";

/** Kinds of projections that lead to maps. */
export const mapTopologies = ["convolutional", "local", "dense", "average-pool", "max-pool"] as const;
export type MapTopology = (typeof mapTopologies)[number];

/** Which circuits with maps to draw. */
export interface MapFamily {
  /** Populations of vector units, of scalar units, or first scalar, then vector ones. */
  readonly units: "vector" | "scalar" | "both";
  /** One population after the other, or also projections that skip some, and dead ends. */
  readonly wiring: "chain" | "branching";
  /** Signs of all projections with weights that do not come from the input; those are mixed. */
  readonly signs: readonly PlainSign[];
  readonly topologies?: readonly MapTopology[];
  readonly vectorGains?: readonly Description[];
  readonly scalarGains?: readonly Description[];
  /** Most maps besides the input; default 3. */
  readonly depth?: number;
}

const upTo = (max: number, min = 1) => fc.integer({ min, max });
const sharing = fc.constantFrom("channel" as const, "unit" as const);

/**
 * Circuits whose input is a map of 2 x 2 to 6 x 6 with 1 to 3 channels, then 1 to 3 maps of up to 4 channels, each reached
 * through a window (1 to 3 wide, strides 1 and 2, any padding), a dense projection or a pool, and a dense readout of 2 to 4
 * classes; with biases and gates a channel or a unit. They shrink to one map of few units.
 */
export function mapCases(family: MapFamily): fc.Arbitrary<CircuitCase> {
  const wiring = family.wiring === "chain" ? fc.constant(0) : fc.nat(7);
  const stage = fc.record({
    kind: fc.constantFrom(...(family.topologies ?? mapTopologies)),
    kernel: upTo(3),
    stride: upTo(2),
    padding: upTo(2, 0),
    channels: upTo(4),
    vectorGain: fc.constantFrom(...(family.vectorGains ?? ["gated"])),
    scalarGain: fc.constantFrom(...(family.scalarGains ?? scalarGains)),
    bias: fc.oneof(sharing, fc.constant("none" as const)),
    gates: sharing,
    wiring,
  });
  return fc
    .record({
      input: fc.record({ height: upTo(6, 2), width: upTo(6, 2), channels: upTo(3) }),
      dimension: upTo(4, 2),
      batch: upTo(3),
      stages: fc.array(stage, { minLength: 1, maxLength: family.depth ?? 3 }),
      scalars: family.units === "both" ? fc.nat(3) : fc.constant(family.units === "scalar" ? 4 : 0),
      report: wiring,
      sign: fc.constantFrom(...family.signs),
      seed: fc.nat(2 ** 31 - 1),
    })
    .map((drawn) => {
      const { batch, input, dimension, seed } = drawn;
      const random = randomStream(seed, "batch");
      return circuitCase(describe(drawn), seed, {
        stimuli: Float32Array.from({ length: batch * unitsOfMap(input) }, () => random.normal()),
        labels: Float32Array.from({ length: batch }, () => random.integer(0, dimension - 1)),
      });
    });
}

interface Stage extends Window {
  kind: MapTopology;
  channels: number;
  vectorGain: Description;
  scalarGain: Description;
  bias: "channel" | "unit" | "none";
  gates: "channel" | "unit";
  wiring: number;
}

interface Drawn {
  input: MapSize;
  dimension: number;
  stages: Stage[];
  /** How many of the stages have scalar units. */
  scalars: number;
  report: number;
  sign: PlainSign;
}

interface Source {
  readonly handle: PopulationHandle;
  readonly map: MapSize;
  readonly dimension: number;
}

function describe({ input, dimension, stages, scalars, report, sign }: Drawn): CircuitDescription {
  return circuit("drawn maps", (c) => {
    const earlier: Source[] = [{ handle: c.input("input", { map: input }), map: input, dimension: 1 }];
    const weighted = (from: Source) => ({ sign: from === earlier[0] ? ("mixed" as const) : sign });
    stages.forEach((stage, index) => {
      const from = earlier.at(-1)!;
      const { topology, map } = project(stage, from.map);
      const pools = stage.kind === "average-pool" || stage.kind === "max-pool";
      // A pool keeps the dimension of what it pools.
      const units = pools ? from.dimension : index < scalars ? 1 : dimension;
      const gain = units === 1 ? stage.scalarGain : stage.vectorGain;
      const { bias } = stage;
      // Gain functions without gating vectors take no gates.
      const gates = gain === "gated" ? stage.gates : "channel";
      const handle = c.population(`map${index + 1}`, { map, dimension: units, gain, bias, gates });
      c.project(from.handle, handle, { topology, ...(pools ? {} : weighted(from)) });
      // Bit 0: the population before the last, bit 1: the one before that, ...
      for (const skipped of earlier.filter((_, at) => stage.wiring & (1 << (earlier.length - 2 - at))))
        if (skipped !== from) c.project(skipped.handle, handle, { topology: { kind: "dense" }, ...weighted(skipped) });
      earlier.push({ handle, map, dimension: units });
    });
    const scalar = scalars > stages.length;
    const readout = c.population("report", scalar ? { units: dimension } : { units: 1, dimension });
    const chosen = earlier.filter((_, at) => report & (1 << (earlier.length - 1 - at)));
    for (const from of chosen.length > 0 ? chosen : earlier.slice(-1)) c.project(from.handle, readout, weighted(from));
  });
}

/** A stage's topology, its window made to fit, and the map that it leads to. */
function project(stage: Stage, pre: MapSize): { topology: ProjectionDescription["topology"]; map: MapSize } {
  const { kind, stride, channels } = stage;
  // As many positions as units a side at most, so that maps do not grow.
  if (kind === "dense") return { topology: { kind }, map: { height: stage.kernel, width: stage.stride, channels } };
  const kernel = Math.min(stage.kernel, pre.height, pre.width);
  const pools = kind === "average-pool" || kind === "max-pool";
  const padding = pools ? 0 : Math.min(stage.padding, kernel - 1);
  const positions = (size: number) => windowPositions(size, { kernel, stride, padding });
  return {
    topology: pools ? { kind, size: kernel, stride } : { kind, kernel, stride, padding },
    map: {
      height: positions(pre.height),
      width: positions(pre.width),
      channels: pools ? pre.channels : channels,
    },
  };
}
