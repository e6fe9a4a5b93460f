import fc from "fast-check";
import type { Executor, Results, Session } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Shape } from "../../src/compute/shape.ts";
import type { KernelCase } from "../arbitraries/kernels-values.ts";
import type { AnyKernel } from "./kernel-catalogue.ts";

export type KernelResults = Readonly<Record<string, Float32Array>>;

/** Several cases at once: to open a session takes longer than a small call. */
export const several = (cases: fc.Arbitrary<KernelCase>): fc.Arbitrary<KernelCase[]> =>
  fc.array(cases, { minLength: 1, maxLength: 16, size: "max" });

/** Name of an input or output of one call among several. */
const named = (name: string, call: number) => `${name} of call ${call}`;

/** Looks at a session after its run, and at the results where they lie. */
type Look = (session: Session, results: Results) => Promise<void>;

/** Calls of one kernel, all in one plan: every input is a resident, every output is read. */
export async function runKernels(
  executor: Executor,
  kernel: AnyKernel,
  calls: readonly KernelCase[],
  look?: Look,
): Promise<KernelResults[]> {
  const { shapes, values } = argumentsOf(calls);
  const plan = tracePlan("calls", shapes, (trace) => {
    for (const [call, { inputs, attributes }] of calls.entries()) {
      const given = Object.keys(inputs).map((name) => [name, trace.resident(named(name, call))]);
      const outputs = kernel(Object.fromEntries(given), attributes);
      for (const [name, tensor] of Object.entries(outputs)) trace.output(named(name, call), tensor);
    }
  });
  const session = await executor.load({ residents: shapes, plans: { calls: plan } });
  try {
    for (const [name, array] of Object.entries(values)) await session.write(name, array);
    const [results] = await session.run("calls", [{}]);
    await look?.(session, results!);
    return calls.map((_, call) =>
      Object.fromEntries(
        Object.keys(kernel.declaration.outputs).map((name) => [name, results![named(name, call)]!.slice()]),
      ),
    );
  } finally {
    await session.dispose();
  }
}

/** One call of a kernel. */
export async function runKernel(executor: Executor, kernel: AnyKernel, call: KernelCase): Promise<KernelResults> {
  const [results] = await runKernels(executor, kernel, [call]);
  return results!;
}

/** The same calls with each output that may overwrite an input assigned to it, so that it is written in place. */
export async function runKernelsInPlace(
  executor: Executor,
  kernel: AnyKernel,
  calls: readonly KernelCase[],
): Promise<KernelResults[]> {
  const inPlace = Object.entries(kernel.declaration.inPlace as Readonly<Record<string, string>>);
  const { shapes, values } = argumentsOf(calls);
  const plan = tracePlan("calls", shapes, (trace) => {
    for (const [call, { inputs, attributes }] of calls.entries()) {
      const given = Object.keys(inputs).map((name) => [name, trace.resident(named(name, call))]);
      const outputs = kernel(Object.fromEntries(given), attributes);
      for (const [output, input] of inPlace) trace.assign(named(input, call), outputs[output]!);
    }
  });
  const session = await executor.load({ residents: shapes, plans: { calls: plan } });
  try {
    for (const [name, array] of Object.entries(values)) await session.write(name, array);
    await session.run("calls", [{}]);
    const results: KernelResults[] = [];
    for (const call of calls.keys()) {
      const own: Record<string, Float32Array> = {};
      for (const [output, input] of inPlace) own[output] = await session.read(named(input, call));
      results.push(own);
    }
    return results;
  } finally {
    await session.dispose();
  }
}

/** Shapes and values of all arguments, by the names that they have as residents. */
export function argumentsOf(calls: readonly KernelCase[]) {
  const shapes: Record<string, Shape> = {};
  const values: Record<string, Float32Array> = {};
  for (const [call, { inputs }] of calls.entries())
    for (const [name, input] of Object.entries(inputs)) {
      shapes[named(name, call)] = input.shape;
      values[named(name, call)] = input.values;
    }
  return { shapes, values };
}
