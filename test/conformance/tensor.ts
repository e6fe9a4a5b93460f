import * as z from "zod";

/** A tensor of a reference case: row-major values and their shape. */
export const CaseTensor = z
  .strictObject({ shape: z.array(z.int().min(1)), data: z.array(z.number()) })
  .superRefine(({ shape, data }, context) => {
    const size = shape.reduce((product, length) => product * length, 1);
    if (data.length !== size)
      context.addIssue({ code: "custom", message: `has ${data.length} values for shape [${shape.join(", ")}]` });
  });
export type CaseTensor = z.infer<typeof CaseTensor>;

/** Adds an issue at a path unless a tensor has the shape. */
export function expectCaseShape(
  context: z.core.$RefinementCtx,
  path: (string | number)[],
  { shape }: CaseTensor,
  expected: readonly number[],
): void {
  if (shape.length === expected.length && shape.every((size, axis) => size === expected[axis])) return;
  const message = `has shape [${shape.join(", ")}], expected [${expected.join(", ")}]`;
  context.addIssue({ code: "custom", path, message, input: shape });
}
