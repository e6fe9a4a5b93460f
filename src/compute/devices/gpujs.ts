import type { KernelBody } from "../kernel-declaration.ts";

/** Modes of GPU.js that Sulcus asks for; always by name, since the automatic choice differs from machine to machine. */
export type GpuMode = "cpu" | "webasm" | "webgpu" | "webgl";

/** What a GPU.js kernel answers: rows of rows of Float32Array, or one Float32Array. */
export type LaunchResult = Float32Array | readonly Float32Array[] | readonly (readonly Float32Array[])[];

export interface LaunchSettings {
  output: number[];
  constants: Record<string, number>;
  /** GPU.js stops loops whose bound is not a plain constant after 1000 rounds unless told otherwise, without a word. */
  loopMaxIterations: number;
}

export interface Pipeline {
  (...values: readonly Float32Array[]): Promise<Record<string, LaunchResult>>;
  /** "fused-sync", "fused-encoder", ... or "generic" where GPU.js fell back to single launches. */
  readonly executorKind: string;
  readonly backend: string | null;
  readonly fallbackReason: string | null;
  destroy(): void;
}

/** Opaque inside a pipeline's orchestration. */
export type PipelineHandle = { readonly pipelineHandle: unique symbol };

export type LaunchKernel = ((
  ...values: readonly (Float32Array | PipelineHandle)[]
) => LaunchResult | PipelineHandle) & {
  destroy(): void;
};

/** The part of GPU.js that Sulcus uses, with the types that its own declarations lack. */
export interface Gpu {
  createKernel(body: KernelBody, settings: LaunchSettings): LaunchKernel;
  createPipeline(orchestrate: (...values: PipelineHandle[]) => Record<string, PipelineHandle>): Pipeline;
  destroy(): Promise<void>;
}

type GpuConstructor = new (settings: { readonly mode: GpuMode }) => Gpu;

/** GPU.js is a CommonJS module: Node finds the names that it exports, and bundlers put them all under `default`. */
type CommonModule =
  | { readonly GPU: GpuConstructor }
  | { readonly GPU?: undefined; readonly default: { readonly GPU: GpuConstructor } };

/** Opens GPU.js in a mode. Loaded on demand: the command line's help needs no compiler. */
export async function openGpu(mode: GpuMode): Promise<Gpu> {
  const module = (await import("gpu.js")) as unknown as CommonModule;
  const GPU = module.GPU ?? module.default.GPU;
  return new GPU({ mode });
}

/** Copies a launch result, row by row where it is nested, into a flat row-major array. */
export function flattenInto(result: LaunchResult, target: Float32Array): void {
  if (result instanceof Float32Array) {
    target.set(result);
    return;
  }
  let at = 0;
  const visit = (part: LaunchResult): void => {
    if (part instanceof Float32Array) {
      target.set(part, at);
      at += part.length;
    } else for (const inner of part) visit(inner as LaunchResult);
  };
  visit(result);
}
