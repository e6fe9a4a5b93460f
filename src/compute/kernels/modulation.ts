import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { inferElementwise } from "./elementwise.ts";

type Strength = KernelThread<"columns" | "strength">;

/**
 * result = rates (1 - strength signal), element by element: a signal such as attention turns rates down. Linear in the
 * rates, so it also carries an error at its result back to them.
 */
export const modulate = defineKernel<"rates" | "signal", "result", { readonly strength: number }>({
  name: "modulate",
  family: "pointwise",
  inputs: ["rates", "signal"],
  launch: "flat",
  inPlace: { result: "rates" },
  outputs: {
    result: {
      reads: ["rates", "signal"],
      body: function (this: Strength, rates: KernelValues, signal: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return rates[i]! * (1 - this.constants.strength * signal[i]!);
      },
    },
  },
  infer: (shapes, { strength }) => inferElementwise("modulate", 3, shapes, { strength }),
});

/** result = -strength error rates: the error at the signal of `modulate`, from the error at its result. */
export const modulationSlope = defineKernel<"error" | "rates", "result", { readonly strength: number }>({
  name: "modulation-slope",
  family: "error",
  inputs: ["error", "rates"],
  launch: "flat",
  inPlace: { result: "error" },
  outputs: {
    result: {
      reads: ["error", "rates"],
      body: function (this: Strength, error: KernelValues, rates: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return -this.constants.strength * error[i]! * rates[i]!;
      },
    },
  },
  infer: (shapes, { strength }) => inferElementwise("modulation-slope", 2, shapes, { strength }),
});

/**
 * result = rates (1 - inhibition) + inhibition: where a place is inhibited (1) the signal is 1 whatever it was, elsewhere (0)
 * it stays. The error at the rates is `modulate` of the error by the inhibition, strength 1.
 */
export const inhibitReturn = defineKernel({
  name: "inhibit-return",
  family: "pointwise",
  inputs: ["rates", "inhibition"],
  launch: "flat",
  inPlace: { result: "rates" },
  outputs: {
    result: {
      reads: ["rates", "inhibition"],
      body: function (this: KernelThread<"columns">, rates: KernelValues, inhibition: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return rates[i]! * (1 - inhibition[i]!) + inhibition[i]!;
      },
    },
  },
  infer: (shapes) => inferElementwise("inhibit-return", 3, shapes),
});

/** result = 1 where inhibition > 1/2 or signal < threshold, else 0: what has been attended is inhibited from now on. */
export const markAttended = defineKernel<"inhibition" | "signal", "result", { readonly threshold: number }>({
  name: "mark-attended",
  family: "pointwise",
  inputs: ["inhibition", "signal"],
  launch: "flat",
  inPlace: { result: "inhibition" },
  outputs: {
    result: {
      reads: ["inhibition", "signal"],
      body: function (this: KernelThread<"columns" | "threshold">, inhibition: KernelValues, signal: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const attended = signal[i]! < this.constants.threshold ? 1 : 0;
        return inhibition[i]! + attended > 0.5 ? 1 : 0;
      },
    },
  },
  infer: (shapes, { threshold }) => inferElementwise("mark-attended", 3, shapes, { threshold }),
});
