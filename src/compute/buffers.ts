import type { Plan } from "./plan.ts";
import { sizeOf } from "./shape.ts";

/** Where the values of a plan live in one block of memory; offsets and sizes in bytes. */
export interface BufferPlan {
  /** By tensor id: offset in the plan's own region; residents are not here but in `residents`. */
  readonly offsets: ReadonlyMap<number, number>;
  /** By tensor id: the resident whose memory holds it (the resident itself, or its new value written in place). */
  readonly residents: ReadonlyMap<number, string>;
  /**
   * Old values of residents that are still needed once the resident has its new value (as an output, or as the new
   * value of another resident); copied into the region before the first step.
   */
  readonly keeps: readonly { readonly id: number; readonly resident: string }[];
  /** Assignments that were not written in place and must be copied when the run ends. */
  readonly copies: readonly { readonly id: number; readonly resident: string }[];
  /** Bytes of the region. */
  readonly bytes: number;
}

/** First and last step at which a tensor's values are needed; inputs are born before step 0, outputs die after the end. */
interface Lifetime {
  readonly birth: number;
  readonly death: number;
}

/** Cache lines, and the widest vector loads. */
const alignment = 64;

/** Lifetimes of all tensors of a plan that are not residents. */
function lifetimes(plan: Plan): Map<number, Lifetime> {
  const residents = new Set(plan.residents.values());
  const births = new Map<number, number>();
  const deaths = new Map<number, number>();
  for (const id of plan.inputs.values()) births.set(id, -1);
  plan.steps.forEach((step, index) => {
    for (const id of Object.values(step.outputs)) births.set(id, index);
    for (const id of [...Object.values(step.inputs), ...Object.values(step.outputs)]) deaths.set(id, index);
  });
  const end = plan.steps.length;
  for (const { id } of plan.outputs.values()) deaths.set(id, end);
  for (const id of plan.assignments.values()) deaths.set(id, end);
  const result = new Map<number, Lifetime>();
  for (const [id, birth] of births) if (!residents.has(id)) result.set(id, { birth, death: deaths.get(id) ?? birth });
  return result;
}

/**
 * Gives every tensor of a plan its place: new values of residents in place where no later step needs the old ones,
 * everything else in a region that is reused as tensors die (greedy by size, first gap that is free for the whole
 * lifetime). No two tensors whose lifetimes overlap share a byte, but for values that a step writes over an input that
 * nothing needs after it.
 */
export function planBuffers(plan: Plan): BufferPlan {
  const lives = lifetimes(plan);
  const residents = new Map<number, string>([...plan.residents].map(([name, id]) => [id, name]));
  const copies: { id: number; resident: string }[] = [];
  const readable = new Set([...plan.outputs.values()].map(({ id }) => id));
  for (const [resident, id] of plan.assignments) {
    if (id === plan.residents.get(resident)) continue;
    if (!readable.has(id) && canOverwrite(plan, resident, id)) {
      residents.set(id, resident);
      lives.delete(id);
    } else copies.push({ id, resident });
  }
  const keeps = copies.flatMap(({ resident }) => {
    const id = plan.residents.get(resident)!;
    return readable.has(id) || copies.some((copy) => copy.id === id) ? [{ id, resident }] : [];
  });
  for (const { id } of keeps) {
    residents.delete(id);
    lives.set(id, { birth: -1, death: plan.steps.length });
  }

  const heirs = mergeHeirs(plan, lives);
  const sizes = new Map([...lives.keys()].map((id) => [id, bytesOf(plan, id)]));
  const placed: { offset: number; size: number; life: Lifetime }[] = [];
  const offsets = new Map<number, number>();
  const order = [...lives].sort(
    ([a, lifeA], [b, lifeB]) => sizes.get(b)! - sizes.get(a)! || lifeA.birth - lifeB.birth || a - b,
  );
  for (const [id, life] of order) {
    const size = sizes.get(id)!;
    const rivals = placed.filter((other) => other.life.birth <= life.death && life.birth <= other.life.death);
    rivals.sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const rival of rivals) {
      if (offset + size <= rival.offset) break;
      offset = Math.max(offset, rival.offset + rival.size);
    }
    placed.push({ offset, size, life });
    offsets.set(id, offset);
  }
  for (const [id, first] of heirs) offsets.set(id, offsets.get(first)!);
  return { offsets, residents, keeps, copies, bytes: Math.max(0, ...placed.map(({ offset, size }) => offset + size)) };
}

/**
 * Finds outputs that take over the place of an input which dies at their step, where the kernel works element by element
 * on it. The life of such an output is joined to the life of the first tensor in that place; the map returned gives that
 * tensor for each output.
 */
function mergeHeirs(plan: Plan, lives: Map<number, Lifetime>): Map<number, number> {
  const heirs = new Map<number, number>();
  plan.steps.forEach((step, index) => {
    for (const [output, source] of Object.entries(step.kernel.inPlace ?? {}) as [string, string][]) {
      const [id, given] = [step.outputs[output]!, step.inputs[source]!];
      const first = heirs.get(given) ?? given;
      const [life, old] = [lives.get(id), lives.get(first)];
      const readTwice = Object.entries(step.inputs).some(([name, input]) => name !== source && input === given);
      if (!life || !old || old.death !== index || readTwice) continue;
      heirs.set(id, first);
      lives.set(first, { birth: old.birth, death: life.death });
      lives.delete(id);
    }
  });
  return heirs;
}

/** Bytes of a tensor, rounded up to the alignment. */
function bytesOf(plan: Plan, id: number): number {
  return alignedBytes(sizeOf(plan.shapes[id]!));
}

export function alignedBytes(elements: number): number {
  return Math.ceil((4 * elements) / alignment) * alignment;
}

/**
 * Whether the new value of a resident may be written over the old one: the step that makes it works element by element
 * on the old value, and no step after it reads either the old value or, through it, another resident's.
 */
function canOverwrite(plan: Plan, resident: string, id: number): boolean {
  const old = plan.residents.get(resident)!;
  const at = plan.steps.findIndex((step) => Object.values(step.outputs).includes(id));
  const step = plan.steps[at];
  if (!step) return false;
  const output = Object.keys(step.outputs).find((name) => step.outputs[name] === id)!;
  const source = step.kernel.inPlace?.[output];
  if (source === undefined || step.inputs[source] !== old) return false;
  if (Object.entries(step.inputs).some(([name, input]) => name !== source && input === old)) return false;
  const readLater = plan.steps.slice(at + 1).some((later) => Object.values(later.inputs).includes(old));
  const isOutput = [...plan.outputs.values()].some((output) => output.id === old);
  const assignedElsewhere = [...plan.assignments].some(
    ([name, value]) => (value === id || value === old) && name !== resident,
  );
  return !readLater && !isOutput && !assignedElsewhere;
}
