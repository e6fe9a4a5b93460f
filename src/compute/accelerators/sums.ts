import type { BoundCall, RunCall } from "../accelerator.ts";
import { contractionTransposes } from "../kernels/contraction.ts";
import { add } from "../kernels/pointwise.ts";
import type { ExecutablePlan } from "../plan.ts";
import type { Shape } from "../shape.ts";
import type { Step } from "../trace.ts";
import { type Products, smallProduct, type Transposes } from "./products.ts";
import { Uses } from "./uses.ts";

/** Name of the step that `fuseSums` makes. */
export const sumOfProducts = "sum-of-products";

interface Value {
  readonly id: number;
  readonly shape: Shape;
}

/** A sum of small products, and of one value that is none. */
interface Sum {
  readonly products: readonly Step[];
  readonly addend?: Value;
}

/**
 * Replaces small products that are added to one another, and to one other value, by one step, where nothing else needs the
 * values between: the drives that populations send to one, the errors that come back to it, updates summed over time steps.
 */
export function fuseSums(plan: ExecutablePlan): ExecutablePlan {
  const uses = new Uses(plan);
  /** By the step that makes it. */
  const sums = new Map<Step, Sum>();
  const replaced = new Set<Step>();
  for (const step of plan.steps) {
    if (isSmallProduct(step)) sums.set(step, { products: [step] });
    if (step.kernel.name !== add.declaration.name) continue;
    const sides = ["left", "right"].map((side) => {
      const value = { id: step.inputs[side]!, shape: step.inputShapes[side]! };
      const maker = uses.onlyBy(value.id, [step]) ? uses.maker(value.id, ...summing) : undefined;
      const sum = maker && sums.get(maker);
      return sum ? { maker, ...sum } : { maker: undefined, products: [], addend: value };
    });
    const products = sides.flatMap((side) => side.products);
    const addends = sides.flatMap(({ addend }) => addend ?? []);
    if (products.length === 0 || addends.length > 1) continue;
    sums.set(step, { products, ...(addends[0] ? { addend: addends[0] } : {}) });
    for (const { maker } of sides) if (maker) replaced.add(maker);
  }
  const fused = (step: Step) => {
    const sum = sums.get(step);
    return sum && step.kernel.name === add.declaration.name ? stepOf(step, sum) : step;
  };
  return { ...plan, steps: plan.steps.flatMap((step) => (replaced.has(step) ? [] : [fused(step)])) };
}

/** Kernels whose values are or may be sums of products. */
const summing = [...Object.keys(contractionTransposes), add.declaration.name];

function isSmallProduct({ kernel, constants }: Step): boolean {
  const { rows, columns, inner } = constants as { rows: number; columns: number; inner: number };
  return kernel.name in contractionTransposes && rows * columns * inner <= smallProduct;
}

function stepOf({ outputs, outputShapes }: Step, { products, addend }: Sum): Step {
  const operands = <T>(pick: (step: Step) => Readonly<Record<string, T>>) =>
    Object.fromEntries(
      products.flatMap((product, index) => [
        [`left-${index}`, pick(product).left!],
        [`right-${index}`, pick(product).right!],
      ]),
    );
  const transposes = products.flatMap(({ kernel }, index) => {
    const [left, right] = contractionTransposes[kernel.name]!;
    return [
      [`transposeLeft-${index}`, Number(left)],
      [`transposeRight-${index}`, Number(right)],
    ];
  });
  return {
    kernel: { name: sumOfProducts },
    inputs: { ...operands(({ inputs }) => inputs), ...(addend ? { addend: addend.id } : {}) },
    inputShapes: { ...operands(({ inputShapes }) => inputShapes), ...(addend ? { addend: addend.shape } : {}) },
    outputs,
    outputShapes,
    constants: { ...Object.fromEntries(transposes), ...products[0]!.constants, count: products.length },
  };
}

/** Binds a step that `fuseSums` has made. */
export function bindSumOfProducts(products: Products, { inputs, outputs, constants }: BoundCall): RunCall {
  const shape = [constants.rows!, constants.columns!];
  const operands = Array.from({ length: constants.count! }, (_, index) => ({
    left: inputs[`left-${index}`]!,
    right: inputs[`right-${index}`]!,
    transposes: [constants[`transposeLeft-${index}`] === 1, constants[`transposeRight-${index}`] === 1] as Transposes,
  }));
  return products.bindSum(operands, inputs.addend && { ...inputs.addend, shape }, { ...outputs.result!, shape });
}
