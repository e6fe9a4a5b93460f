import { oddValues } from "../../compute/odd-values.ts";
import { sizeOf } from "../../compute/shape.ts";
import { firstNotFinite } from "../../compute/value-range.ts";
import { shown } from "../../kinds/shown.ts";
import { signFault } from "../constraints/sign-fault.ts";

/**
 * What is wrong with weights that an initialiser has drawn, in words that go on after its name; undefined where nothing is.
 *
 * @param projection what they are drawn for
 * @param values what it gave
 */
export function drawFault(projection: Parameters<typeof signFault>[0], values: unknown): string | undefined {
  if (!(values instanceof Float32Array)) return `gives ${shown(values)}, expected a Float32Array`;
  const { shape } = projection.weights;
  if (values.length !== sizeOf(shape))
    return `gives ${values.length} values, expected ${sizeOf(shape)} for weights of shape [${shape.join(", ")}]`;
  if (firstNotFinite(values) >= 0) {
    const odd = oddValues(shape, values, (value) => !Number.isFinite(value));
    return `gives ${odd!.told}; expected finite numbers`;
  }
  const fault = signFault(projection, values);
  return fault && `gives weights that are not allowed: it ${fault}`;
}
