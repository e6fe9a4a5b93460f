import fc from "fast-check";
import type { Expression, Operation, PlanModel, ProgramModel } from "../oracles/compute-program.ts";

/** Sizes of the values in drawn programs: one number, less than a cache line, more than one, several. */
const sizes = [1, 3, 20, 60] as const;

/** Shapes in which a value of each size is passed to elementwise kernels; all of them hold the same numbers. */
const forms: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[1], [1, 1]],
  3: [[3], [1, 3], [3, 1]],
  20: [[20], [4, 5], [2, 2, 5]],
  60: [[60], [3, 20], [4, 3, 5]],
};

interface DrawnOperation {
  readonly kind: "add" | "multiply" | "outer" | "row-products" | "sgd" | "momentum";
  /** Which of the values that fit is taken, modulo their number. */
  readonly picks: readonly number[];
  /** Whether the new weight (and velocity) become those of the resident they were, so that they can be in place. */
  readonly update: boolean;
}

const drawnOperation: fc.Arbitrary<DrawnOperation> = fc.record({
  kind: fc.constantFrom("add", "multiply", "outer", "row-products", "sgd", "momentum"),
  picks: fc.array(fc.nat({ max: 99 }), { minLength: 5, maxLength: 5 }),
  update: fc.boolean(),
});

const drawnPlan = fc.record({
  inputs: fc.array(fc.constantFrom(...sizes), { minLength: 1, maxLength: 3 }),
  operations: fc.array(drawnOperation, { maxLength: 10 }),
  outputs: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }),
  assignments: fc.array(fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 99 })), { maxLength: 4 }),
});

type DrawnPlan = typeof drawnPlan extends fc.Arbitrary<infer T> ? T : never;

/**
 * Programs of one or two plans that share residents: any mixture of kernels, of values read once, often or never, of
 * residents that are updated in place, exchanged, assigned an input, kept, or read out after they were assigned.
 */
export const programs: fc.Arbitrary<ProgramModel> = fc
  .record({
    residents: fc.array(fc.constantFrom(...sizes), { maxLength: 5 }),
    plans: fc.array(drawnPlan, { minLength: 1, maxLength: 2 }),
  })
  .map(({ residents, plans }) => {
    const shapes = Object.fromEntries(residents.map((size, index) => [`r${index}`, size]));
    return {
      residents: shapes,
      plans: Object.fromEntries(plans.map((plan, index) => [`p${index}`, modelOf(plan, shapes)])),
    };
  });

function modelOf(drawn: DrawnPlan, residents: Readonly<Record<string, number>>): PlanModel {
  const expressions: Expression[] = [
    ...Object.entries(residents).map(([name, size]) => ({ kind: "resident" as const, name, size })),
    ...drawn.inputs.map((size, index) => ({ kind: "input" as const, name: `i${index}`, size })),
  ];
  const assignments: Record<string, number> = {};
  const taken = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
  const indicesOf = (size: number) => [...expressions.keys()].filter((index) => expressions[index]!.size === size);
  const push = (kind: Operation, operands: readonly number[], size: number, form: readonly number[]) =>
    expressions.push({ kind, operands, size, form }) - 1;

  for (const { kind, picks, update } of drawn.operations) {
    const [first, second, third, fourth, fifth] = picks as [number, number, number, number, number];
    const left = taken([...expressions.keys()], first)!;
    const { size } = expressions[left]!;
    const form = taken(forms[size]!, fifth)!;
    const alike = indicesOf(size);
    if (kind === "add" || kind === "multiply") push(kind, [left, taken(alike, second)!], size, form);
    else if (kind === "outer") {
      const [a, b] = [taken(indicesOf(3), first), taken(indicesOf(20), second)];
      if (a !== undefined && b !== undefined) push("outer", [a, b], 60, [3, 20]);
    } else if (kind === "row-products") {
      const wide = indicesOf(60);
      if (wide.length > 0) {
        const rows = fifth % 2 === 0 ? 3 : 20;
        push("row-products", [taken(wide, first)!, taken(wide, second)!], rows, [rows, 60 / rows]);
      }
    } else {
      const rate = taken(indicesOf(1), fourth);
      if (rate === undefined) continue;
      const assignable = alike.filter((index) => index < Object.keys(residents).length);
      const weight = update ? (taken(assignable, first) ?? left) : left;
      const velocity = update ? (taken(assignable, third) ?? left) : taken(alike, third)!;
      const gradient = taken(alike, second)!;
      const operands = kind === "sgd" ? [weight, gradient, rate] : [weight, gradient, velocity, rate];
      const moved = push(kind === "sgd" ? "sgd" : "momentum-weight", operands, size, form);
      const kept = kind === "momentum" ? push("momentum-velocity", operands, size, form) : undefined;
      const give = (resident: number, value: number) => {
        const expression = expressions[resident]!;
        if (expression.kind === "resident") assignments[expression.name] ??= value;
      };
      if (update) give(weight, moved);
      if (update && kept !== undefined) give(velocity, kept);
    }
  }

  for (const [resident, value] of drawn.assignments) {
    const name = taken(Object.keys(residents), resident);
    if (name === undefined) continue;
    assignments[name] ??= taken(indicesOf(residents[name]!), value)!;
  }
  const outputs = Object.fromEntries(
    drawn.outputs.map((pick, index) => [`o${index}`, taken([...expressions.keys()], pick)!]),
  );
  return { expressions, outputs, assignments };
}
