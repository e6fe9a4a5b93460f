import * as z from "zod";
import { permuteAxes } from "../../../compute/axes.ts";
import { float32Values } from "../../../compute/float32-values.ts";
import { describeShape, type Shape, sameShape, sizeOf } from "../../../compute/shape.ts";
import { DataError, UsageError } from "../../../kinds/errors.ts";
import { parsePlain } from "../../../kinds/plain-data.ts";
import type { Network, Population } from "../../network.ts";
import { reportName, stageNames, topFeedbackName } from "./attention-circuit.ts";

/** A tensor of a file: row-major values and their shape. */
interface FileTensor {
  readonly shape: number[];
  readonly data: number[];
}

/** Weights of an attention circuit as a file holds them. */
export interface AttentionWeights {
  readonly weights: Record<string, { readonly weight: FileTensor; readonly bias: FileTensor }>;
}

/** Where a part of a tensor of the file stands in the circuit. */
interface Part {
  readonly parameter: string;
  /** Rows of the file's tensor, which is made of its parts one below the other. */
  readonly shape: Shape;
  toCircuit(values: Float32Array): Float32Array;
  toFile(values: Float32Array): Float32Array;
}

type Layer = { readonly weight: readonly Part[]; readonly bias: readonly Part[] };

/**
 * Parameters of an attention circuit from weights in the order that PyTorch gives them, all maps channels first:
 *
 *   vN.weight [channels, channels below, side, side]            filters of stage N
 *   vNFeedback.weight [2 channels, channels below, side, side]  transposed convolution back to the stage's input; its first
 *                                                               rows take what descends, its last ones the lateral copy
 *   readout.weight [classes, units of the last pool],           readoutFeedback.weight, the other way round
 *
 * each with a bias, in an object "weights". What a circuit does not have (one without feedback or lateral projections) is
 * left out.
 *
 * @param source what messages call the weights, such as a file
 * @throws DataError naming source and field: what is missing or unknown, the shape that came and the one that is
 * expected, or a number that 32-bit floats do not hold
 */
export function parametersOfWeights(source: string, network: Network, data: unknown): Map<string, Float32Array> {
  const layers = layersOf(network);
  const parsed = parsePlain(schemaOf(layers), data);
  if ("fault" in parsed) throw new DataError(`${source}, ${parsed.fault}`);
  const known = new Set(network.parameters.map(({ name }) => name));
  const parameters = new Map<string, Float32Array>();
  for (const [name, layer] of Object.entries(layers))
    for (const field of ["weight", "bias"] as const) {
      const { shape, data } = parsed.value.weights[name]![field];
      const values = float32Values(`${source}, weights.${name}.${field}`, shape, data);
      let start = 0;
      for (const { parameter, shape: rows, toCircuit } of layer[field]) {
        const end = start + sizeOf(rows);
        if (known.has(parameter)) parameters.set(parameter, toCircuit(values.subarray(start, end)));
        start = end;
      }
    }
  return parameters;
}

/**
 * The inverse of `parametersOfWeights`.
 *
 * @throws UsageError for a circuit that has not all of the weights
 */
export function weightsOfParameters(network: Network, parameters: ReadonlyMap<string, Float32Array>): AttentionWeights {
  const tensorOf = (parts: readonly Part[]): FileTensor => {
    const data = parts.flatMap(({ parameter, toFile }) => {
      const values = parameters.get(parameter);
      if (!values)
        throw new UsageError(
          `circuit "${network.description.name}": parameter "${parameter}" is not there, and weights are written of attention circuits with feedback and lateral projections alone`,
        );
      return [...toFile(values)];
    });
    return { shape: shapeOf(parts), data };
  };
  const layers = Object.entries(layersOf(network));
  return {
    weights: Object.fromEntries(
      layers.map(([name, { weight, bias }]) => [name, { weight: tensorOf(weight), bias: tensorOf(bias) }]),
    ),
  };
}

/** Layers of a file by name, for a circuit of any number of stages. */
function layersOf({ populations, reports }: Network): Record<string, Layer> {
  const { units: classes } = reports[0]!;
  const find = (name: string) => populations.find((population) => population.name === name);
  const layers: Record<string, Layer> = {};
  let last: Population | undefined;
  for (let n = 1; find(stageNames(n).gated); n++) {
    const names = stageNames(n);
    const [gated, filtered, pooled] = [names.gated, names.filtered, names.pooled].map((name) => find(name)!);
    const below = gated!.map.channels;
    const channels = filtered!.map.channels;
    const side = gated!.map.height - filtered!.map.height + 1;
    layers[names.filtered] = {
      weight: [permuted(`${names.gated}->${names.filtered}/weight`, [channels, below, side, side], [0, 2, 3, 1])],
      bias: [permuted(`${names.filtered}/bias`, [channels], [0])],
    };
    layers[`${names.filtered}Feedback`] = {
      weight: [names.descending, names.lateral].map((source) =>
        transposed(`${source}->${names.feedback}/weight`, [channels, below, side, side]),
      ),
      bias: [permuted(`${names.feedback}/bias`, [below], [0])],
    };
    last = pooled!;
  }
  if (!last) return {};
  const { height, width, channels } = last.map;
  layers.readout = {
    weight: [
      {
        ...permuted(`${last.name}->${reportName}/weight`, [classes, channels, height, width], [0, 2, 3, 1]),
        shape: [classes, last.units],
      },
    ],
    bias: [permuted(`${reportName}/bias`, [classes], [0])],
  };
  layers.readoutFeedback = {
    weight: [
      {
        ...permuted(`${reportName}->${topFeedbackName}/weight`, [channels, height, width, classes], [1, 2, 0, 3]),
        shape: [last.units, classes],
      },
    ],
    bias: [{ ...permuted(`${topFeedbackName}/bias`, [channels, height, width], [1, 2, 0]), shape: [last.units] }],
  };
  return layers;
}

/** A parameter whose axis i is axis order[i] of the file's. */
function permuted(parameter: string, shape: Shape, order: readonly number[]): Part {
  const back = order.map((_, axis) => order.indexOf(axis));
  const turned = order.map((axis) => shape[axis]!);
  return {
    parameter,
    shape,
    toCircuit: (values) => permuteAxes(values, shape, order),
    toFile: (values) => permuteAxes(values, turned, back),
  };
}

/** A transposed convolution, [pre, post, side, side] in a file; in circuits places of a window are counted from the other end. */
function transposed(parameter: string, shape: Shape): Part {
  const straight = permuted(parameter, shape, [1, 2, 3, 0]);
  const [pre, post, side] = shape as [number, number, number];
  const turned = (values: Float32Array) => {
    const places = side * side;
    const result = new Float32Array(values.length);
    for (let row = 0; row < post; row++)
      for (let place = 0; place < places; place++) {
        const from = (row * places + place) * pre;
        result.set(values.subarray(from, from + pre), (row * places + (places - 1 - place)) * pre);
      }
    return result;
  };
  return {
    ...straight,
    toCircuit: (values) => turned(straight.toCircuit(values)),
    toFile: (values) => straight.toFile(turned(values)),
  };
}

const shapeOf = (parts: readonly Part[]): number[] => {
  const [rows, ...rest] = parts[0]!.shape;
  return [parts.length * rows!, ...rest];
};

function schemaOf(layers: Readonly<Record<string, Layer>>) {
  const tensor = (parts: readonly Part[]) => {
    const expected = shapeOf(parts);
    return z
      .strictObject({ shape: z.array(z.int().min(1)), data: z.array(z.number()) })
      .refine(({ shape }) => sameShape(shape, expected), {
        error: ({ input }) =>
          `has shape ${describeShape((input as FileTensor).shape)}, the circuit takes ${describeShape(expected)}`,
        abort: true,
      })
      .refine(({ data }) => data.length === sizeOf(expected), {
        error: ({ input }) =>
          `has ${(input as FileTensor).data.length} values for shape ${describeShape(expected)}, which takes ${sizeOf(expected)}`,
      });
  };
  const layerSchemas = Object.entries(layers).map(([name, { weight, bias }]) => [
    name,
    z.strictObject({ weight: tensor(weight), bias: tensor(bias) }),
  ]);
  type LayerSchema = z.ZodType<AttentionWeights["weights"][string]>;
  return z.looseObject({ weights: z.strictObject(Object.fromEntries(layerSchemas) as Record<string, LayerSchema>) });
}
