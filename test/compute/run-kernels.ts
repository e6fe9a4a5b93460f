import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Shape } from "../../src/compute/shape.ts";
import type { KernelCase } from "../arbitraries/kernels-values.ts";
import type { AnyKernel } from "./kernel-catalogue.ts";

export type KernelResults = Readonly<Record<string, Float32Array>>;

/** Calls of one kernel, all in one plan: every input is fed, every output read. */
export async function runKernels(
  executor: Executor,
  kernel: AnyKernel,
  calls: readonly KernelCase[],
): Promise<KernelResults[]> {
  const numbered = (name: string, call: number) => `${name} of call ${call}`;
  const plan = tracePlan("calls", {}, (trace) => {
    for (const [call, { inputs, attributes }] of calls.entries()) {
      const given = Object.entries(inputs).map(([name, { shape }]) => [name, trace.input(numbered(name, call), shape)]);
      const outputs = kernel(Object.fromEntries(given), attributes);
      for (const [name, tensor] of Object.entries(outputs)) trace.output(numbered(name, call), tensor);
    }
  });
  const session = await executor.load({ residents: {}, plans: { calls: plan } });
  try {
    const feed = Object.fromEntries(
      calls.flatMap(({ inputs }, call) =>
        Object.entries(inputs).map(([name, { values }]) => [numbered(name, call), values]),
      ),
    );
    const [results] = await session.run("calls", [feed]);
    return calls.map((_, call) =>
      Object.fromEntries(
        Object.keys(kernel.declaration.outputs).map((name) => [name, results![numbered(name, call)]!.slice()]),
      ),
    );
  } finally {
    await session.dispose();
  }
}

/** The same with each output that may overwrite an input assigned to it, so that it is written in place. */
export async function runKernelsInPlace(
  executor: Executor,
  kernel: AnyKernel,
  calls: readonly KernelCase[],
): Promise<KernelResults[]> {
  const inPlace = kernel.declaration.inPlace as Readonly<Record<string, string>>;
  const overwritten = new Set(Object.values(inPlace));
  const numbered = (name: string, call: number) => `${name} of call ${call}`;
  const given = calls.flatMap(({ inputs }, call) =>
    Object.entries(inputs).map(([name, input]) => ({ name, call, ...input })),
  );
  const residents: Record<string, Shape> = {};
  for (const { name, call, shape } of given) if (overwritten.has(name)) residents[numbered(name, call)] = shape;
  const plan = tracePlan("calls", residents, (trace) => {
    for (const [call, { inputs, attributes }] of calls.entries()) {
      const tensors = Object.entries(inputs).map(([name, { shape }]) => {
        const known = numbered(name, call);
        return [name, overwritten.has(name) ? trace.resident(known) : trace.input(known, shape)];
      });
      const outputs = kernel(Object.fromEntries(tensors), attributes);
      for (const [output, input] of Object.entries(inPlace)) trace.assign(numbered(input, call), outputs[output]!);
    }
  });
  const session = await executor.load({ residents, plans: { calls: plan } });
  try {
    const feed: Record<string, Float32Array> = {};
    for (const { name, call, values } of given) {
      if (overwritten.has(name)) await session.write(numbered(name, call), values);
      else feed[numbered(name, call)] = values;
    }
    await session.run("calls", [feed]);
    const results: KernelResults[] = [];
    for (const call of calls.keys()) {
      const own: Record<string, Float32Array> = {};
      for (const [output, input] of Object.entries(inPlace)) own[output] = await session.read(numbered(input, call));
      results.push(own);
    }
    return results;
  } finally {
    await session.dispose();
  }
}
