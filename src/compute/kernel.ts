import type { KernelDeclaration } from "./kernel-declaration.ts";
import type { Step } from "./step.ts";
import { callKernel, type Tensor } from "./trace.ts";

export type { KernelBody, KernelDeclaration, KernelFamily, KernelThread, KernelValues } from "./kernel-declaration.ts";

/** A declared kernel is called on tensors; the call is recorded in their trace and its outputs come back as tensors. */
export interface Kernel<
  Input extends string,
  Output extends string,
  Attributes extends object,
  Constants extends object = Readonly<Record<string, number>>,
> {
  (
    inputs: Readonly<Record<Input, Tensor>>,
    ...attributes: object extends Attributes ? [] : [attributes: Attributes]
  ): Readonly<Record<Output, Tensor>>;
  readonly declaration: KernelDeclaration<Input, Output, Attributes, Constants>;
  /** The constants of a call of this kernel, as its shape rule gives them. */
  constantsOf(step: Pick<Step, "constants">): Constants;
}

const declared = new Map<string, KernelDeclaration>();

/** The name of a kernel that is declared, or the first free one of NAME#2, NAME#3, ... */
function freeName(name: string): string {
  let free = name;
  for (let count = 2; declared.has(free); count++) free = `${name}#${count}`;
  return free;
}

/**
 * Declares a kernel. Plans, compilers and accelerators know kernels by their names, so that a second one of a name (that of
 * another plug-in, or of the same one after a change) is called NAME#2.
 */
export function defineKernel<
  Input extends string,
  Output extends string,
  Attributes extends object = object,
  Constants extends object = Readonly<Record<string, number>>,
>(given: KernelDeclaration<Input, Output, Attributes, Constants>): Kernel<Input, Output, Attributes, Constants> {
  const declaration = { ...given, name: freeName(given.name) };
  declared.set(declaration.name, declaration as unknown as KernelDeclaration);
  const call = (inputs: Readonly<Record<Input, Tensor>>, ...[attributes]: readonly Attributes[]) =>
    callKernel(
      declaration as unknown as KernelDeclaration,
      inputs,
      (attributes ?? {}) as object,
    ) as unknown as Readonly<Record<Output, Tensor>>;
  const constantsOf = ({ constants }: Pick<Step, "constants">) => constants as Constants;
  return Object.assign(call, { declaration, constantsOf }) as unknown as Kernel<Input, Output, Attributes, Constants>;
}

/** Every kernel declared so far, by name. */
export function declaredKernels(): ReadonlyMap<string, KernelDeclaration> {
  return declared;
}
