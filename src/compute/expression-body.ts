import type { Comparison, Expression } from "./expression.ts";

/** What an expression or comparison is made of directly. */
function partsOf(node: Expression | Comparison): readonly (Expression | Comparison)[] {
  if ("of" in node) return [node.of];
  if ("left" in node) return [node.left, node.right];
  return node.kind === "choice" ? [node.where, node.yes, node.no] : [];
}

/** How often each part of an expression is used; one that is used twice is one object. */
function usesOf(expression: Expression): Map<Expression | Comparison, number> {
  const uses = new Map<Expression | Comparison, number>();
  const visit = (node: Expression | Comparison) => {
    const known = uses.get(node) ?? 0;
    uses.set(node, known + 1);
    if (known === 0) partsOf(node).forEach(visit);
  };
  visit(expression);
  return uses;
}

/** Whether an expression does something with elements, and so has as many values as they are. */
export const isOfElements = (expression: Expression): boolean =>
  partsOf(expression).length > 0 && [...usesOf(expression).keys()].some(({ kind }) => kind === "element");

const free: ReadonlySet<string> = new Set(["element", "constant", "number", "negative", "choice"]);

/** Floating-point operations an element: changes of sign and choices cost none, a transcendental function counts as one. */
export const operationsOf = (expression: Expression): number =>
  [...usesOf(expression).keys()].filter(({ kind }) => !free.has(kind)).length;

const signs = { sum: "+", difference: "-", product: "*", quotient: "/", above: ">", below: "<" } as const;

/**
 * The body of a kernel's function, for GPU.js, with a flat launch: it computes in the order of the expression, and what is used
 * more than once is computed once.
 */
export function bodyText(expression: Expression): string {
  const shared = [...usesOf(expression)].flatMap(([node, uses]) => (uses > 1 ? [node] : []));
  const names = new Map<Expression | Comparison, string>();
  const lines = ["const i = this.thread.y * this.constants.columns + this.thread.x;"];
  const read = (node: Expression | Comparison): string => {
    if (node.kind === "number" || node.kind === "constant" || !shared.includes(node)) return written(node);
    const known = names.get(node);
    if (known) return known;
    const text = written(node);
    const name = `shared${names.size}`;
    names.set(node, name);
    lines.push(`const ${name} = ${text};`);
    return name;
  };
  const written = (node: Expression | Comparison): string => {
    switch (node.kind) {
      case "element":
        return `${node.input}[i]`;
      case "constant":
        return `this.constants.${node.name}`;
      case "number":
        return node.value < 0 ? `(${node.value})` : String(node.value);
      case "negative":
        return `(-${read(node.of)})`;
      case "magnitude":
        return `Math.abs(${read(node.of)})`;
      case "exponential":
        return `Math.exp(${read(node.of)})`;
      case "larger":
        return `Math.max(${read(node.left)}, ${read(node.right)})`;
      case "smaller":
        return `Math.min(${read(node.left)}, ${read(node.right)})`;
      case "choice":
        return `(${read(node.where)} ? ${read(node.yes)} : ${read(node.no)})`;
      default:
        return `(${read(node.left)} ${signs[node.kind]} ${read(node.right)})`;
    }
  };
  const result = read(expression);
  return [...lines, `return ${result};`].join("\n");
}
