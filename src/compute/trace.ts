import { ShapeError } from "../kinds/errors.ts";
import type { KernelDeclaration } from "./kernel-declaration.ts";
import { describeShape, expectSizes, type Shape, sizeOf } from "./shape.ts";
import type { TracedStep } from "./step.ts";
import type { ValueRange } from "./value-range.ts";

/**
 * A handle on values that exist only when a plan runs. Orchestrations pass tensors from kernel to kernel; they cannot
 * read them, so the same orchestration can be recorded once and replayed on any device.
 */
export interface Tensor {
  /** Which stored values; two handles of one id are two shapes of the same values (see reshape). */
  readonly id: number;
  readonly shape: Shape;
  readonly trace: Trace;
}

/** Records what an orchestration does. Make one through `tracePlan`. */
export class Trace {
  readonly steps: TracedStep[] = [];
  readonly shapes: Shape[] = [];
  readonly inputs = new Map<string, number>();
  readonly ranges = new Map<string, ValueRange>();
  readonly outputs = new Map<string, Tensor>();
  readonly residents = new Map<string, number>();
  readonly assignments = new Map<string, number>();
  readonly #calls = new Map<string, Readonly<Record<string, Tensor>>>();

  constructor(
    readonly name: string,
    readonly residentShapes: Readonly<Record<string, Shape>>,
  ) {
    for (const [resident, shape] of Object.entries(residentShapes))
      expectSizes(`plan "${name}", resident "${resident}"`, shape);
  }

  /**
   * A value that is fed anew at every run.
   *
   * @param range what it may hold, checked before the run; absent: anything, also NaN and infinities
   */
  input(name: string, shape: Shape, range?: ValueRange): Tensor {
    if (this.inputs.has(name)) throw new Error(`plan "${this.name}": input "${name}" is declared twice`);
    expectSizes(`plan "${this.name}", input "${name}"`, shape);
    const tensor = this.create(shape);
    this.inputs.set(name, tensor.id);
    if (range !== undefined) this.ranges.set(name, range);
    return tensor;
  }

  /** The same for a value that several parts of a plan read, such as noise: the first of them declares it. */
  sharedInput(name: string, shape: Shape, range?: ValueRange): Tensor {
    const known = this.inputs.get(name);
    return known === undefined
      ? this.input(name, shape, range)
      : { id: known, shape: this.shapes[known]!, trace: this };
  }

  /** A value that stays between runs (a weight, a moment, a gating vector); the plan reads it as it was at the start. */
  resident(name: string): Tensor {
    const shape = this.residentShapes[name];
    if (!shape) throw new Error(`plan "${this.name}": resident "${name}" is not in the program`);
    const known = this.residents.get(name);
    if (known !== undefined) return { id: known, shape, trace: this };
    const tensor = this.create(shape);
    this.residents.set(name, tensor.id);
    return tensor;
  }

  /** Makes a tensor the new value of a resident, from the end of the run on. */
  assign(name: string, tensor: Tensor): void {
    const shape = this.residentShapes[name];
    if (!shape) throw new Error(`plan "${this.name}": resident "${name}" is not in the program`);
    this.#expectOwn(`the new value of resident "${name}"`, tensor);
    if (sizeOf(shape) !== sizeOf(tensor.shape))
      throw new ShapeError(
        `plan "${this.name}": ${describeShape(tensor.shape)} cannot become resident "${name}" of shape ${describeShape(shape)}`,
      );
    if (this.assignments.has(name)) throw new Error(`plan "${this.name}": resident "${name}" is assigned twice`);
    this.resident(name);
    this.assignments.set(name, tensor.id);
  }

  /** Makes a tensor readable after the run, under a name. */
  output(name: string, tensor: Tensor): void {
    if (this.outputs.has(name)) throw new Error(`plan "${this.name}": output "${name}" is declared twice`);
    this.#expectOwn(`output "${name}"`, tensor);
    this.outputs.set(name, tensor);
  }

  create(shape: Shape): Tensor {
    this.shapes.push(shape);
    return { id: this.shapes.length - 1, shape, trace: this };
  }

  /** Records a call; an equal call that was recorded before is reused, since kernels are pure. */
  call(
    kernel: KernelDeclaration,
    inputs: Readonly<Record<string, Tensor>>,
    attributes: object,
  ): Readonly<Record<string, Tensor>> {
    for (const name of kernel.inputs)
      if (inputs[name]?.trace !== this)
        throw new Error(`${kernel.name}: input "${name}" is missing or belongs to another plan than "${this.name}"`);
    const pick = <T>(value: (tensor: Tensor) => T) =>
      Object.fromEntries(kernel.inputs.map((name) => [name, value(inputs[name]!)]));
    const inputShapes = pick((tensor) => tensor.shape);
    const { shapes, constants, flops } = kernel.infer(inputShapes, attributes);
    for (const shape of Object.values(shapes)) expectSizes(kernel.name, shape);
    const ids = pick((tensor) => tensor.id);
    const key = JSON.stringify([kernel.name, ids, inputShapes, constants, shapes]);
    const known = this.#calls.get(key);
    if (known) return known;
    const outputs = Object.fromEntries(
      Object.keys(kernel.outputs).map((name) => [name, this.create(shapes[name] as Shape)]),
    );
    this.steps.push({
      kernel,
      inputs: ids,
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensor.id])),
      inputShapes,
      outputShapes: shapes,
      constants,
      flops,
    });
    this.#calls.set(key, outputs);
    return outputs;
  }

  /** Ids mean nothing outside their trace. */
  #expectOwn(what: string, { trace }: Tensor): void {
    if (trace !== this) throw new Error(`plan "${this.name}": ${what} is a tensor of plan "${trace.name}"`);
  }
}

/** Records a kernel call in the trace of its inputs. */
export function callKernel(
  kernel: KernelDeclaration,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: object,
): Readonly<Record<string, Tensor>> {
  const first = Object.values(inputs)[0];
  if (!first) throw new Error(`kernel "${kernel.name}" has no inputs`);
  return first.trace.call(kernel, inputs, attributes);
}

/**
 * The same values in another shape; costs nothing.
 *
 * @throws ShapeError when the numbers of elements differ, or a size is not a whole number of at least 1
 */
export function reshape(tensor: Tensor, shape: Shape): Tensor {
  expectSizes("reshape", shape);
  if (sizeOf(shape) !== sizeOf(tensor.shape))
    throw new ShapeError(`reshape: ${describeShape(tensor.shape)} does not fit into ${describeShape(shape)}`);
  return { ...tensor, shape };
}
