import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildNetwork } from "../../../src/built-in.ts";
import type { Network } from "../../../src/circuits/network.ts";
import { attentionCircuit } from "../../../src/circuits/ready-made/attention/attention-circuit.ts";
import type { AttentionOptions } from "../../../src/circuits/ready-made/attention/attention-options.ts";
import {
  type AttentionWeights,
  parametersOfWeights,
  weightsOfParameters,
} from "../../../src/circuits/ready-made/attention/attention-weights.ts";
import { readAttentionWeights } from "../../../src/runs/read-attention-weights.ts";
import { attentionCases, whole } from "../../arbitraries/attention-cases.ts";

const options: AttentionOptions = {
  image: { height: 8, width: 9, channels: 1 },
  stages: [
    { channels: 2, kernel: 2 },
    { channels: 3, kernel: 2 },
  ],
  classes: 4,
  strength: 0.2,
};
const build = (changes: Partial<AttentionOptions> = {}): Network =>
  buildNetwork(attentionCircuit({ ...options, ...changes }));
const network = build();

/** Values that tell where they came from: each its place in the tensor. */
const counted = (...shape: number[]) => ({
  shape,
  data: Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, place) => place),
});
const layer = (weight: number[], bias: number) => ({ weight: counted(...weight), bias: counted(bias) });
const weights = (): AttentionWeights => ({
  weights: {
    v1: layer([2, 1, 2, 2], 2),
    v2: layer([3, 2, 2, 2], 3),
    v2Feedback: layer([6, 2, 2, 2], 2),
    v1Feedback: layer([4, 1, 2, 2], 1),
    // Of 8 x 9 pixels 7 x 8 positions are left, 3 x 4 after the pool, 2 x 3, and 1 x 1 after the next.
    readout: layer([4, 3], 4),
    readoutFeedback: layer([3, 4], 3),
  },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sulcus-attention-weights-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("weights of an attention circuit", () => {
  it("are the same after they were written and read, whatever the circuit", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases(whole), async ({ network: any, values }) => {
        const written = JSON.parse(JSON.stringify(weightsOfParameters(any, values)));
        expect(parametersOfWeights("weights", any, written)).toEqual(values);
      }),
      { numRuns: 30 },
    );
  });

  it("are the same file after they were read and written", () => {
    expect(weightsOfParameters(network, parametersOfWeights("weights", network, weights()))).toEqual(weights());
  });

  it("turn filters to channels last, transposed ones end to end, and divide these among their two sources", () => {
    const parameters = parametersOfWeights("weights", network, weights());
    const of = (name: string) => [...parameters.get(name)!];
    // Post channel 0 of V2: places (0, 0), (0, 1), (1, 0), (1, 1), each with both channels below.
    expect(of("gated-2->v2/weight").slice(0, 8)).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
    // [pre, post 1, 2, 2] of the file; the last place comes first, and pre channels are neighbours.
    expect(of("descending-1->feedback-1/weight")).toEqual([3, 7, 2, 6, 1, 5, 0, 4]);
    expect(of("lateral-1->feedback-1/weight")).toEqual([11, 15, 10, 14, 9, 13, 8, 12]);
    expect(of("v2/bias")).toEqual([0, 1, 2]);
  });

  it("turn what leads from and to the last pool: rows, columns and biases are its units", () => {
    const wide = build({
      image: { height: 8, width: 13, channels: 1 },
      stages: [{ channels: 2, kernel: 2 }],
      classes: 2,
    });
    const { weights: layers } = weightsOfParameters(wide, wide.initialise(1));
    // A pool of 3 x 6 with 2 channels.
    const file = {
      weights: { ...layers, readout: layer([2, 36], 2), readoutFeedback: layer([36, 2], 36) },
    };
    const parameters = parametersOfWeights("weights", wide, file);
    // Units (0, 0, 0), (0, 0, 1), (0, 1, 0), ... stand at places 0, 18, 1, ... of the file.
    expect([...parameters.get("pooled-1->report/weight")!].slice(0, 4)).toEqual([0, 18, 1, 19]);
    expect([...parameters.get("report->feedback-top/weight")!].slice(0, 4)).toEqual([0, 1, 36, 37]);
    expect([...parameters.get("feedback-top/bias")!].slice(0, 4)).toEqual([0, 18, 1, 19]);
  });

  it("leave out what a circuit does not have, and are not written of it", () => {
    const lateral = build({ feedback: false });
    const parameters = parametersOfWeights("weights", lateral, weights());
    expect([...parameters.keys()].sort()).toEqual(lateral.parameters.map(({ name }) => name).sort());
    expect(() => weightsOfParameters(lateral, parameters)).toThrow(
      'circuit "attention": parameter "descending-1->feedback-1/weight" is not there, and weights are written of attention circuits with feedback and lateral projections alone',
    );
  });
});

describe("a file of weights", () => {
  const path = () => join(folder, "weights.json");

  it("is read, whatever else it holds", async () => {
    await writeFile(path(), JSON.stringify({ kind: "attention-network", ...weights() }));
    expect(await readAttentionWeights(path(), network)).toEqual(parametersOfWeights("weights", network, weights()));
  });

  const faults: readonly (readonly [string, (layers: Record<string, unknown>) => void])[] = [
    [
      "weights.v2Feedback.weight: has shape [5, 2, 2, 2], the circuit takes [6, 2, 2, 2]",
      (layers) => {
        layers.v2Feedback = layer([5, 2, 2, 2], 2);
      },
    ],
    [
      "weights.readout.bias: has shape [3], the circuit takes [4]",
      (layers) => {
        layers.readout = layer([4, 3], 3);
      },
    ],
    [
      "weights.v1.bias: has 1 values for shape [2], which takes 2",
      (layers) => {
        layers.v1 = { weight: counted(2, 1, 2, 2), bias: { shape: [2], data: [0] } };
      },
    ],
    [
      "weights.v1.weight holds 1e+39 at [1, 0, 0, 1], the first of 2 such values; allowed: finite numbers up to 3.4e+38",
      (layers) => {
        const { weight, bias } = layer([2, 1, 2, 2], 2);
        layers.v1 = {
          weight: { ...weight, data: weight.data.map((value) => (value > 4 && value < 7 ? 1e39 : value)) },
          bias,
        };
      },
    ],
    [
      'unknown setting "weights.v3"',
      (layers) => {
        layers.v3 = layer([2, 1, 2, 2], 2);
      },
    ],
    [
      "weights.readoutFeedback: got nothing, expected settings (weight, bias)",
      (layers) => {
        delete layers.readoutFeedback;
      },
    ],
  ];
  for (const [text, spoil] of faults)
    it(`that does not fit is refused: ${text}`, async () => {
      const file = weights();
      spoil(file.weights);
      await writeFile(path(), JSON.stringify(file));
      await expect(readAttentionWeights(path(), network)).rejects.toThrow(`${path()}, ${text}`);
    });

  it("that is missing or broken is refused", async () => {
    await expect(readAttentionWeights(path(), network)).rejects.toThrow(`${path()} cannot be read: ENOENT`);
    await writeFile(path(), "{");
    await expect(readAttentionWeights(path(), network)).rejects.toThrow(`${path()} is not JSON: `);
  });
});
