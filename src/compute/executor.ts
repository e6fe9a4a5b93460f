import { DataError, lookUp, ShapeError } from "../kinds/errors.ts";
import type { Plan, Program } from "./plan.ts";
import { describeShape, sizeOf } from "./shape.ts";
import { checkRange } from "./value-range.ts";

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
  /**
   * Bytes held for residents, and for the plans' values and what their steps need besides. What a library holds on its own is
   * not among them: ONNX Runtime keeps the values within a stretch of small steps.
   */
  readonly bytes: { readonly residents: number; readonly values: number };
  dispose(): Promise<void>;
}

/** A device that can run programs. */
export interface Executor {
  /** Name of the device: "cpu". */
  readonly device: string;
  /** Contraction provider of the cpu device; "gpujs" where GPU.js itself does everything. */
  readonly provider: string;
  /** Training steps that are worth handing over together: where weights travel with each call, several. */
  readonly stepsPerCall: number;
  /** Loads a program; residents start at 0. */
  load(program: Program): Promise<Session>;
}

/**
 * The plan of a program under a name.
 *
 * @throws UsageError naming the plans that there are, and the nearest
 */
export function planOf(program: Program, name: string): Plan {
  return lookUp("plan", name, program.plans);
}

/**
 * Checks what is fed to a plan.
 *
 * @param allFinite a faster way to see that an input is finite, by its name; only where it says no is the value looked for
 * @throws DataError for an input that is missing, unknown or outside its declared range, ShapeError for one of the wrong
 * length
 */
export function checkFeeds(plan: Plan, feeds: Feeds, allFinite?: (name: string) => boolean): void {
  for (const name of Object.keys(feeds))
    if (!plan.inputs.has(name))
      throw new DataError(
        `plan "${plan.name}" has no input "${name}"; its inputs: ${[...plan.inputs.keys()].join(", ") || "none"}`,
      );
  for (const [name, id] of plan.inputs) {
    const shape = plan.shapes[id]!;
    const values = feeds[name];
    if (!values) throw new DataError(`plan "${plan.name}" needs input "${name}" of shape ${describeShape(shape)}`);
    const what = `plan "${plan.name}", input "${name}"`;
    checkLength(what, values, sizeOf(shape), shape);
    const range = plan.ranges.get(name);
    if (range && !(range === "finite" && allFinite?.(name))) checkRange(what, values, range);
  }
}

/** @throws ShapeError */
export function checkLength(what: string, values: Float32Array, size: number, shape: readonly number[]): void {
  if (values.length !== size)
    throw new ShapeError(`${what}: got ${values.length} values, expected ${size} for shape ${describeShape(shape)}`);
}

/**
 * The shape of a resident.
 *
 * @throws UsageError naming the residents that there are, and the nearest
 */
export function residentShape(program: Program, name: string): readonly number[] {
  return lookUp("resident", name, program.residents);
}
