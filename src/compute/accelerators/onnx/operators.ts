import { isOfElements } from "../../expression-body.ts";
import { contractionTransposes } from "../../kernels/contraction.ts";
import { tanh } from "../../kernels/gain.ts";
import { add, addBias, ones } from "../../kernels/pointwise.ts";
import { scaleRows } from "../../kernels/scaling.ts";
import { sizeOf } from "../../shape.ts";
import type { TracedStep } from "../../step.ts";
import { addExpression } from "./expressions.ts";
import { type GraphBuilder, type Matrix, matrixOf } from "./graph-builder.ts";

/** How a kernel is expressed in ONNX operators: the matrix that holds its one output. */
type Operator = (graph: GraphBuilder, step: TracedStep) => Matrix;

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

/** By kernel name; all else is told by its expression. */
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
  // ONNX Runtime's own, which keeps the digits of small rates.
  [tanh.declaration.name]: (graph, { inputs, inputShapes }) => {
    const { name, sizes } = graph.value(inputs.values!, inputShapes.values!);
    return { name: graph.node("Tanh", [name]), sizes };
  },
  [scaleRows.declaration.name]: (graph, { inputs, inputShapes, constants: { factor } }) => {
    const sizes = inputShapes.values as [number, number];
    const scales = graph.node("Mul", [graph.read(inputs.scales!, [sizes[0], 1]), graph.number(factor!)]);
    return { name: graph.node("Mul", [graph.read(inputs.values!, sizes), scales]), sizes };
  },
};

/** Whether ONNX Runtime can run a step as part of a graph. */
export function hasOperator({ kernel, constants }: TracedStep): boolean {
  // A bias that repeats after some units is another shape than any that ONNX broadcasts.
  if (kernel.name === addBias.declaration.name) return constants.period === constants.units;
  return kernel.name in operators || (kernel.expression !== undefined && isOfElements(kernel.expression));
}

/** Adds a step to a graph. */
export function addStep(graph: GraphBuilder, step: TracedStep): void {
  const [output] = Object.values(step.outputs);
  const operator = operators[step.kernel.name];
  graph.define(output!, operator ? operator(graph, step) : addExpression(graph, step, step.kernel.expression!));
}
