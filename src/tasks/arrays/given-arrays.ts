import { type LoadedArray, shapeInWords } from "../../arrays/loaded-array.ts";
import { DescriptionError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** Numbers in rows: [trials], [trials, units] or [trials, steps, units]. */
type Nested = ArrayLike<number> | readonly ArrayLike<number>[] | readonly (readonly ArrayLike<number>[])[];

/**
 * An array as a program gives it: a list (of lists, of lists) of numbers, a list of names of classes, a typed array of one axis, or
 * typed values with the shape that they fill, row-major. Typed arrays are not copied.
 */
export type GivenArray =
  | Nested
  | readonly string[]
  | { readonly shape: readonly number[]; readonly data: TypedArray | readonly number[] };

/**
 * A given array with its shape.
 *
 * @param name what messages call it
 * @throws DescriptionError where it is not an array, its rows differ in length, or its values do not fill its shape
 */
export function asLoaded(name: string, given: GivenArray): LoadedArray {
  if (isTyped(given)) return { shape: [given.length], values: given, type: typeOf(given) };
  if (Array.isArray(given)) {
    if (given.length > 0 && given.every((value) => typeof value === "string"))
      return { shape: [given.length], values: given as readonly string[], type: "text" };
    return ofRows(name, given);
  }
  const { shape, data } = (given ?? {}) as { shape?: readonly number[]; data?: ArrayLike<number> };
  if (!Array.isArray(shape) || !(Array.isArray(data) || isTyped(data)))
    throw new DescriptionError(
      `arrays: ${name} is ${shown(given)}; expected rows of numbers, a typed array, or { shape, data }`,
    );
  const elements = shape.reduce((product: number, length: number) => product * length, 1);
  if (!shape.every((length) => Number.isInteger(length) && length >= 0) || elements !== data.length)
    throw new DescriptionError(
      `arrays: ${name} has ${data.length} values and the shape ${shapeInWords(shape)}, which takes ${elements}; give one value for each place, row-major`,
    );
  return { shape: [...shape], values: data, type: isTyped(data) ? typeOf(data) : "list" };
}

const isTyped = (value: unknown): value is TypedArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** "float32" of a Float32Array. */
const typeOf = (values: TypedArray) => values.constructor.name.replace(/(Clamped)?Array$/, "").toLowerCase();

function ofRows(name: string, rows: readonly unknown[]): LoadedArray {
  const shape: number[] = [];
  for (let first: unknown = rows; Array.isArray(first) || isTyped(first); first = (first as ArrayLike<unknown>)[0])
    shape.push(first.length);
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1));
  let filled = 0;
  const take = (part: unknown, axis: number, place: readonly number[]): void => {
    if (axis === shape.length) {
      if (typeof part !== "number" && typeof part !== "boolean")
        throw new DescriptionError(`arrays: ${name}[${place.join("][")}] is ${shown(part)}; expected a number`);
      values[filled++] = Number(part);
      return;
    }
    const length = (part as ArrayLike<unknown> | undefined)?.length;
    if (length === undefined || length !== shape[axis] || !(Array.isArray(part) || isTyped(part)))
      throw new DescriptionError(
        `arrays: ${name}[${place.join("][")}] has ${length ?? "no"} values and ${name}[${place.map(() => 0).join("][")}] has ${shape[axis]}; give all rows as many`,
      );
    for (let at = 0; at < length; at++) take(part[at], axis + 1, [...place, at]);
  };
  take(rows, 0, []);
  return { shape, values, type: "list" };
}
