import { DataError, ShapeError } from "./errors.ts";
import type { Plan, Program } from "./plan.ts";
import { describeShape, sizeOf } from "./shape.ts";

/** Values for the inputs of a plan, by name; row-major. */
export type Feeds = Readonly<Record<string, Float32Array>>;
/** Values of the outputs of a plan, by name. Valid until the session runs again: copy what is to be kept. */
export type Results = Readonly<Record<string, Float32Array>>;

/** A program loaded on a device, with its residents. Calls must not overlap. */
export interface Session {
  /** Runs a plan once for each element, in order, as one call where the device can. */
  run(plan: string, feeds: readonly Feeds[]): Promise<readonly Results[]>;
  /** A copy of a resident's values. */
  read(resident: string): Promise<Float32Array>;
  write(resident: string, values: Float32Array): Promise<void>;
  /** Bytes held for residents, and for the plans' values and what their steps need besides. */
  readonly bytes: { readonly residents: number; readonly values: number };
  dispose(): Promise<void>;
}

/** A device that can run programs. */
export interface Executor {
  /** "cpu", "webasm", "webgpu", "webgl". */
  readonly device: string;
  /** Contraction provider of the cpu device; "gpujs" where GPU.js itself does everything. */
  readonly provider: string;
  /** Training steps that are worth handing over together: where weights travel with each call, several. */
  readonly stepsPerCall: number;
  /** Loads a program; residents start at 0. */
  load(program: Program): Promise<Session>;
}

/** The plan of a program, and a check of what is fed to it. */
export function planOf(program: Program, name: string): Plan {
  const plan = program.plans[name];
  if (!plan) throw new Error(`the program has no plan "${name}"; it has ${Object.keys(program.plans).join(", ")}`);
  return plan;
}

/**
 * @throws DataError for a missing or unknown input, ShapeError for one of the wrong length
 */
export function checkFeeds(plan: Plan, feeds: Feeds): void {
  for (const name of Object.keys(feeds))
    if (!plan.inputs.has(name))
      throw new DataError(
        `plan "${plan.name}" has no input "${name}"; its inputs: ${[...plan.inputs.keys()].join(", ") || "none"}`,
      );
  for (const [name, id] of plan.inputs) {
    const shape = plan.shapes[id]!;
    const values = feeds[name];
    if (!values) throw new DataError(`plan "${plan.name}" needs input "${name}" of shape ${describeShape(shape)}`);
    checkLength(`plan "${plan.name}", input "${name}"`, values, sizeOf(shape), shape);
  }
}

/** @throws ShapeError */
export function checkLength(what: string, values: Float32Array, size: number, shape: readonly number[]): void {
  if (values.length !== size)
    throw new ShapeError(`${what}: got ${values.length} values, expected ${size} for shape ${describeShape(shape)}`);
}

/** The shape of a resident. */
export function residentShape(program: Program, name: string): readonly number[] {
  const shape = program.residents[name];
  if (!shape) throw new Error(`the program has no resident "${name}"`);
  return shape;
}
