import fc from "fast-check";
import { buildNetwork } from "../../src/built-in.ts";
import type { Network } from "../../src/circuits/network.ts";
import { attentionCircuit } from "../../src/circuits/ready-made/attention/attention-circuit.ts";
import {
  type AttentionSettings,
  readAttentionOptions,
} from "../../src/circuits/ready-made/attention/attention-options.ts";
import { unitsOfMap } from "../../src/compute/kernels/window.ts";
import { randomStream } from "../../src/compute/random.ts";
import type { Scenes } from "../circuits/show-glimpses.ts";

/** A small attention circuit with scenes. */
export interface AttentionCase {
  readonly settings: AttentionSettings;
  readonly network: Network;
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly scenes: Scenes;
  /** Objects of a scene, counting those that are not there. */
  readonly count: number;
}

const flag = fc.boolean();

const drawnSettings = fc
  .record({
    depth: fc.integer({ min: 1, max: 2 }),
    stages: fc.integer({ min: 1, max: 2 }),
    extraRows: fc.integer({ min: 0, max: 2 }),
    extraColumns: fc.integer({ min: 0, max: 3 }),
    channels: fc.integer({ min: 1, max: 3 }),
    kernel: fc.constantFrom(1, 2),
    classes: fc.integer({ min: 2, max: 3 }),
    strength: fc.constantFrom(0.2, 0.5, 1),
    iterations: fc.integer({ min: 1, max: 3 }),
    gain: fc.constantFrom("relu", "leaky-relu", "softplus"),
    pooling: fc.constantFrom("max" as const, "average" as const),
    feedback: flag,
    lateral: flag,
    gating: flag,
    inhibitionOfReturn: flag,
  })
  .map(({ depth, stages, extraRows, extraColumns, channels, kernel, gain, ...rest }) => {
    const side = stages === 1 ? 3 : 6 + kernel - 1;
    return readAttentionOptions({
      image: { height: side + extraRows, width: side + extraColumns, channels: depth },
      stages: Array.from({ length: stages }, (_, index) => ({ channels: channels + index, kernel, gain })),
      ...rest,
    });
  });

/** Small attention circuits; of those that are whole, no part is left out and attention has time to act. */
export function attentionCases(changes: Partial<AttentionSettings> = {}): fc.Arbitrary<AttentionCase> {
  return fc
    .record({
      settings: drawnSettings.map((settings): AttentionSettings => ({ ...settings, ...changes })),
      batch: fc.integer({ min: 1, max: 2 }),
      count: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(),
    })
    .map(({ settings, batch, count, seed }) => attentionCase(settings, batch, count, seed));
}

/** Settings of a circuit without ablations. */
export const whole = { feedback: true, lateral: true, gating: true, inhibitionOfReturn: true } as const;

export function attentionCase(settings: AttentionSettings, batch: number, count: number, seed: number): AttentionCase {
  const network = buildNetwork(attentionCircuit(settings));
  const random = randomStream(seed, "attention");
  const many = (length: number, draw: () => number) => Float32Array.from({ length }, draw);
  const values = network.initialise(seed);
  for (const { name } of network.parameters)
    if (name.endsWith("/bias"))
      values.set(
        name,
        many(values.get(name)!.length, () => 0.3 * random.normal()),
      );
  const units = unitsOfMap(settings.image);
  return {
    settings,
    network,
    values,
    count,
    scenes: {
      batch,
      stimuli: many(batch * units, () => 0.1 + random.uniform()),
      objects: many(batch * count * units, () => random.uniform()),
      labels: many(batch * count, () => random.integer(0, settings.classes - 1)),
      weights: many(batch * count, () => 0.5 + random.uniform()),
      present: many(batch * count, () => (random.uniform() < 0.8 ? 1 : 0)),
    },
  };
}

/** The row of a sample. */
export const rowOf = (values: Float32Array, sample: number, batch: number): Float32Array =>
  values.subarray((sample * values.length) / batch, ((sample + 1) * values.length) / batch);
