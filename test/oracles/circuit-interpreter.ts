import {
  checkFeeds,
  checkLength,
  type Executor,
  type Feeds,
  planOf,
  type Results,
} from "../../src/compute/executor.ts";
import type { KernelBody } from "../../src/compute/kernel.ts";
import { type Plan, type Program, recordedSteps } from "../../src/compute/plan.ts";
import { type Shape, sizeOf } from "../../src/compute/shape.ts";
import type { TracedStep } from "../../src/compute/step.ts";

/**
 * Runs plans by calling the kernel bodies as the plain functions they are, element by element: no compiler, and no
 * buffer is ever shared or reused. Instant for small circuits, so properties can try many; that every device gives
 * the same is a test of its own (test/plasticity/devices.test.ts).
 */
export const interpreter: Executor = {
  device: "interpreter",
  provider: "gpujs",
  stepsPerCall: 1,
  async load(program: Program) {
    const residents = new Map(
      Object.entries(program.residents).map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]),
    );
    return {
      async run(name, feeds) {
        const plan = planOf(program, name);
        return feeds.map((feed) => runPlan(plan, feed, residents));
      },
      read: async (name) => residents.get(name)!.slice(),
      async write(name, values) {
        const shape = program.residents[name]!;
        checkLength(`resident "${name}"`, values, sizeOf(shape), shape);
        residents.set(name, values.slice());
      },
      bytes: { residents: 0, values: 0 },
      dispose: async () => {},
    };
  },
};

function runPlan(plan: Plan, feeds: Feeds, residents: Map<string, Float32Array>): Results {
  checkFeeds(plan, feeds);
  const values = new Map<number, Float32Array>();
  for (const [name, id] of plan.inputs) values.set(id, feeds[name]!);
  for (const [name, id] of plan.residents) values.set(id, residents.get(name)!);
  for (const step of recordedSteps(plan)) runStep(step, values);
  const results = Object.fromEntries([...plan.outputs].map(([name, { id }]) => [name, values.get(id)!.slice()]));
  for (const [name, value] of [...plan.assignments].map(([name, id]) => [name, values.get(id)!.slice()] as const))
    residents.set(name, value);
  return results;
}

function runStep({ kernel, inputs, outputs, outputShapes, constants }: TracedStep, values: Map<number, Float32Array>) {
  for (const [output, { reads, body }] of Object.entries(kernel.outputs)) {
    const shape = outputShapes[output]!;
    const given = reads.map((input) => values.get(inputs[input]!)!);
    values.set(outputs[output]!, launch(body, kernel.launch, shape, constants, given));
  }
}

/** One call of the body for each element of the output. */
function launch(
  body: KernelBody,
  kind: "shaped" | "flat",
  shape: Shape,
  constants: Readonly<Record<string, number>>,
  given: readonly Float32Array[],
): Float32Array {
  const columns = shape.at(-1)!;
  const rows = kind === "flat" ? sizeOf(shape) / columns : (shape.at(-2) ?? 1);
  const all = kind === "flat" ? { ...constants, columns } : constants;
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
    const row = Math.floor(index / columns);
    const thread = { x: index % columns, y: row % rows, z: Math.floor(row / rows) };
    return body.apply({ thread, constants: all }, [...given]);
  });
}
