import { idsKept, type Plan } from "../plan.ts";
import type { PlanStep, Step } from "../step.ts";
import type { Operand } from "./fused-kernel.ts";

/** Who makes and who reads the values of a plan, and in which order: what rules ask, while steps of it become others. */
export class PlanReader {
  /** Where each step stands: whole numbers in the plan as it was, those of fused steps between them. */
  readonly #places: Map<PlanStep, number>;
  readonly #makers = new Map<number, PlanStep>();
  readonly #readers = new Map<number, Set<PlanStep>>();
  readonly #kept: ReadonlySet<number>;

  constructor(private readonly plan: Plan) {
    this.#places = new Map(plan.steps.map((step, index) => [step, index]));
    this.#kept = idsKept(plan);
    for (const step of plan.steps) this.#know(step);
  }

  /** Whether a step is part of the plan still. */
  has(step: PlanStep): boolean {
    return this.#places.has(step);
  }

  /** The step that makes a value, if it is of one of these kernels. */
  maker(id: number, ...kernels: readonly string[]): PlanStep | undefined {
    const step = this.#makers.get(id);
    return step && kernels.includes(step.kernel.name) ? step : undefined;
  }

  /** Steps that read a value, in order. */
  readers(id: number): PlanStep[] {
    return this.inOrder([...(this.#readers.get(id) ?? [])]);
  }

  /** Whether this step, and nothing else, needs a value. */
  onlyBy(id: number, step: PlanStep): boolean {
    const readers = this.#readers.get(id);
    return readers?.size === 1 && readers.has(step) && !this.#kept.has(id);
  }

  /** Whether anything but these steps needs a value. */
  isNeededBeyond(id: number, steps: ReadonlySet<PlanStep>): boolean {
    return this.#kept.has(id) || [...(this.#readers.get(id) ?? [])].some((reader) => !steps.has(reader));
  }

  /** Whether a value is there before a step runs: an input, a resident, or made by an earlier step. */
  isThereBefore(id: number, step: PlanStep): boolean {
    return this.#placeOfMaker(id) < this.#places.get(step)!;
  }

  /** The step of the plan, as it was, that stands so many places after another (before it, where negative); not one that is gone. */
  neighbour(step: PlanStep, places: number): PlanStep | undefined {
    const found = this.plan.steps[this.#places.get(step)! + places];
    return found && this.has(found) ? found : undefined;
  }

  inOrder(steps: readonly PlanStep[]): PlanStep[] {
    return [...steps].sort((a, b) => this.#places.get(a)! - this.#places.get(b)!);
  }

  /** What steps read that none of them makes, and what of theirs is needed beyond them, in the plan's own shapes. */
  boundary(steps: readonly PlanStep[]): { readonly inputs: Operand[]; readonly outputs: Operand[] } {
    const made = steps.flatMap(({ outputs }) => Object.values(outputs));
    const [own, among] = [new Set(made), new Set(steps)];
    const read = new Set(steps.flatMap(({ inputs }) => Object.values(inputs)));
    const operand = (id: number) => ({ id, shape: this.plan.shapes[id]! });
    return {
      inputs: [...read].filter((id) => !own.has(id)).map(operand),
      outputs: made.filter((id) => this.isNeededBeyond(id, among)).map(operand),
    };
  }

  /**
   * Where a step can stand in the place of others: where the first of its values was made, or after that as soon as all that it
   * reads is there; undefined where something has to read one of its values before.
   */
  placeFor(fused: Step, replaced: ReadonlySet<PlanStep>): number | undefined {
    const start = Math.max(-1, ...Object.values(fused.inputs).map((id) => this.#placeOfMaker(id)));
    const readers = Object.values(fused.outputs).flatMap((id) => [...(this.#readers.get(id) ?? [])]);
    const beyond = readers.filter((reader) => !replaced.has(reader));
    const end = Math.min(this.plan.steps.length, ...beyond.map((reader) => this.#places.get(reader)!));
    if (start >= end) return undefined;
    const first = Math.min(...Object.values(fused.outputs).map((id) => this.#placeOfMaker(id)));
    return start < first ? first : (start + Math.min(start + 1, end)) / 2;
  }

  /** Puts a step at a place and takes others out of the plan. */
  replace(replaced: ReadonlySet<PlanStep>, fused: PlanStep, place: number): void {
    for (const step of replaced) {
      this.#places.delete(step);
      for (const id of Object.values(step.inputs)) this.#readers.get(id)?.delete(step);
      for (const id of Object.values(step.outputs)) this.#makers.delete(id);
    }
    this.#places.set(fused, place);
    this.#know(fused);
  }

  /** All steps that the plan has now. */
  steps(): PlanStep[] {
    return this.inOrder([...this.#places.keys()]);
  }

  #know(step: PlanStep): void {
    for (const id of Object.values(step.outputs)) this.#makers.set(id, step);
    for (const id of Object.values(step.inputs)) {
      const readers = this.#readers.get(id) ?? new Set();
      readers.add(step);
      this.#readers.set(id, readers);
    }
  }

  #placeOfMaker(id: number): number {
    const maker = this.#makers.get(id);
    return maker ? this.#places.get(maker)! : -1;
  }
}
