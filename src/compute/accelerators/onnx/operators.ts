import { contractionTransposes } from "../../kernels/contraction.ts";
import { relu, sigmoid, tanh } from "../../kernels/gain.ts";
import { reluError, sigmoidError, tanhError } from "../../kernels/gain-error.ts";
import { add, addBias, multiply, ones, subtract } from "../../kernels/pointwise.ts";
import { addScaled, leak, scale, scaleRows } from "../../kernels/scaling.ts";
import { sizeOf } from "../../shape.ts";
import type { Step } from "../../step.ts";
import { type GraphBuilder, type Matrix, matrixOf } from "./graph-builder.ts";

/** How a kernel is expressed in ONNX operators: the matrix that holds its one output. */
type Operator = (graph: GraphBuilder, step: Step) => Matrix;

/** An operator on values of equally many elements, all taken in the first one's shape. */
function elementwise(...inputs: readonly [string, ...string[]]) {
  return (build: (graph: GraphBuilder, values: readonly string[], constants: Step["constants"]) => string): Operator =>
    (graph, step) => {
      const [first, ...others] = inputs;
      const { sizes } = graph.value(step.inputs[first]!, step.inputShapes[first]!);
      const names = [first, ...others].map((input) => graph.read(step.inputs[input]!, sizes));
      return { name: build(graph, names, step.constants), sizes };
    };
}

const binary = (operator: string): Operator =>
  elementwise("left", "right")((graph, operands) => graph.node(operator, operands));
const unary = (operator: string): Operator =>
  elementwise("values")((graph, operands) => graph.node(operator, operands));

const product =
  ([transposeLeft, transposeRight]: readonly [boolean, boolean]): Operator =>
  (graph, { inputs, inputShapes, constants }) => {
    const operand = (name: string) => graph.read(inputs[name]!, inputShapes[name] as [number, number]);
    const attributes = { transA: Number(transposeLeft), transB: Number(transposeRight) };
    return {
      name: graph.node("Gemm", [operand("left"), operand("right")], attributes),
      sizes: [constants.rows!, constants.columns!],
    };
  };

/** By kernel name. */
const operators: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(Object.entries(contractionTransposes).map(([name, transposes]) => [name, product(transposes)])),
  [add.declaration.name]: (graph, { inputs, inputShapes }) =>
    graph.sum(graph.value(inputs.left!, inputShapes.left!), graph.value(inputs.right!, inputShapes.right!)),
  [addBias.declaration.name]: (graph, { inputs, inputShapes, constants: { dimension, units } }) => {
    const across = dimension! * units!;
    const matrix = (input: string, rows: number) => {
      const sizes = [rows, across] as const;
      return { name: graph.read(inputs[input]!, sizes), sizes };
    };
    return graph.sum(matrix("drive", sizeOf(inputShapes.drive!) / across), matrix("bias", 1));
  },
  [ones.declaration.name]: (graph, { outputShapes }) => {
    const sizes = matrixOf(outputShapes.result!);
    return { name: graph.node("Expand", [graph.number(1), graph.sizes(sizes)]), sizes };
  },
  [subtract.declaration.name]: binary("Sub"),
  [multiply.declaration.name]: binary("Mul"),
  [relu.declaration.name]: unary("Relu"),
  [tanh.declaration.name]: unary("Tanh"),
  // ONNX Runtime's own Sigmoid is within 1e-7 of the rate, which is all that there is of a small one.
  [sigmoid.declaration.name]: elementwise("values")((graph, [values]) => {
    const against = graph.node("Exp", [graph.node("Neg", [values!])]);
    return graph.node("Reciprocal", [graph.node("Add", [graph.number(1), against])]);
  }),
  [reluError.declaration.name]: elementwise(
    "error",
    "rates",
  )((graph, [error, rates]) => {
    const fires = graph.node("Greater", [rates!, graph.number(0)]);
    return graph.node("Where", [fires, error!, graph.number(0)]);
  }),
  [tanhError.declaration.name]: elementwise(
    "error",
    "rates",
  )((graph, [error, rates]) => {
    const below = graph.node("Sub", [graph.number(1), rates!]);
    const above = graph.node("Add", [graph.number(1), rates!]);
    return graph.node("Mul", [error!, graph.node("Mul", [below, above])]);
  }),
  [sigmoidError.declaration.name]: elementwise(
    "error",
    "rates",
  )((graph, [error, rates]) => {
    const rest = graph.node("Sub", [graph.number(1), rates!]);
    return graph.node("Mul", [graph.node("Mul", [error!, rates!]), rest]);
  }),
  [scale.declaration.name]: elementwise("values")((graph, [values], { factor }) =>
    graph.node("Mul", [values!, graph.number(factor!)]),
  ),
  [addScaled.declaration.name]: elementwise(
    "left",
    "right",
  )((graph, [left, right], { factor }) =>
    graph.node("Add", [left!, graph.node("Mul", [right!, graph.number(factor!)])]),
  ),
  [leak.declaration.name]: elementwise(
    "previous",
    "rates",
  )((graph, [previous, rates], { kept, rate }) =>
    graph.node("Add", [
      graph.node("Mul", [previous!, graph.number(kept!)]),
      graph.node("Mul", [rates!, graph.number(rate!)]),
    ]),
  ),
  [scaleRows.declaration.name]: (graph, { inputs, inputShapes, constants: { factor } }) => {
    const sizes = inputShapes.values as [number, number];
    const scales = graph.node("Mul", [graph.read(inputs.scales!, [sizes[0], 1]), graph.number(factor!)]);
    return { name: graph.node("Mul", [graph.read(inputs.values!, sizes), scales]), sizes };
  },
};

/** Whether ONNX Runtime can run a step as part of a graph. */
export function hasOperator({ kernel, constants }: Step): boolean {
  if (!(kernel.name in operators)) return false;
  // A bias that repeats after some units is another shape than any that ONNX broadcasts.
  return kernel.name !== addBias.declaration.name || constants.period === constants.units;
}

/** Adds a step to a graph. */
export function addStep(graph: GraphBuilder, step: Step): void {
  const [output] = Object.values(step.outputs);
  graph.define(output!, operators[step.kernel.name]!(graph, step));
}
