import * as z from "zod";
import { float32Values } from "../compute/float32-values.ts";
import { type Shape, sizeOf } from "../compute/shape.ts";
import { DataError, firstLine, UsageError } from "../kinds/errors.ts";
import { parsePlain } from "../kinds/plain-data.ts";
import { shown } from "../kinds/shown.ts";
import { writeWhole } from "./record/atomic-file.ts";
import { fromExactJson, toExactJson } from "./record/exact-json.ts";
import { writeNpz } from "./record/npz.ts";

/** Values of a parameter, row-major, and what they are. */
export interface WeightArray {
  readonly shape: Shape;
  /** What each axis counts, in the singular: "post", "pre". */
  readonly axes: readonly string[];
  readonly data: Float32Array;
}

/** Parameters of a circuit, by name. */
export interface CircuitWeights {
  readonly circuit: string;
  readonly parameters: Readonly<Record<string, WeightArray>>;
}

/** The array of a .npz file that says names, shapes and axes, as UTF-8 JSON. */
const aboutName = "parameters.json";
const format = "sulcus-weights-1";

/** Numbers that one text can hold, each of about 20 characters. */
const mostInText = 20_000_000;

/** Names, shapes and axes, without the values. */
export const aboutWeights = ({ circuit, parameters }: CircuitWeights) => ({
  format,
  circuit,
  parameters: Object.fromEntries(Object.entries(parameters).map(([name, { shape, axes }]) => [name, { shape, axes }])),
});

/**
 * Writes parameters as a file that `readParameters` reads to the bit, whole or not at all: a .npz file, which NumPy opens, with
 * an array for each parameter by its name and "parameters.json", which says their shapes and axes; or a .json file, in which
 * each parameter has shape, axes and its values, row-major.
 *
 * @throws UsageError for another kind of file, or more numbers than JSON holds; StorageError where the file cannot be written
 */
export async function writeWeights(path: string, weights: CircuitWeights): Promise<void> {
  const about = aboutWeights(weights);
  const entries = Object.entries(weights.parameters);
  if (path.endsWith(".npz")) {
    const data = new Uint8Array(new TextEncoder().encode(JSON.stringify(about)));
    const arrays = entries.map(([name, array]) => [name, { shape: array.shape, data: array.data }] as const);
    return writeNpz(path, { ...Object.fromEntries(arrays), [aboutName]: { shape: [data.length], data } });
  }
  if (!path.endsWith(".json"))
    throw new UsageError(`weights cannot be written to ${shown(path)}; give a file that ends in .npz or .json`);
  const numbers = entries.reduce((sum, [, { data }]) => sum + data.length, 0);
  if (numbers > mostInText)
    throw new UsageError(
      `${path}: ${numbers.toLocaleString("en")} numbers are too many for JSON, which holds ${mostInText.toLocaleString("en")}; give a file that ends in .npz`,
    );
  const parameters = Object.fromEntries(
    entries.map(([name, { shape, axes, data }]) => [name, { shape, axes, values: [...data] }]),
  );
  await writeWhole(path, `${toExactJson({ ...about, parameters })}\n`);
}

const fileSchema = z.strictObject({
  format: z.literal(format),
  circuit: z.string(),
  parameters: z.record(
    z.string(),
    z.strictObject({
      shape: z.array(z.int().min(1)),
      axes: z.array(z.string()).optional(),
      values: z.array(z.number()),
    }),
  ),
});

/** Whether JSON is such a file, and not weights in another form. */
export const isWeightsFile = (data: unknown): boolean =>
  typeof data === "object" && data !== null && "parameters" in data;

/**
 * Parameters out of a JSON text that `writeWeights` has written, or somebody in the same form.
 *
 * @param path what messages call the file
 * @throws DataError naming file and place where the text is of another form, or a shape does not fit its values
 */
export function parseWeights(
  path: string,
  data: unknown,
): Map<string, { readonly shape: Shape; readonly data: Float32Array }> {
  const parsed = parsePlain(fileSchema, data);
  if ("fault" in parsed) throw new DataError(`${path}: ${parsed.fault}`);
  return new Map(
    Object.entries(parsed.value.parameters).map(([name, { shape, values }]) => {
      if (values.length !== sizeOf(shape))
        throw new DataError(
          `${path}: "${name}" has ${values.length} values where shape [${shape.join(", ")}] takes ${sizeOf(shape)}; give one for each place, row-major`,
        );
      return [name, { shape, data: float32Values(`${path}: parameter "${name}"`, shape, values) }];
    }),
  );
}

/** @throws DataError where a text is not JSON */
export function jsonIn(path: string, text: string): unknown {
  try {
    return fromExactJson(text);
  } catch (error) {
    throw new DataError(`${path} is not JSON: ${firstLine(error)}; give a JSON file of weights`);
  }
}
