/** A gain function of one's own, with kernels of its own: rates as a power of what drives them above threshold. */
import {
  defineKernel,
  defineNeuron,
  definePlugin,
  elementwiseGain,
  type KernelThread,
  type KernelValues,
  z,
} from "sulcus";

type Power = { readonly exponent: number };
type Thread = KernelThread<"columns" | "exponent">;

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

// Bodies are read as text: all that they use comes through arguments and this.constants.
const rate = defineKernel<"values", "result", Power>({
  name: "power-law",
  family: "gain",
  inputs: ["values"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["values"],
      body: function (this: Thread, values: KernelValues) {
        const v = Math.max(values[this.thread.y * this.constants.columns + this.thread.x]!, 0);
        return v ** this.constants.exponent;
      },
    },
  },
  infer: ({ values }, { exponent }) => ({
    shapes: { result: values },
    constants: { exponent },
    flops: elements(values),
  }),
});

/** The error at the drive: that at the rates times the slope, exponent drive^(exponent - 1). */
const slope = defineKernel<"error" | "drive", "result", Power>({
  name: "power-law-error",
  family: "error",
  inputs: ["error", "drive"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["error", "drive"],
      body: function (this: Thread, error: KernelValues, drive: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return error[i]! * this.constants.exponent * Math.max(drive[i]!, 0) ** (this.constants.exponent - 1);
      },
    },
  },
  infer: ({ error }, { exponent }) => ({ shapes: { result: error }, constants: { exponent }, flops: elements(error) }),
});

/**
 * The power law of cortical neurons, rate = max(drive, 0)^exponent.
 * Sources: Miller & Troyer 2002; Priebe & Ferster 2008.
 */
export const powerLaw = defineNeuron({
  kind: "power-law",
  summary: "rate = max(drive, 0)^exponent (exponent)",
  settings: z.strictObject({ exponent: z.number().min(1).max(4).default(2) }),
  build: (settings, population) =>
    elementwiseGain(
      population,
      (inputs) => rate(inputs, settings),
      (inputs) => slope(inputs, settings),
    ),
});

export default definePlugin({ name: "power-law", parts: [powerLaw] });
