import type { KernelDeclaration } from "./kernel-declaration.ts";
import { callKernel, type Tensor } from "./trace.ts";

export type { KernelBody, KernelDeclaration, KernelThread, KernelValues } from "./kernel-declaration.ts";

/** A declared kernel is called on tensors; the call is recorded in their trace and its outputs come back as tensors. */
export interface Kernel<Input extends string, Output extends string, Attributes extends object> {
  (
    inputs: Readonly<Record<Input, Tensor>>,
    ...attributes: object extends Attributes ? [] : [attributes: Attributes]
  ): Readonly<Record<Output, Tensor>>;
  readonly declaration: KernelDeclaration<Input, Output, Attributes>;
}

const declared = new Map<string, KernelDeclaration>();

/** Declares a kernel. Its name must be new. */
export function defineKernel<Input extends string, Output extends string, Attributes extends object = object>(
  declaration: KernelDeclaration<Input, Output, Attributes>,
): Kernel<Input, Output, Attributes> {
  if (declared.has(declaration.name)) throw new Error(`kernel "${declaration.name}" is declared twice`);
  declared.set(declaration.name, declaration as unknown as KernelDeclaration);
  const call = (inputs: Readonly<Record<Input, Tensor>>, ...[attributes]: readonly Attributes[]) =>
    callKernel(
      declaration as unknown as KernelDeclaration,
      inputs,
      (attributes ?? {}) as object,
    ) as unknown as Readonly<Record<Output, Tensor>>;
  return Object.assign(call, { declaration }) as unknown as Kernel<Input, Output, Attributes>;
}

/** Every kernel declared so far, by name. */
export function declaredKernels(): ReadonlyMap<string, KernelDeclaration> {
  return declared;
}
