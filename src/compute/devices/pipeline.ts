import { DeviceError, UsageError } from "../../kinds/errors.ts";
import {
  checkFeeds,
  checkLength,
  type Executor,
  type Feeds,
  planOf,
  type Results,
  residentShape,
  type Session,
} from "../executor.ts";
import { type Plan, type Program, recordedSteps } from "../plan.ts";
import { describeShape, sizeOf } from "../shape.ts";
import type { TracedStep } from "../step.ts";
import { flattenInto, type GpuMode, type LaunchResult, type Pipeline, type PipelineHandle } from "./gpujs.ts";
import { type KernelCompiler, openCompiler } from "./kernel-compiler.ts";

/** Indices in kernels are float32 there: exact up to this many elements. */
const largestArray = 2 ** 24;

/**
 * A GPU.js device: each plan becomes one `createPipeline`, unrolled over as many runs as a call asks for, so that
 * values stay on the device between kernels and the residents travel once a call.
 */
export function pipelineExecutor(mode: Exclude<GpuMode, "cpu">, stepsPerCall = 4): Executor {
  return { device: mode, provider: "gpujs", stepsPerCall, load: (program) => loadProgram(program, mode) };
}

/** A plan unrolled over a number of runs. */
interface Unrolled {
  /** None where no kernel runs: GPU.js refuses such a plan, and there is nothing to take to the device. */
  readonly pipeline: Pipeline | undefined;
  /** Arguments to results where no kernel runs. */
  pass(...values: readonly Float32Array[]): Record<string, LaunchResult>;
  /** Fills the pipeline's arguments, in order. */
  arguments(feeds: readonly Feeds[]): Float32Array[];
}

async function loadProgram(program: Program, mode: Exclude<GpuMode, "cpu">): Promise<Session> {
  for (const plan of Object.values(program.plans)) checkSizes(plan, mode);
  const compiler = await openCompiler(mode);
  const kernels = new Map(Object.values(program.plans).map((plan) => [plan, compileSteps(compiler, plan)]));
  const residents = new Map(
    Object.entries(program.residents).map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]),
  );
  const unrolled = new Map<string, Unrolled>();

  return {
    async run(name, feeds) {
      const plan = planOf(program, name);
      for (const feed of feeds) checkFeeds(plan, feed);
      const key = `${name} x ${feeds.length}`;
      let ready = unrolled.get(key);
      if (!ready) {
        ready = unroll(compiler, plan, kernels.get(plan)!, feeds.length, residents);
        unrolled.set(key, ready);
      }
      const { pipeline, pass } = ready;
      const given = ready.arguments(feeds);
      const results = pipeline ? await pipeline(...given) : pass(...given);
      if (pipeline) checkBackend(mode, name, pipeline);
      const answers = feeds.map((_, index): Results => {
        const outputs = [...plan.outputs].map(([output, { shape }]): [string, Float32Array] => {
          const values = new Float32Array(sizeOf(shape));
          flattenInto(results[outputKey(index, output)]!, values);
          return [output, values];
        });
        return Object.fromEntries(outputs);
      });
      const keys = [...plan.assignments.keys()].map((resident) => [resident, residentKey(resident)] as const);
      // A value that no kernel changed is the argument itself, perhaps another resident's: kept before any is overwritten.
      for (const [, key] of keys) {
        const passed = given.find((values) => values === results[key]);
        if (passed) results[key] = passed.slice();
      }
      for (const [resident, key] of keys) flattenInto(results[key]!, residents.get(resident)!);
      return answers;
    },
    async read(name) {
      residentShape(program, name);
      return residents.get(name)!.slice();
    },
    async write(name, values) {
      const shape = residentShape(program, name);
      checkLength(`resident "${name}"`, values, sizeOf(shape), shape);
      residents.get(name)!.set(values);
    },
    bytes: {
      residents: [...residents.values()].reduce((bytes, values) => bytes + values.byteLength, 0),
      values: Math.max(
        0,
        ...Object.values(program.plans).map((plan) => 4 * plan.shapes.reduce((n, s) => n + sizeOf(s), 0)),
      ),
    },
    async dispose() {
      for (const { pipeline } of unrolled.values()) pipeline?.destroy();
      await compiler.destroy();
    },
  };
}

const residentKey = (name: string) => `resident ${name}`;
const outputKey = (run: number, name: string) => `output ${run} ${name}`;

/** GPU.js has one name for all backends on OpenGL. */
const backends = { webasm: "webasm", webgpu: "webgpu", webgl: "gpu" } as const;

/**
 * Checks that a pipeline ran where it was to. A reason for falling back alone is none for concern: on OpenGL GPU.js launches
 * kernel after kernel as a rule, and gives that as one.
 *
 * @throws DeviceError with GPU.js's reason for another backend
 */
export function checkBackend(
  mode: Exclude<GpuMode, "cpu">,
  plan: string,
  { backend, fallbackReason }: Pick<Pipeline, "backend" | "fallbackReason">,
): void {
  if (backend === backends[mode]) return;
  throw new DeviceError(
    `device "${mode}" cannot run plan "${plan}", GPU.js took backend "${backend}": ${fallbackReason ?? "it gives no reason"}; use device "cpu"`,
  );
}

/** A recorded step with its outputs compiled. */
interface CompiledStep {
  readonly step: TracedStep;
  readonly launches: Readonly<Record<string, ReturnType<KernelCompiler["compile"]>>>;
}

/** Pipelines are made of kernels alone: of fused steps the parts. */
function compileSteps(compiler: KernelCompiler, plan: Plan): CompiledStep[] {
  return recordedSteps(plan).map((step) => ({
    step,
    launches: Object.fromEntries(
      Object.entries(step.outputShapes).map(([output, shape]) => [
        output,
        compiler.compile(step.kernel, output, shape, step.constants),
      ]),
    ),
  }));
}

function unroll(
  compiler: KernelCompiler,
  plan: Plan,
  steps: readonly CompiledStep[],
  runs: number,
  residents: ReadonlyMap<string, Float32Array>,
): Unrolled {
  const residentNames = [...plan.residents.keys()];
  const inputNames = [...plan.inputs.keys()];
  const orchestrate = (...handles: PipelineHandle[]): Record<string, PipelineHandle> => {
    const current = new Map(residentNames.map((name, index) => [name, handles[index]!]));
    const answer: Record<string, PipelineHandle> = {};
    for (let run = 0; run < runs; run++) {
      const values = new Map<number, PipelineHandle>();
      for (const [name, id] of plan.residents) values.set(id, current.get(name)!);
      inputNames.forEach((name, index) => {
        values.set(plan.inputs.get(name)!, handles[residentNames.length + run * inputNames.length + index]!);
      });
      for (const { step, launches } of steps)
        for (const [output, id] of Object.entries(step.outputs)) {
          const reads = step.kernel.outputs[output]!.reads.map((input) => values.get(step.inputs[input]!)!);
          values.set(id, launches[output]!(...reads) as PipelineHandle);
        }
      for (const [name, { id }] of plan.outputs) answer[outputKey(run, name)] = values.get(id)!;
      for (const [name, id] of plan.assignments) current.set(name, values.get(id)!);
    }
    for (const name of plan.assignments.keys()) answer[residentKey(name)] = current.get(name)!;
    return answer;
  };
  // GPU.js asks the function how many arguments it takes, and rest parameters count as none.
  Object.defineProperty(orchestrate, "length", { value: residentNames.length + runs * inputNames.length });
  return {
    pipeline: steps.length > 0 && runs > 0 ? compiler.createPipeline(orchestrate) : undefined,
    pass: orchestrate as unknown as Unrolled["pass"],
    arguments: (feeds) => [
      ...residentNames.map((name) => residents.get(name)!),
      ...feeds.flatMap((feed) => inputNames.map((name) => feed[name]!)),
    ],
  };
}

/** @throws UsageError when a tensor is too large for float32 indices */
function checkSizes(plan: Plan, mode: string): void {
  for (const shape of plan.shapes)
    if (sizeOf(shape) > largestArray)
      throw new UsageError(
        `device "${mode}" cannot index a tensor of shape ${describeShape(shape)} (plan "${plan.name}"): at most ${largestArray} elements; use device "cpu", fewer units or a smaller batch`,
      );
}
