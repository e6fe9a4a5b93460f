import type { Step } from "../step.ts";
import type { BoundCall, RunCall } from "./accelerator.ts";
import type { Workspace } from "./workspace.ts";

/** Bytes of scratch by the name of what lies there. */
export type Scratch = Readonly<Record<string, number>>;

/** How calls of a kernel are put together from matrix products and the SIMD module. */
export interface PiecedStep {
  /** Name of the kernel, declared or fused. */
  readonly kernel: string;
  scratch(step: Pick<Step, "constants">, chunkBytes: number): Scratch;
  bind(workspace: Workspace, call: BoundCall): RunCall;
}

/** A kernel whose calls hold constants of a type: a declared or a fused one. */
interface HoldsConstants<Constants> {
  readonly declaration: Step["kernel"];
  constantsOf(step: Pick<Step, "constants">): Constants;
}

/** The same by the constants of the kernel, in their type. */
interface Pieces<Constants> {
  /** Absent: none is needed. */
  scratch?(sizes: Constants, chunkBytes: number): Scratch;
  bind(workspace: Workspace, sizes: Constants, call: BoundCall): RunCall;
}

export function pieced<Constants>(
  { declaration, constantsOf }: HoldsConstants<Constants>,
  { scratch, bind }: Pieces<Constants>,
): PiecedStep {
  return {
    kernel: declaration.name,
    scratch: (step, chunkBytes) => scratch?.(constantsOf(step), chunkBytes) ?? {},
    bind: (workspace, call) => bind(workspace, constantsOf(call), call),
  };
}
