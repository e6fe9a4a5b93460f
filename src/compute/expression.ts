/**
 * A number made of the elements of inputs at one place, of constants and of other numbers. What an expression is told by is all
 * that there is to know about a kernel of that kind, so that it can be written in any language of a device.
 */
export type Expression =
  | { readonly kind: "element"; readonly input: string }
  | { readonly kind: "constant"; readonly name: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: Unary; readonly of: Expression }
  | { readonly kind: Binary; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "choice"; readonly where: Comparison; readonly yes: Expression; readonly no: Expression };

type Unary = "negative" | "magnitude" | "exponential";
type Binary = "sum" | "difference" | "product" | "quotient" | "larger" | "smaller";

export interface Comparison {
  readonly kind: "above" | "below";
  readonly left: Expression;
  readonly right: Expression;
}

export type Operand = Expression | number;

const operand = (value: Operand): Expression => (typeof value === "number" ? { kind: "number", value } : value);
const binary = (kind: Binary) => (left: Operand, right: Operand) => ({
  kind,
  left: operand(left),
  right: operand(right),
});

export const plus = binary("sum");
export const minus = binary("difference");
export const times = binary("product");
export const over = binary("quotient");
/** The larger of two. */
export const larger = binary("larger");
/** The smaller of two. */
export const smaller = binary("smaller");
/** -value. */
export const negative = (of: Expression): Expression => ({ kind: "negative", of });
/** |value|. */
export const magnitude = (of: Expression): Expression => ({ kind: "magnitude", of });
/** e to the power of a value. */
export const exponential = (of: Expression): Expression => ({ kind: "exponential", of });
/** left > right. */
export const above = (left: Operand, right: Operand): Comparison => ({
  kind: "above",
  left: operand(left),
  right: operand(right),
});
/** left < right. */
export const below = (left: Operand, right: Operand): Comparison => ({
  kind: "below",
  left: operand(left),
  right: operand(right),
});
/** One value where a comparison holds, another where it does not, as for NaN. */
export const choice = (where: Comparison, yes: Operand, no: Operand): Expression => ({
  kind: "choice",
  where,
  yes: operand(yes),
  no: operand(no),
});
