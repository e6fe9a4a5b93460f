import { DeviceError, UsageError } from "../../kinds/errors.ts";
import type { Accelerator, AcceleratorKind, BoundCall, BufferView, RunCall } from "../accelerator.ts";
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
import { flattenInto, type LaunchResult } from "../gpujs.ts";
import { type KernelCompiler, openCompiler } from "../kernel-compiler.ts";
import type { KernelDeclaration } from "../kernel-declaration.ts";
import type { ExecutablePlan, Plan, Program } from "../plan.ts";
import { sizeOf } from "../shape.ts";
import type { Step } from "../trace.ts";

const pageBytes = 65536;
/** Room for the static data of accelerator modules at the start of memory. */
const reservedBytes = pageBytes;
const largestMemory = 65536 * pageBytes;

/**
 * The cpu device: every program gets one WebAssembly.Memory that holds its residents and, shared by its plans, a region
 * for their values and scratch for accelerators. A step runs through the first accelerator that knows its kernel, else through GPU.js in mode "cpu".
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
      const plan = kinds.reduce((fused: ExecutablePlan, kind) => kind.fuse?.(fused) ?? fused, traced);
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
  const accelerators: Accelerator[] = [];
  for (const kind of kinds) accelerators.push(await kind.open(memory, end + valueBytes));

  const allFinite = accelerators.find((accelerator) => accelerator.allFinite)?.allFinite;

  const loadPlan = (plan: ExecutablePlan, buffers: BufferPlan): LoadedPlan => {
    const offsetOf = (id: number) => {
      const resident = buffers.residents.get(id);
      return resident === undefined ? end + buffers.offsets.get(id)! : residentOffsets.get(resident)!;
    };
    const calls = plan.steps.map((step) => bindStep(bindViews(step, offsetOf, window), accelerators, compiler));
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
      for (const accelerator of accelerators) await accelerator.dispose();
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
  step: Step,
  offsetOf: (id: number) => number,
  window: (offset: number, elements: number) => Float32Array,
): BoundCall {
  const views = (ids: Readonly<Record<string, number>>, shapes: Step["inputShapes"]) =>
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
  };
}

function bindStep(call: BoundCall, accelerators: readonly Accelerator[], compiler: KernelCompiler): RunCall {
  const accelerator = accelerators.find(({ kernels }) => kernels.has(call.kernel.name));
  if (accelerator) return accelerator.bind(call);
  const { kernel } = call;
  if (!isDeclared(kernel)) throw new Error(`no accelerator takes the step "${kernel.name}" that one of them made`);
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

function isDeclared(kernel: Step["kernel"]): kernel is KernelDeclaration {
  return "outputs" in kernel;
}
