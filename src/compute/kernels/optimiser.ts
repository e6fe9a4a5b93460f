import { defineKernel, type KernelThread, type KernelValues } from "../kernel.ts";
import { expectShape, sizeOf } from "../shape.ts";

/** Largest and smallest weight that a sign constraint allows; +-3.4e38 where it allows all. */
export interface WeightBounds {
  readonly minimum: number;
  readonly maximum: number;
}

type Bounds = "minimum" | "maximum" | "columns";

/**
 * Stochastic gradient descent, then back into the bounds: w <- clamp(w - rate g).
 * schedule = [rate].
 */
export const sgdStep = defineKernel<"weight" | "gradient" | "schedule", "weight", WeightBounds, WeightBounds>({
  name: "sgd-step",
  family: "optimiser",
  inputs: ["weight", "gradient", "schedule"],
  launch: "flat",
  inPlace: { weight: "weight" },
  outputs: {
    weight: {
      reads: ["weight", "gradient", "schedule"],
      body: function (
        this: KernelThread<Bounds>,
        weight: KernelValues,
        gradient: KernelValues,
        schedule: KernelValues,
      ) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const moved = weight[i]! - schedule[0]! * gradient[i]!;
        return Math.min(this.constants.maximum, Math.max(this.constants.minimum, moved));
      },
    },
  },
  infer({ weight, gradient, schedule }, { minimum, maximum }) {
    expectShape("sgd-step", "gradient", gradient, weight);
    expectShape("sgd-step", "schedule", schedule, [1]);
    return { shapes: { weight }, constants: { minimum, maximum }, flops: 4 * sizeOf(weight) };
  },
});

interface MomentumAttributes extends WeightBounds {
  readonly momentum: number;
}

/**
 * Gradient descent with momentum, then back into the bounds: u <- momentum u + g; w <- clamp(w - rate u).
 * schedule = [rate].
 */
export const momentumStep = defineKernel<
  "weight" | "gradient" | "velocity" | "schedule",
  "weight" | "velocity",
  MomentumAttributes,
  MomentumAttributes
>({
  name: "momentum-step",
  family: "optimiser",
  inputs: ["weight", "gradient", "velocity", "schedule"],
  launch: "flat",
  inPlace: { weight: "weight", velocity: "velocity" },
  outputs: {
    weight: {
      reads: ["weight", "gradient", "velocity", "schedule"],
      body: function (
        this: KernelThread<Bounds | "momentum">,
        weight: KernelValues,
        gradient: KernelValues,
        velocity: KernelValues,
        schedule: KernelValues,
      ) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const moved = weight[i]! - schedule[0]! * (this.constants.momentum * velocity[i]! + gradient[i]!);
        return Math.min(this.constants.maximum, Math.max(this.constants.minimum, moved));
      },
    },
    velocity: {
      reads: ["gradient", "velocity"],
      body: function (this: KernelThread<"momentum" | "columns">, gradient: KernelValues, velocity: KernelValues) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return this.constants.momentum * velocity[i]! + gradient[i]!;
      },
    },
  },
  infer({ weight, gradient, velocity, schedule }, { minimum, maximum, momentum }) {
    expectShape("momentum-step", "gradient", gradient, weight);
    expectShape("momentum-step", "velocity", velocity, weight);
    expectShape("momentum-step", "schedule", schedule, [1]);
    return {
      shapes: { weight, velocity: weight },
      constants: { minimum, maximum, momentum },
      flops: 6 * sizeOf(weight),
    };
  },
});

export interface AdamAttributes extends WeightBounds {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Which entry of the schedule is the share of the weight that decays. */
  readonly decayIndex: 2 | 3;
}

/**
 * Adam with decoupled weight decay, then back into the bounds:
 * m <- beta1 m + (1 - beta1) g; v <- beta2 v + (1 - beta2) g^2;
 * w <- clamp(w - (stepSize m / (sqrt(v) rootCorrection + epsilon) + share w)).
 * schedule = [stepSize, rootCorrection, decay, 0] with stepSize = rate / (1 - beta1^t),
 * rootCorrection = 1 / sqrt(1 - beta2^t), decay = rate decay, for step t = 1, 2, ...; share = schedule[decayIndex],
 * so that weights can decay and biases stay. What decays joins the step before it meets the weight: 1 - share is 1 in
 * single precision where share is below 3e-8.
 * Sources: Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2.
 */
export const adamStep = defineKernel<
  "weight" | "gradient" | "firstMoment" | "secondMoment" | "schedule",
  "weight" | "firstMoment" | "secondMoment",
  AdamAttributes,
  AdamAttributes & Readonly<Record<"rest1" | "rest2", number>>
>({
  name: "adam-step",
  family: "optimiser",
  inputs: ["weight", "gradient", "firstMoment", "secondMoment", "schedule"],
  launch: "flat",
  inPlace: { weight: "weight", firstMoment: "firstMoment", secondMoment: "secondMoment" },
  outputs: {
    weight: {
      reads: ["weight", "gradient", "firstMoment", "secondMoment", "schedule"],
      body: function (
        this: KernelThread<Bounds | "beta1" | "rest1" | "beta2" | "rest2" | "epsilon" | "decayIndex">,
        weight: KernelValues,
        gradient: KernelValues,
        firstMoment: KernelValues,
        secondMoment: KernelValues,
        schedule: KernelValues,
      ) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const g = gradient[i]!;
        const m = this.constants.beta1 * firstMoment[i]! + this.constants.rest1 * g;
        const v = this.constants.beta2 * secondMoment[i]! + this.constants.rest2 * g * g;
        const moved =
          weight[i]! -
          ((schedule[0]! * m) / (Math.sqrt(v) * schedule[1]! + this.constants.epsilon) +
            schedule[this.constants.decayIndex]! * weight[i]!);
        return Math.min(this.constants.maximum, Math.max(this.constants.minimum, moved));
      },
    },
    firstMoment: {
      reads: ["gradient", "firstMoment"],
      body: function (
        this: KernelThread<"beta1" | "rest1" | "columns">,
        gradient: KernelValues,
        firstMoment: KernelValues,
      ) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        return this.constants.beta1 * firstMoment[i]! + this.constants.rest1 * gradient[i]!;
      },
    },
    secondMoment: {
      reads: ["gradient", "secondMoment"],
      body: function (
        this: KernelThread<"beta2" | "rest2" | "columns">,
        gradient: KernelValues,
        secondMoment: KernelValues,
      ) {
        const i = this.thread.y * this.constants.columns + this.thread.x;
        const g = gradient[i]!;
        return this.constants.beta2 * secondMoment[i]! + this.constants.rest2 * g * g;
      },
    },
  },
  infer(
    { weight, gradient, firstMoment, secondMoment, schedule },
    { minimum, maximum, beta1, beta2, epsilon, decayIndex },
  ) {
    expectShape("adam-step", "gradient", gradient, weight);
    expectShape("adam-step", "firstMoment", firstMoment, weight);
    expectShape("adam-step", "secondMoment", secondMoment, weight);
    expectShape("adam-step", "schedule", schedule, [4]);
    return {
      shapes: { weight, firstMoment: weight, secondMoment: weight },
      // 1 - beta is formed here: a device that computes in float32 would lose it (1.3e-5 of 1 - 0.999).
      constants: { minimum, maximum, beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon, decayIndex },
      flops: 16 * sizeOf(weight),
    };
  },
});
