import type { Shape } from "../../src/compute/shape.ts";

/** A value that is given to a plan. */
export interface Given {
  readonly kind: "input" | "resident";
  readonly name: string;
  readonly size: number;
}

/** A value that a kernel computes from others, in the shape that the kernel is given. */
export interface Computed {
  readonly kind: Operation;
  readonly operands: readonly number[];
  readonly size: number;
  readonly form: Shape;
}

/** An expression of a plan: what a value is, not where it is stored or when it is computed. */
export type Expression = Given | Computed;

export type Operation = "add" | "multiply" | "outer" | "row-products" | "sgd" | "momentum-weight" | "momentum-velocity";

/** A plan as expressions; operands, outputs and assignments are indices of them. */
export interface PlanModel {
  readonly expressions: readonly Expression[];
  readonly outputs: Readonly<Record<string, number>>;
  readonly assignments: Readonly<Record<string, number>>;
}

export interface ProgramModel {
  /** Sizes of the residents. */
  readonly residents: Readonly<Record<string, number>>;
  readonly plans: Readonly<Record<string, PlanModel>>;
}

/** Integers all the way: momentum 2, weights held within +-100. */
export const momentum = 2;
export const bound = 100;

type Values = Readonly<Record<string, Float32Array>>;

/**
 * One run of a plan with a fresh array for every value, so that nothing can lie on anything else. Kernels on the cpu
 * compute in float64 and round what they store; so do these.
 */
export function runModel(
  { expressions, outputs, assignments }: PlanModel,
  residents: Values,
  feeds: Values,
): { outputs: Values; residents: Values; largest: number } {
  const values: Float32Array[] = [];
  for (const expression of expressions) values.push(evaluate(expression, values, residents, feeds));
  const pick = (indices: Readonly<Record<string, number>>): Values =>
    Object.fromEntries(Object.entries(indices).map(([name, index]) => [name, values[index]!]));
  const largest = values.reduce((found, each) => each.reduce((most, v) => Math.max(most, Math.abs(v)), found), 0);
  return { outputs: pick(outputs), residents: { ...residents, ...pick(assignments) }, largest };
}

function evaluate(
  expression: Expression,
  values: readonly Float32Array[],
  residents: Values,
  feeds: Values,
): Float32Array {
  if ("name" in expression) return (expression.kind === "input" ? feeds : residents)[expression.name]!;
  const [a, b, c, d] = expression.operands.map((index) => values[index]!);
  const element = elements[expression.kind](a!, b!, c!, d!, expression.size);
  return Float32Array.from({ length: expression.size }, (_, index) => element(index));
}

const clamp = (value: number) => Math.min(bound, Math.max(-bound, value));

type Element = (index: number) => number;
const elements: Readonly<
  Record<Operation, (a: Float32Array, b: Float32Array, c: Float32Array, d: Float32Array, size: number) => Element>
> = {
  add: (a, b) => (i) => a[i]! + b[i]!,
  multiply: (a, b) => (i) => a[i]! * b[i]!,
  outer: (a, b) => (i) => a[Math.floor(i / b.length)]! * b[i % b.length]!,
  "row-products": (a, b, _c, _d, size) => (i) => {
    const width = a.length / size;
    let total = 0;
    for (let at = i * width; at < (i + 1) * width; at++) total += a[at]! * b[at]!;
    return total;
  },
  sgd: (weight, gradient, rate) => (i) => clamp(weight[i]! - rate[0]! * gradient[i]!),
  "momentum-weight": (weight, gradient, velocity, rate) => (i) =>
    clamp(weight[i]! - rate[0]! * (momentum * velocity[i]! + gradient[i]!)),
  "momentum-velocity": (_weight, gradient, velocity) => (i) => momentum * velocity[i]! + gradient[i]!,
};
