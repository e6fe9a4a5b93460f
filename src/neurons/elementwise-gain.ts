import { sizeOf } from "../compute/shape.ts";
import { reshape, type Tensor } from "../compute/trace.ts";
import { DescriptionError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import type { Gain, NeuronContext } from "./neuron.ts";
import { deltaOf } from "./postsynaptic-error.ts";

/** Rates from a drive, element by element. */
export type RatesOf = (inputs: { values: Tensor }) => { readonly result: Tensor };
/** The error at the drive: the error at the rates times the slope, which the rates or the drive tell. */
export type ErrorOf = (inputs: { error: Tensor; rates: Tensor; drive: Tensor }) => { readonly result: Tensor };

/**
 * A gain that acts on every component of every unit alone, from two kernels.
 *
 * @param ratesOf values [rows, channels] to result of that shape; channels come last, so that a gain may tell even from odd ones
 * @param errorOf error, rates and drive, of that shape, to result; it reads what it needs of them
 * @throws DescriptionError, as a circuit is traced, where one of them gives anything else than the outputs of a kernel
 */
export function elementwiseGain({ channels }: NeuronContext, ratesOf: RatesOf, errorOf: ErrorOf): Gain {
  return {
    activate(drive) {
      const rows = (tensor: Tensor) => reshape(tensor, [sizeOf(drive.shape) / channels, channels]);
      const rates = resultOf("rates", ratesOf({ values: rows(drive) }));
      return {
        rates: reshape(rates, drive.shape),
        localise(error) {
          const result = resultOf("errors", errorOf({ error: rows(deltaOf(error)), rates, drive: rows(drive) }));
          return { kind: "own", delta: reshape(result, drive.shape) };
        },
      };
    },
  };
}

/** What a user's function gave may be anything, such as the result alone. */
function resultOf(what: string, outputs: { readonly result?: Tensor } | undefined): Tensor {
  if (outputs?.result?.shape === undefined)
    throw new DescriptionError(
      `elementwiseGain: the kernel of ${what} gives ${outputs && "shape" in outputs ? "a tensor" : shown(outputs)}, expected its outputs, { result }; return kernel(inputs) without .result`,
    );
  return outputs.result;
}
