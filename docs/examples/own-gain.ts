/**
 * A gain function of one's own: the power law of neurons in visual cortex. Train a circuit of such neurons by
 *
 *   sulcus run docs/examples/own-gain.yaml --use docs/examples/own-gain.ts
 */
import * as sulcus from "sulcus";
import { type KernelThread, type KernelValues, z } from "sulcus";

type Power = { readonly exponent: number };
type Thread = KernelThread<"columns" | "exponent">;

/** A kernel that works element by element on [rows, columns]; GPU.js compiles its body. */
const kernel = <Input extends string>(name: string, inputs: readonly Input[], body: sulcus.KernelBody) =>
  sulcus.defineKernel<Input, "result", Power>({
    name,
    family: "gain",
    inputs,
    launch: "flat",
    outputs: { result: { reads: inputs, body } },
    infer(shapes, constants) {
      const result = shapes[inputs[0]!];
      return { shapes: { result }, constants, flops: 4 * result[0]! * result[1]! };
    },
  });

const rate = kernel("power-law", ["values"], function (this: Thread, values: KernelValues) {
  const drive = Math.max(values[this.thread.y * this.constants.columns + this.thread.x]!, 0);
  return drive ** this.constants.exponent;
});

/** The error at the drive: the error at the rate times the slope of the gain. */
const back = kernel(
  "power-law-error",
  ["error", "drive"],
  function (this: Thread, error: KernelValues, drive: KernelValues) {
    const i = this.thread.y * this.constants.columns + this.thread.x;
    return error[i]! * this.constants.exponent * Math.max(drive[i]!, 0) ** (this.constants.exponent - 1);
  },
);

/** rate = max(drive, 0)^exponent. Source: Ahmadian, Rubin & Miller 2013. */
const powerLaw = sulcus.defineNeuron({
  kind: "power-law",
  summary: "rate = max(drive, 0)^exponent",
  settings: z.strictObject({ exponent: z.number().min(1).max(4).default(2) }),
  build: (power, population) =>
    sulcus.elementwiseGain(
      population,
      (inputs) => rate(inputs, power),
      (inputs) => back(inputs, power),
    ),
});

export default sulcus.definePlugin({ name: "power-law", parts: [powerLaw] });
