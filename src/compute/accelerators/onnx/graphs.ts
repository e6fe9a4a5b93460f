import { nameOf } from "../../lowering/stretch.ts";
import type { TracedStep } from "../../step.ts";
import type { Transposes } from "../products.ts";
import { GraphBuilder } from "./graph-builder.ts";
import type { OnnxGraph } from "./model.ts";
import { addStep } from "./operators.ts";

/** product = op(left) op(right), where op transposes if asked. All sizes are symbolic, so one graph serves every shape. */
export function productGraph([transposeLeft, transposeRight]: Transposes): OnnxGraph {
  const symbolic = (name: string) => [`${name}/0`, `${name}/1`];
  return {
    nodes: [
      {
        operator: "Gemm",
        inputs: ["left", "right"],
        output: "product",
        attributes: { transA: Number(transposeLeft), transB: Number(transposeRight) },
      },
    ],
    inputs: { left: symbolic("left"), right: symbolic("right") },
    outputs: { product: symbolic("product") },
  };
}

/**
 * The graph of steps that follow one another, inputs and outputs named by `nameOf`.
 *
 * @param outputs names of the values that are needed elsewhere
 */
export function stretchGraph(steps: readonly TracedStep[], outputs: readonly string[]): OnnxGraph {
  const readings = new Map<number, number>();
  for (const { inputs } of steps)
    for (const id of new Set(Object.values(inputs))) readings.set(id, (readings.get(id) ?? 0) + 1);
  const graph = new GraphBuilder((id) => readings.get(id) === 1 && !outputs.includes(nameOf(id)));
  for (const step of steps) addStep(graph, step);
  const made = steps.flatMap((step) => Object.values(step.outputs));
  return graph.build(made.filter((id) => outputs.includes(nameOf(id))));
}
