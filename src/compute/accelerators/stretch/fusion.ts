import { contractionTransposes } from "../../kernels/contraction.ts";
import type { ExecutablePlan } from "../../plan.ts";
import { sizeOf } from "../../shape.ts";
import type { Step } from "../../trace.ts";
import { Uses } from "../uses.ts";

/** Name of the step that `fuseStretches` makes. */
export const stretch = "stretch";

/** A step that stands for several which follow one another. */
export interface Stretch extends Step {
  readonly kernel: { readonly name: typeof stretch; readonly steps: readonly Step[] };
}

export function isStretch(step: Pick<Step, "kernel">): step is Pick<Stretch, "kernel"> {
  return step.kernel.name === stretch;
}

/** Name of a value among the inputs and outputs of a stretch. */
export const nameOf = (id: number): string => `value-${id}`;

/** Multiplications up to which a product joins a stretch: up to there what a call of a library costs beside it counts. */
const largestProduct = 2 ** 25;
/** Elements up to which a value stays in the second cache from one step to the next, and is soon copied when it is handed out. */
const largestValue = 2 ** 18;

/**
 * Replaces small steps that follow one another, products among them, by one step, which hands out the values that others
 * need: the time steps of recurrent populations, forwards and back, and updates summed over them.
 *
 * @param joins whether a step is one of those that a stretch is made of
 */
export function fuseStretches(plan: ExecutablePlan, joins: (step: Step) => boolean): ExecutablePlan {
  const uses = new Uses(plan);
  const steps: Step[] = [];
  let open: Step[] = [];
  const close = () => {
    steps.push(...(open.length > 1 && open.some(isProduct) ? [join(open, plan, uses)] : open));
    open = [];
  };
  for (const step of plan.steps)
    if (joins(step)) open.push(step);
    else {
      close();
      steps.push(step);
    }
  close();
  return { ...plan, steps };
}

const isProduct = ({ kernel }: Step) => kernel.name in contractionTransposes;

/** Whether a step is small enough to be part of a stretch. */
export function canJoin(step: Step): boolean {
  const { rows, columns, inner } = step.constants as { rows: number; columns: number; inner: number };
  if (Object.values(step.outputShapes).some((shape) => sizeOf(shape) > largestValue)) return false;
  return !isProduct(step) || rows * columns * inner <= largestProduct;
}

function join(steps: readonly Step[], { shapes }: ExecutablePlan, uses: Uses): Step {
  const made = steps.flatMap(({ outputs }) => Object.values(outputs));
  const read = new Set(steps.flatMap(({ inputs }) => Object.values(inputs)));
  const inputs = [...read].filter((id) => !made.includes(id));
  const outputs = made.filter((id) => !uses.onlyAmong(id, steps));
  const named = <T>(ids: readonly number[], value: (id: number) => T) =>
    Object.fromEntries(ids.map((id) => [nameOf(id), value(id)]));
  const joined: Stretch = {
    kernel: { name: stretch, steps },
    inputs: named(inputs, (id) => id),
    inputShapes: named(inputs, (id) => shapes[id]!),
    outputs: named(outputs, (id) => id),
    outputShapes: named(outputs, (id) => shapes[id]!),
    constants: {},
  };
  return joined;
}
