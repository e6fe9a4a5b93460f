import { DeviceError, UsageError } from "../../kinds/errors.ts";
import type { Accelerator, AcceleratorKind, BoundCall, BufferView, RunCall } from "../accelerators/accelerator.ts";
import { alignedBytes, type BufferPlan, planBuffers } from "../buffers.ts";
import {
  checkFeeds,
  checkLength,
  type Executor,
  planOf,
  type Results,
  residentShape,
  type Session,
} from "../executor.ts";
import { rewrite } from "../lowering/rewrite.ts";
import { type Plan, type Program, withoutRepeats } from "../plan.ts";
import { sizeOf } from "../shape.ts";
import { type PlanStep, partsOf } from "../step.ts";
import { flattenInto, type LaunchResult } from "./gpujs.ts";
import { type KernelCompiler, openCompiler } from "./kernel-compiler.ts";

const pageBytes = 65536;
/** Room for the static data of accelerator modules at the start of memory. */
const reservedBytes = pageBytes;
const largestMemory = 65536 * pageBytes;

/**
 * The cpu device: every program gets one WebAssembly.Memory that holds its residents and, shared by its plans, a region
 * for their values and scratch for accelerators. A step runs through the first accelerator that knows its kernel, else through
 * GPU.js in mode "cpu".
 */
export function cpuExecutor(provider: string, kinds: readonly AcceleratorKind[]): Executor {
  return {
    device: "cpu",
    provider,
    stepsPerCall: 1,
    load: (program) => loadProgram(program, kinds),
  };
}

interface LoadedPlan {
  readonly calls: readonly RunCall[];
  readonly inputs: ReadonlyMap<string, Float32Array>;
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

/** A plan as it will run: fused by the rules of all kinds, and again the parts of what no kind takes. */
function lower(plan: Plan, kinds: readonly AcceleratorKind[]): Plan {
  const runnable = (step: PlanStep): readonly PlanStep[] =>
    kinds.some(({ kernels }) => kernels.has(step.kernel.name)) ? [step] : partsOf(step);
  const fused = rewrite(
    plan,
    kinds.flatMap(({ rules = [] }) => rules),
  );
  return { ...fused, steps: withoutRepeats(fused.steps.flatMap(runnable)) };
}

async function loadProgram(program: Program, kinds: readonly AcceleratorKind[]): Promise<Session> {
  const residentOffsets = new Map<string, number>();
  let end = reservedBytes;
  for (const [name, shape] of Object.entries(program.residents)) {
    residentOffsets.set(name, end);
    end += alignedBytes(sizeOf(shape));
  }
  const residentBytes = end - reservedBytes;
  const executables = new Map(
    Object.values(program.plans).map((traced) => {
      const plan = lower(traced, kinds);
      return [traced, { plan, buffers: planBuffers(plan) }] as const;
    }),
  );
  const valueBytes = Math.max(0, ...[...executables.values()].map(({ buffers }) => buffers.bytes));
  const scratchBytes = Math.max(
    0,
    ...[...executables.values()].flatMap(({ plan }) =>
      plan.steps.flatMap((step) => kinds.map((kind) => kind.scratchBytes?.(step) ?? 0)),
    ),
  );
  const memory = allocate(end + valueBytes + scratchBytes);
  const window = (offset: number, elements: number) => new Float32Array(memory.buffer, offset, elements);

  const compiler = await openCompiler("cpu");
  const opened: { readonly kind: AcceleratorKind; readonly accelerator: Accelerator }[] = [];
  for (const kind of kinds) opened.push({ kind, accelerator: await kind.open(memory, end + valueBytes) });

  const allFinite = opened.find(({ accelerator }) => accelerator.allFinite)?.accelerator.allFinite;

  const bindStep = (step: PlanStep, offsetOf: (id: number) => number): RunCall => {
    const call = bindViews(step, offsetOf, window);
    const taker = opened.find(({ kind }) => kind.kernels.has(step.kernel.name));
    return taker ? taker.accelerator.bind(call) : bindKernel(call, compiler);
  };

  const loadPlan = (plan: Plan, buffers: BufferPlan): LoadedPlan => {
    const offsetOf = (id: number) => {
      const resident = buffers.residents.get(id);
      return resident === undefined ? end + buffers.offsets.get(id)! : residentOffsets.get(resident)!;
    };
    const calls = plan.steps.map((step) => bindStep(step, offsetOf));
    const between = (id: number, resident: string) => {
      const elements = sizeOf(residentShape(program, resident));
      return { value: window(offsetOf(id), elements), stored: window(residentOffsets.get(resident)!, elements) };
    };
    const keeps = buffers.keeps.map(({ id, resident }) => {
      const { value, stored } = between(id, resident);
      return () => value.set(stored);
    });
    const copies = buffers.copies.map(({ id, resident }) => {
      const { value, stored } = between(id, resident);
      return () => stored.set(value);
    });
    const windows = (ids: Iterable<readonly [string, number]>) =>
      new Map([...ids].map(([name, id]) => [name, window(offsetOf(id), sizeOf(plan.shapes[id]!))]));
    return {
      calls: [...keeps, ...calls, ...copies],
      inputs: windows(plan.inputs),
      outputs: windows([...plan.outputs].map(([name, { id }]) => [name, id] as const)),
    };
  };
  const loaded = new Map<Plan, LoadedPlan>(
    [...executables].map(([traced, { plan, buffers }]) => [traced, loadPlan(plan, buffers)]),
  );
  const residentWindow = (name: string) => {
    const shape = residentShape(program, name);
    return { shape, values: window(residentOffsets.get(name)!, sizeOf(shape)) };
  };

  return {
    async run(name, feeds) {
      const plan = planOf(program, name);
      const { calls, inputs, outputs } = loaded.get(plan)!;
      /** What each input's window holds: it is looked at there, and stimuli are large enough not to be copied twice. */
      const held = new Map<string, Float32Array>();
      const fed = (input: string, values: Float32Array) => {
        const window = inputs.get(input)!;
        if (held.get(input) !== values) window.set(values);
        held.set(input, values);
        return window;
      };
      for (const feed of feeds) checkFeeds(plan, feed, allFinite && ((input) => allFinite(fed(input, feed[input]!))));
      const results: Results[] = [];
      for (const feed of feeds) {
        for (const input of inputs.keys()) fed(input, feed[input]!);
        // Steps may write over what they no longer need.
        held.clear();
        for (const call of calls) {
          const pending = call();
          if (pending) await pending;
        }
        // One run may hand out windows of the memory; of several, all but the last must be copied.
        const last = results.length === feeds.length - 1;
        results.push(
          Object.fromEntries([...outputs].map(([output, values]) => [output, last ? values : values.slice()])),
        );
      }
      return results;
    },
    async read(name) {
      return residentWindow(name).values.slice();
    },
    async write(name, values) {
      const resident = residentWindow(name);
      checkLength(`resident "${name}"`, values, resident.values.length, resident.shape);
      resident.values.set(values);
    },
    bytes: { residents: residentBytes, values: valueBytes + scratchBytes },
    async dispose() {
      for (const { accelerator } of opened) await accelerator.dispose();
      await compiler.destroy();
    },
  };
}

/** @throws UsageError when the plans need more than a 32-bit memory can be, DeviceError when more than the machine has */
function allocate(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  const words = `the program needs ${(bytes / 2 ** 20).toFixed(0)} MiB`;
  if (bytes > largestMemory)
    throw new UsageError(`${words}, more than the 4096 MiB of one memory; use a smaller batch or fewer units`);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new DeviceError(`${words} and the machine does not give them (${String(error)}); use a smaller batch`);
  }
}

function bindViews(
  step: PlanStep,
  offsetOf: (id: number) => number,
  window: (offset: number, elements: number) => Float32Array,
): BoundCall {
  const views = (ids: Readonly<Record<string, number>>, shapes: PlanStep["inputShapes"]) =>
    Object.fromEntries(
      Object.entries(ids).map(([name, id]): [string, BufferView] => {
        const shape = shapes[name]!;
        const offset = offsetOf(id);
        return [name, { shape, offset, values: window(offset, sizeOf(shape)) }];
      }),
    );
  return {
    kernel: step.kernel,
    inputs: views(step.inputs, step.inputShapes),
    outputs: views(step.outputs, step.outputShapes),
    constants: step.constants,
    parts: partsOf(step),
  };
}

/** Binds a recorded step, which is its own only part, to the GPU.js functions of its kernel. */
function bindKernel(call: BoundCall, compiler: KernelCompiler): RunCall {
  const { kernel } = call.parts[0]!;
  const outputs = Object.entries(call.outputs).map(([output, { shape, values }]) => {
    const launch = compiler.compile(kernel, output, shape, call.constants);
    const inputs = kernel.outputs[output]!.reads.map((input) => call.inputs[input]!.values);
    return { target: values, launch: () => launch(...inputs) as LaunchResult };
  });
  return () => {
    // All outputs first, then the copies: an output may lie on an input that another body still reads.
    const results = outputs.map(({ launch }) => launch());
    outputs.forEach(({ target }, index) => {
      flattenInto(results[index]!, target);
    });
  };
}
