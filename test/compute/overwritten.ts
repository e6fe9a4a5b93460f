import type { BufferPlan } from "../../src/compute/buffers.ts";
import type { Plan } from "../../src/compute/plan.ts";
import { sizeOf } from "../../src/compute/shape.ts";

const elementsOf = (plan: Plan, id: number) => sizeOf(plan.shapes[id]!);

/**
 * Acts a plan out on memory whose every element holds the id of the tensor written there, and tells which tensors were
 * overwritten while something still needed them.
 */
export function overwritten(plan: Plan, buffers: BufferPlan): string[] {
  const region: (number | undefined)[] = new Array(buffers.bytes / 4).fill(undefined);
  const residents = new Map(
    [...plan.residents].map(([name, id]) => [name, new Array<number>(elementsOf(plan, id)).fill(id)]),
  );
  const place = (id: number): [cells: (number | undefined)[], start: number] => {
    const resident = buffers.residents.get(id);
    return resident === undefined ? [region, buffers.offsets.get(id)! / 4] : [residents.get(resident)!, 0];
  };
  const write = (id: number) => {
    const [cells, start] = place(id);
    cells.fill(id, start, start + elementsOf(plan, id));
  };
  const complaints: string[] = [];
  const read = (id: number, what: string) => {
    const [cells, start] = place(id);
    const held = cells.slice(start, start + elementsOf(plan, id));
    if (held.length < elementsOf(plan, id) || held.some((tag) => tag !== id))
      complaints.push(`${what} lost tensor ${id}`);
  };

  for (const id of plan.inputs.values()) write(id);
  for (const { id, resident } of buffers.keeps) {
    if (residents.get(resident)!.some((tag) => tag !== id)) complaints.push(`keeping ${resident} came too late`);
    write(id);
  }
  for (const [index, step] of plan.steps.entries()) {
    const { inPlace = {} } = step.kernel;
    for (const id of Object.values(step.inputs)) read(id, `step ${index}`);
    for (const id of Object.values(step.outputs)) write(id);
    // A kernel may overwrite an input element by element, and only the one that it says.
    for (const [output, id] of Object.entries(step.outputs))
      for (const [input, other] of Object.entries(step.inputs)) {
        const [[cells, start], [otherCells, otherStart]] = [place(id), place(other)];
        const apart = start + elementsOf(plan, id) <= otherStart || otherStart + elementsOf(plan, other) <= start;
        if (cells === otherCells && !apart && !(inPlace[output] === input && start === otherStart))
          complaints.push(`step ${index} writes ${output} over ${input}`);
      }
    for (const id of Object.values(step.outputs)) read(id, `step ${index}'s own outputs`);
  }
  for (const { id, resident } of buffers.copies) {
    read(id, `the copy to ${resident}`);
    residents.get(resident)!.fill(id);
  }
  for (const [name, { id }] of plan.outputs) read(id, `output ${name}`);
  for (const [name, id] of plan.residents) {
    const expected = plan.assignments.get(name) ?? id;
    if (residents.get(name)!.some((tag) => tag !== expected))
      complaints.push(`resident ${name} is not tensor ${expected}`);
  }
  return complaints;
}
