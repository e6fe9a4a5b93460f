import { type AnyNode, type FunctionExpression, parseExpressionAt } from "acorn";
import { didYouMean, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { KernelBody, KernelDeclaration } from "../kernel-declaration.ts";

/** Names that every device knows. */
const known = new Set(["Math", "Infinity"]);

/** Why a name is there that nobody wrote, by how it begins. */
const fromTools: readonly (readonly [beginning: string, reason: string])[] = [
  ["__name", "which tsx and esbuild add to a function within a function; write what that function does in its place"],
  ["cov_", "with which a coverage tool counts; leave this file out of its instrumentation (v8 coverage needs none)"],
  ["__vi_", "which stands for an import; give the value as an input, or as a constant from `infer`"],
  ["__vite", "which stands for an import; give the value as an input, or as a constant from `infer`"],
];

/**
 * Checks that GPU.js can compile a body on every device. It reads the source text, so a body sees its arguments,
 * `this.thread`, `this.constants`, `Math` and its own variables, and nothing else.
 *
 * @param constants by the names that `this.constants` has
 * @throws UsageError that names the kernel, the output and the name or form that cannot be compiled
 */
export function checkBody(
  { name, outputs }: Pick<KernelDeclaration, "name" | "outputs">,
  output: string,
  constants: Readonly<Record<string, number>>,
): void {
  const { body, reads } = outputs[output]!;
  const refuse = (reason: string): never => {
    throw new UsageError(`kernel "${name}", output "${output}": its body ${reason}`);
  };
  const parsed = parse(body, refuse);
  const parameters = parsed.params.map((parameter) =>
    parameter.type === "Identifier" ? parameter.name : refuse("has an argument that is no plain name; give it one"),
  );
  if (parameters.length !== reads.length)
    refuse(
      `takes ${parameters.length} arguments (${parameters.join(", ")}), expected one for each of ${reads.join(", ")}`,
    );
  for (const parameter of parameters)
    if (parameter in constants)
      refuse(`has an argument "${parameter}", and so is a constant called; devices mix them up, give one another name`);
  new BodyReader(refuse, parameters, Object.keys(constants)).read(parsed);
}

function parse(body: KernelBody, refuse: (reason: string) => never): FunctionExpression {
  const form = (what: string) =>
    refuse(`is ${what}; write it as a plain function: function (values) { return values[this.thread.x]; }`);
  const source = Function.prototype.toString.call(body);
  let node: AnyNode;
  try {
    node = parseExpressionAt(`(${source})`, 0, { ecmaVersion: "latest" }) as AnyNode;
  } catch {
    return form(/\[native code\]\s*\}$/.test(source) ? "bound or native, without a source text" : "a method");
  }
  if (node.type === "ArrowFunctionExpression") return form("an arrow function, which has no this.thread");
  if (node.type !== "FunctionExpression") return form("no function");
  if (node.async) return form("an async function");
  if (node.generator) return form("a generator");
  return node;
}

/** Parts of the language that GPU.js takes on every device. */
const taken: ReadonlySet<AnyNode["type"]> = new Set([
  ...(["BlockStatement", "EmptyStatement", "ExpressionStatement", "ReturnStatement", "IfStatement"] as const),
  ...(["ForStatement", "WhileStatement", "DoWhileStatement", "BreakStatement", "ContinueStatement"] as const),
  ...(["SwitchStatement", "SwitchCase", "FunctionDeclaration", "VariableDeclaration", "VariableDeclarator"] as const),
  ...(["Identifier", "Literal", "ThisExpression", "MemberExpression", "CallExpression", "UnaryExpression"] as const),
  ...(["BinaryExpression", "LogicalExpression", "ConditionalExpression", "AssignmentExpression"] as const),
  ...(["UpdateExpression", "SequenceExpression"] as const),
]);

/** Follows a body from scope to scope. */
class BodyReader {
  readonly #scopes: Set<string>[] = [];
  #returns = false;

  constructor(
    private readonly refuse: (reason: string) => never,
    private readonly parameters: readonly string[],
    private readonly constants: readonly string[],
  ) {}

  /** Reads the body itself. */
  read(body: FunctionExpression): void {
    this.#function(body);
    if (!this.#returns) this.refuse("returns nothing; it is to return the number of its thread");
  }

  #function({ params, body }: Pick<FunctionExpression, "params" | "body">): void {
    this.#within(() => {
      for (const name of namesIn(params)) this.#declare(name);
      this.#block(body.body);
    });
  }

  #within(read: () => void): void {
    this.#scopes.push(new Set());
    read();
    this.#scopes.pop();
  }

  #declare(name: string): void {
    if (this.#scopes.slice(0, -1).some((scope) => scope.has(name)))
      this.refuse(`has two variables "${name}", one within the other's block; devices mix them up, rename one`);
    this.#scopes.at(-1)!.add(name);
  }

  /** Statements that share a scope: their names are known before any of them is read. */
  #block(statements: readonly AnyNode[]): void {
    for (const statement of statements)
      if (statement.type === "VariableDeclaration")
        for (const name of namesIn(statement.declarations.map(({ id }) => id))) this.#declare(name);
      else if (statement.type === "FunctionDeclaration" && statement.id) this.#declare(statement.id.name);
    for (const statement of statements) this.#node(statement);
  }

  #node(node: AnyNode): void {
    this.#checkForm(node);
    if (node.type === "BlockStatement") this.#within(() => this.#block(node.body));
    else if (node.type === "ForStatement")
      this.#within(() => {
        if (node.init) this.#block([node.init]);
        for (const part of [node.test, node.update, node.body]) if (part) this.#node(part);
      });
    else if (node.type === "FunctionDeclaration") this.#function(node);
    else if (node.type === "Identifier") this.#name(node.name);
    else if (node.type === "MemberExpression") this.#member(node);
    else if (node.type === "VariableDeclarator") this.#nodes([node.init]);
    else this.#nodes(Object.values(node).flat());
  }

  /** Reads those of a node's properties that are nodes. */
  #nodes(parts: readonly unknown[]): void {
    for (const part of parts) if (isNode(part)) this.#node(part);
  }

  #checkForm(node: AnyNode): void {
    if (node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression")
      this.refuse("holds a function as a value; write what it does in its place");
    if (!taken.has(node.type) || (node.type === "LogicalExpression" && node.operator === "??"))
      this.refuse(`uses ${inWords(node)}, which devices do not have; write it with numbers, conditions and loops`);
    if (node.type === "Literal" && typeof node.value !== "number" && typeof node.value !== "boolean")
      this.refuse(`holds ${shown(node.value)}, which is no number`);
    if (node.type === "AssignmentExpression") this.#checkTarget(node.left);
    if (node.type === "UpdateExpression") this.#checkTarget(node.argument);
    if (node.type === "ReturnStatement") {
      this.#returns = true;
      if (node.argument?.type === "ArrayExpression") this.refuse("returns a list; it is to return one number");
    }
  }

  #name(name: string): void {
    if (known.has(name) || this.#scopes.some((scope) => scope.has(name))) return;
    const [, reason] = fromTools.find(([beginning]) => name.startsWith(beginning)) ?? [];
    if (reason !== undefined) this.refuse(`has the name "${name}", ${reason}`);
    this.refuse(
      `reads "${name}", which is none of its own names; it is compiled from its text alone and sees its arguments (${this.parameters.join(", ") || "none"}), this.thread, this.constants and Math: give the value as an input, or as a constant from \`infer\``,
    );
  }

  #member(node: Extract<AnyNode, { type: "MemberExpression" }>): void {
    const { object, property, computed } = node;
    if (isConstants(object) && !computed && property.type === "Identifier" && !this.constants.includes(property.name))
      this.refuse(
        `reads this.constants.${property.name}${didYouMean(property.name, this.constants)}, and \`infer\` gives ${this.constants.join(", ") || "no constants"}`,
      );
    if (object.type === "Identifier" && !computed && property.type === "Identifier") {
      this.#name(object.name);
      if (object.name !== "Math")
        this.refuse(
          `reads ${object.name}.${property.name}, and devices see elements alone; give a length as a constant from \`infer\``,
        );
      if (property.name === "random")
        this.refuse("draws from Math.random, and a kernel gives the same for the same inputs; feed noise as an input");
      if (!(property.name in Math) || property.name === "hypot")
        this.refuse(`reads Math.${property.name}, which devices do not have`);
      return;
    }
    this.#node(object);
    if (computed) this.#node(property);
  }

  #checkTarget(node: AnyNode): void {
    if (node.type !== "MemberExpression") return;
    let root: AnyNode = node;
    while (root.type === "MemberExpression") root = root.object;
    if (root.type === "Identifier" && this.parameters.includes(root.name))
      this.refuse(`writes to its argument "${root.name}"; a body returns the one number of its thread`);
  }
}

/** "a for of statement" for ForOfStatement. */
function inWords(node: AnyNode): string {
  if (node.type === "LogicalExpression") return `"${node.operator}"`;
  const words = node.type.replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
  return `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`;
}

const isConstants = (node: AnyNode): boolean =>
  node.type === "MemberExpression" &&
  node.object.type === "ThisExpression" &&
  node.property.type === "Identifier" &&
  node.property.name === "constants";

/** Names that patterns declare: plain ones, and those of { x, y } = this.thread. */
function namesIn(patterns: readonly AnyNode[]): string[] {
  return patterns.flatMap((pattern): string[] => {
    if (pattern.type === "Identifier") return [pattern.name];
    if (pattern.type === "Property") return namesIn([pattern.value]);
    return pattern.type === "ObjectPattern" ? namesIn(pattern.properties) : [];
  });
}

const isNode = (part: unknown): part is AnyNode =>
  typeof part === "object" && part !== null && "type" in part && typeof part.type === "string";
