import type { Comparison, Expression } from "../../expression.ts";
import type { TracedStep } from "../../step.ts";
import type { GraphBuilder, Matrix } from "./graph-builder.ts";

const operators = {
  sum: "Add",
  difference: "Sub",
  product: "Mul",
  quotient: "Div",
  larger: "Max",
  smaller: "Min",
  above: "Greater",
  below: "Less",
  negative: "Neg",
  magnitude: "Abs",
  exponential: "Exp",
} as const;

/** Operators that know one of their operands. */
const isNumber = (node: Expression, value: number) => node.kind === "number" && node.value === value;

/**
 * Adds an expression of values of equally many elements, all taken in the first one's shape: an operator of ONNX for each operation,
 * in the order of the expression.
 */
export function addExpression(
  graph: GraphBuilder,
  { kernel, inputs, inputShapes, constants }: Pick<TracedStep, "kernel" | "inputs" | "inputShapes" | "constants">,
  expression: Expression,
): Matrix {
  const first = kernel.inputs[0]!;
  const { sizes } = graph.value(inputs[first]!, inputShapes[first]!);
  const names = new Map<Expression | Comparison, string>();
  const written = (node: Expression | Comparison): string => {
    switch (node.kind) {
      case "element":
        return graph.read(inputs[node.input]!, sizes);
      case "constant":
        return graph.number(constants[node.name]!);
      case "number":
        return graph.number(node.value);
      case "choice":
        return graph.node("Where", [read(node.where), read(node.yes), read(node.no)]);
      case "negative":
      case "magnitude":
      case "exponential":
        return graph.node(operators[node.kind], [read(node.of)]);
      default:
        if (node.kind === "larger" && isNumber(node.right, 0)) return graph.node("Relu", [read(node.left)]);
        if (node.kind === "quotient" && isNumber(node.left, 1)) return graph.node("Reciprocal", [read(node.right)]);
        return graph.node(operators[node.kind], [read(node.left), read(node.right)]);
    }
  };
  const read = (node: Expression | Comparison): string => {
    const name = names.get(node) ?? written(node);
    names.set(node, name);
    return name;
  };
  return { name: read(expression), sizes };
}
