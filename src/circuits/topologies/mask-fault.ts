import { oddValues } from "../../compute/odd-values.ts";
import { type Shape, sizeOf } from "../../compute/shape.ts";
import { shown } from "../../kinds/shown.ts";

/**
 * What is wrong with a mask that a topology has drawn, in words that go on after its name; undefined where nothing is.
 *
 * @param shape of the weights
 * @param values what it gave
 */
export function maskFault(shape: Shape, values: unknown): string | undefined {
  if (!(values instanceof Float32Array)) return `gives the mask ${shown(values)}, expected a Float32Array`;
  if (values.length !== sizeOf(shape))
    return `gives a mask of ${values.length} values, expected ${sizeOf(shape)} for weights of shape [${shape.join(", ")}]`;
  const odd = oddValues(shape, values, (value) => value !== 0 && value !== 1);
  return odd && `gives a mask that holds ${odd.told}; allowed: 1 where two units are connected, else 0`;
}
