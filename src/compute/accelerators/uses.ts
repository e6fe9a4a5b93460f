import type { ExecutablePlan } from "../plan.ts";
import type { Step } from "../trace.ts";

/** Who makes and who reads the values of a plan. */
export class Uses {
  readonly #makers = new Map<number, Step>();
  readonly #readers = new Map<number, Set<Step>>();
  readonly #kept: ReadonlySet<number>;

  constructor(plan: ExecutablePlan) {
    this.#kept = new Set([...plan.assignments.values(), ...[...plan.outputs.values()].map(({ id }) => id)]);
    for (const step of plan.steps) {
      for (const id of Object.values(step.outputs)) this.#makers.set(id, step);
      for (const id of Object.values(step.inputs))
        this.#readers.set(id, (this.#readers.get(id) ?? new Set<Step>()).add(step));
    }
  }

  /** The step that makes a value, if it is a call of the kernel. */
  maker(id: number, ...kernels: readonly string[]): Step | undefined {
    const step = this.#makers.get(id);
    return step && kernels.includes(step.kernel.name) ? step : undefined;
  }

  /** Steps that read a value. */
  readers(id: number): Step[] {
    return [...(this.#readers.get(id) ?? [])];
  }

  /** Whether these steps, and nothing else, need a value. */
  onlyBy(id: number, steps: readonly Step[]): boolean {
    const readers = this.readers(id);
    return readers.length === steps.length && this.onlyAmong(id, steps);
  }

  /** Whether some of these steps, and nothing else, need a value. */
  onlyAmong(id: number, steps: readonly Step[]): boolean {
    return !this.#kept.has(id) && this.readers(id).every((reader) => steps.includes(reader));
  }
}
