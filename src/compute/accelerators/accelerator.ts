import type { RewriteRule } from "../lowering/rewrite.ts";
import type { Shape } from "../shape.ts";
import type { Step, TracedStep } from "../step.ts";

/** One tensor of a call on the cpu device: a window of the program's memory. */
export interface BufferView {
  readonly shape: Shape;
  readonly values: Float32Array;
  /** Byte offset in the program's WebAssembly memory. */
  readonly offset: number;
}

/** A call of a kernel whose buffers are fixed. Outputs may lie on inputs where the kernel allows it (inPlace). */
export interface KernelCall {
  readonly kernel: Step["kernel"];
  readonly inputs: Readonly<Record<string, BufferView>>;
  readonly outputs: Readonly<Record<string, BufferView>>;
  readonly constants: Readonly<Record<string, number>>;
}

/** A step of a plan whose buffers are fixed. */
export interface BoundCall extends KernelCall {
  /** What it is by definition: the recorded calls that it stands for, or itself. */
  readonly parts: readonly TracedStep[];
}

/** Runs a bound call; a promise is awaited before the next call starts. */
export type RunCall = () => void | Promise<void>;

/**
 * Stands in for the GPU.js functions of some kernels on the cpu device. It must give the same values within float32
 * tolerance, write only to the outputs, and allocate nothing per run; test/compute holds each to the kernel itself.
 */
export interface Accelerator {
  /** Prepares a call whose kernel is among its kind's. */
  bind(call: BoundCall): RunCall;
  /** Whether a window of the program's memory holds finite numbers alone: stimuli are many, and each is looked at. */
  allFinite?(values: Float32Array): boolean;
  dispose(): Promise<void>;
}

/** Whether something can be used here, and in words why or why not. */
export interface Availability {
  readonly available: boolean;
  readonly detail: string;
}

/** A kind of accelerator, opened once for each program. */
export interface AcceleratorKind {
  readonly name: string;
  /** Names of the kernels that it stands in for, declared and fused. */
  readonly kernels: ReadonlySet<string>;
  /** How steps of a plan become its fused kernels. */
  readonly rules?: readonly RewriteRule[];
  probe(): Promise<Availability>;
  /** Bytes of scratch that a step needs while it runs; 0 where nothing is said. */
  scratchBytes?(step: Step): number;
  /**
   * Opens it on a program's memory. The scratch at `scratchOffset` is as large as the largest step asked for; between
   * steps its contents are lost.
   *
   * @throws DeviceError with the reason when it is not available
   */
  open(memory: WebAssembly.Memory, scratchOffset: number): Promise<Accelerator>;
}
