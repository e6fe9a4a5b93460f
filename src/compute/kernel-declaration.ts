import type { Expression } from "./expression.ts";
import { expectSizes, type Shape } from "./shape.ts";

/** Kinds of kernels; accelerators and tests are organised by them. */
export type KernelFamily =
  | "contraction"
  | "pointwise"
  | "gain"
  | "gate"
  | "pooling"
  | "error"
  | "reduction"
  | "optimiser";

/** What `this` is inside a kernel body. Indices are thread.x (fastest), thread.y, thread.z. */
export interface KernelThread<Constant extends string = never> {
  readonly thread: { readonly x: number; readonly y: number; readonly z: number };
  readonly constants: Readonly<Record<Constant, number>>;
}

/** Values of a tensor inside a kernel body: always read by flat, row-major index. */
export type KernelValues = readonly number[];

/**
 * A function that GPU.js compiles from its source text: self-contained, anonymous, no closures, one returned number
 * for the output element of this thread.
 */
// biome-ignore lint/suspicious/noExplicitAny: bodies differ in their constants and in their number of arguments
export type KernelBody = (this: any, ...values: any[]) => number;

interface KernelOutput<Input extends string> {
  /** Inputs that the body takes, in the order of its arguments. */
  readonly reads: readonly Input[];
  readonly body: KernelBody;
}

/** What a shape rule answers: shapes of the outputs, constants frozen into the bodies, and the cost. */
interface KernelInference<Output extends string, Constants extends object = Readonly<Record<string, number>>> {
  readonly shapes: Readonly<Record<Output, Shape>>;
  readonly constants: Constants;
  /** Floating-point operations of one call, multiply and add counted apart. */
  readonly flops: number;
}

/**
 * One operation, declared once for every device: the GPU.js function of each output is its definition. A kernel whose
 * outputs are several (an optimiser: weight and moments) runs on GPU.js as one launch an output; every body reads the
 * inputs as they were before the call.
 */
export interface KernelDeclaration<
  Input extends string = string,
  Output extends string = string,
  Attributes extends object = object,
  Constants extends object = Readonly<Record<string, number>>,
> {
  /** Accelerators register against it; a second kernel of a name that is declared already is called NAME#2. */
  readonly name: string;
  readonly family: KernelFamily;
  readonly inputs: readonly Input[];
  readonly outputs: Readonly<Record<Output, KernelOutput<Input>>>;
  /** Where the one output is an expression of elements: the same in a form that accelerators can read. */
  readonly expression?: Expression;
  /**
   * How threads cover an output. "shaped": x, y, z run over its last, second last and third last dimension (rank 1
   * to 3). "flat": x runs over the last dimension, y over all others together; the body's flat index is
   * y * constants.columns + x, and `columns` is added to its constants.
   */
  readonly launch: "shaped" | "flat";
  /** The shape rule. Throws ShapeError where the shapes do not fit. */
  infer(shapes: Readonly<Record<Input, Shape>>, attributes: Attributes): KernelInference<Output, Constants>;
  /** Outputs that may overwrite an input in place: element i of the output depends on element i of that input alone. */
  readonly inPlace?: Readonly<Partial<Record<Output, Input>>>;
}

/** GPU.js output sizes [x, y, z] that cover a shape. */
export function launchSizes(declaration: KernelDeclaration, shape: Shape): readonly number[] {
  expectSizes(declaration.name, shape);
  const columns = shape[shape.length - 1]!;
  if (declaration.launch === "flat") return [columns, shape.slice(0, -1).reduce((rows, size) => rows * size, 1)];
  if (shape.length > 3) throw new Error(`kernel "${declaration.name}": ${shape.length} dimensions need a flat launch`);
  return [...shape].reverse();
}
