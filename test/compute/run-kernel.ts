import type { Executor } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Shape } from "../../src/compute/shape.ts";
import type { KernelCase } from "../arbitraries/kernels-values.ts";
import type { AnyKernel } from "./kernel-catalogue.ts";

export type KernelResults = Readonly<Record<string, Float32Array>>;

/** One call of a kernel: every input is fed, every output read. */
export async function runKernel(
  executor: Executor,
  kernel: AnyKernel,
  { inputs, attributes }: KernelCase,
): Promise<KernelResults> {
  const plan = tracePlan("call", {}, (trace) => {
    const arguments_ = Object.entries(inputs).map(([name, { shape }]) => [name, trace.input(name, shape)] as const);
    const outputs = kernel(Object.fromEntries(arguments_), attributes);
    for (const [name, tensor] of Object.entries(outputs)) trace.output(name, tensor);
  });
  const session = await executor.load({ residents: {}, plans: { call: plan } });
  const feed = Object.fromEntries(Object.entries(inputs).map(([name, { values }]) => [name, values]));
  const [results] = await session.run("call", [feed]);
  const kept = Object.fromEntries(Object.entries(results!).map(([name, values]) => [name, values.slice()]));
  await session.dispose();
  return kept;
}

/** The same call with each output that may overwrite an input assigned to it, so that it is written in place. */
export async function runKernelInPlace(
  executor: Executor,
  kernel: AnyKernel,
  { inputs, attributes }: KernelCase,
): Promise<KernelResults> {
  const inPlace = kernel.declaration.inPlace as Readonly<Record<string, string>>;
  const overwritten = new Set(Object.values(inPlace));
  const residents = Object.fromEntries(
    Object.entries(inputs).flatMap(([name, { shape }]): [string, Shape][] =>
      overwritten.has(name) ? [[name, shape]] : [],
    ),
  );
  const plan = tracePlan("call", residents, (trace) => {
    const arguments_ = Object.entries(inputs).map(
      ([name, { shape }]) => [name, overwritten.has(name) ? trace.resident(name) : trace.input(name, shape)] as const,
    );
    const outputs = kernel(Object.fromEntries(arguments_), attributes);
    for (const [output, input] of Object.entries(inPlace)) trace.assign(input, outputs[output]!);
  });
  const session = await executor.load({ residents, plans: { call: plan } });
  const feed: Record<string, Float32Array> = {};
  for (const [name, { values }] of Object.entries(inputs)) {
    if (overwritten.has(name)) await session.write(name, values);
    else feed[name] = values;
  }
  await session.run("call", [feed]);
  const results: Record<string, Float32Array> = {};
  for (const [output, input] of Object.entries(inPlace)) results[output] = await session.read(input);
  await session.dispose();
  return results;
}
