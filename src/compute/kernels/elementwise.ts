import type { Expression } from "../expression.ts";
import { bodyText, operationsOf } from "../expression-body.ts";
import { defineKernel, type Kernel, type KernelBody, type KernelFamily, type KernelValues } from "../kernel.ts";
import { expectShape, type Shape, sizeOf } from "../shape.ts";

/**
 * Shape rule of kernels whose element i of `result` depends on element i of each input: all inputs are of one shape.
 *
 * @param operations floating-point operations an element; a transcendental function counts as 1
 * @throws ShapeError naming the first input that has another shape than the first of all
 */
export function inferElementwise<Constants extends object>(
  name: string,
  operations: number,
  shapes: Readonly<Record<string, Shape>>,
  constants: Constants,
) {
  const [[, result], ...others] = Object.entries(shapes) as [[string, Shape], ...[string, Shape][]];
  for (const [input, shape] of others) expectShape(name, input, shape, result);
  return { shapes: { result }, constants, flops: operations * sizeOf(result) };
}

/** What `this` is in the body of an element-wise kernel: its element is `thread.y * constants.columns + thread.x`. */
export interface ElementThread<Constant extends string = never> {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: Readonly<Record<Constant | "columns", number>>;
}

type Values<Name extends string, Value> = Readonly<Record<Name, Value>>;
type DerivedFrom<Constant extends string, Derived extends string> = Values<
  Derived,
  (given: Values<Constant, number>) => number
>;

interface ElementwiseDeclaration<Input extends string, Constant extends string, Derived extends string> {
  /** Unique among kernels. */
  readonly name: string;
  /** Default "pointwise". */
  readonly family?: KernelFamily;
  readonly inputs: readonly [Input, ...Input[]];
  /** Numbers that a call gives; default none. */
  readonly constants?: readonly Constant[];
  /** Numbers that are worked out from these on the host, in double precision; default none. */
  readonly derived?: DerivedFrom<Constant, Derived>;
  /** The input that the result may overwrite; default the first. */
  readonly over?: NoInfer<Input>;
  /** Element i of the result, of elements i of the inputs. */
  result(elements: Values<Input, Expression>, constants: Values<Constant | Derived, Expression>): Expression;
}

/** What no expression says: a body that GPU.js compiles from its source text, and its operations an element. */
interface ElementwiseBody<Input extends string, Constant extends string>
  extends Omit<ElementwiseDeclaration<Input, Constant, never>, "result" | "derived"> {
  readonly operations: number;
  /** Takes the inputs in their order. */
  readonly body: (this: ElementThread<Constant>, ...values: KernelValues[]) => number;
}

const each = <Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value): Values<Name, Value> =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as Values<Name, Value>;

/**
 * Declares a kernel whose element i of `result` depends on element i of each input, as an expression of them:
 *
 * ```ts
 * const { magnitude, minus } = expression;
 * const absoluteError = defineElementwise({
 *   name: "absolute-error",
 *   inputs: ["values", "target"],
 *   result: ({ values, target }) => magnitude(minus(values, target)),
 * });
 * absoluteError({ values, target }).result;
 * ```
 *
 * GPU.js's function, the cost and the operators of ONNX follow from it. What is no expression is a `body` and its `operations`.
 */
export function defineElementwise<
  Input extends string,
  Constant extends string = never,
  Derived extends string = never,
>(
  declaration: ElementwiseDeclaration<Input, Constant, Derived>,
): Kernel<Input, "result", Values<Constant, number>, Values<Constant | Derived, number>>;
export function defineElementwise<Input extends string, Constant extends string = never>(
  declaration: ElementwiseBody<Input, Constant>,
): Kernel<Input, "result", Values<Constant, number>, Values<Constant, number>>;
export function defineElementwise<Input extends string, Constant extends string, Derived extends string>(
  declaration: ElementwiseDeclaration<Input, Constant, Derived> | ElementwiseBody<Input, Constant>,
): Kernel<Input, "result", Values<Constant, number>, Values<Constant | Derived, number>> {
  const { name, family = "pointwise", inputs, constants = [], over = inputs[0] } = declaration;
  const derived =
    ("derived" in declaration ? declaration.derived : undefined) ?? ({} as DerivedFrom<Constant, Derived>);
  const derivedNames = Object.keys(derived) as Derived[];
  const { operations, ...defined } =
    "body" in declaration
      ? { operations: declaration.operations, output: { reads: inputs, body: declaration.body as KernelBody } }
      : expressed(inputs, declaration.result(each(inputs, element), each([...constants, ...derivedNames], constant)));
  return defineKernel<Input, "result", Values<Constant, number>, Values<Constant | Derived, number>>({
    name,
    family,
    inputs,
    launch: "flat",
    inPlace: { result: over } as Values<"result", Input>,
    ...("expression" in defined ? { expression: defined.expression } : {}),
    outputs: { result: defined.output },
    infer: (shapes, given) =>
      inferElementwise(name, operations, shapes, {
        ...each(constants, (constant) => given[constant]),
        ...each(derivedNames, (constant) => derived[constant](given)),
      }),
  });
}

const element = (input: string): Expression => ({ kind: "element", input });
const constant = (name: string): Expression => ({ kind: "constant", name });

function expressed<Input extends string>(reads: readonly Input[], expression: Expression) {
  let body: KernelBody | undefined;
  return {
    expression,
    operations: operationsOf(expression),
    output: {
      reads,
      // Made of its text when a device asks for it: pages may forbid that, and run on devices that do without.
      get body() {
        body ??= new Function(...reads, bodyText(expression)) as KernelBody;
        return body;
      },
    },
  };
}
