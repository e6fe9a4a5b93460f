import { nameOf } from "../../lowering/stretch.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { OnnxConstant, OnnxGraph, OnnxNode } from "./model.ts";

/** Values of a graph as rows and columns. */
export interface Matrix {
  readonly name: string;
  readonly sizes: readonly [rows: number, columns: number];
}

/** Sizes of a shape as rows of its last size. */
export function matrixOf(shape: Shape): Matrix["sizes"] {
  const columns = shape[shape.length - 1] ?? 1;
  return [sizeOf(shape) / columns, columns];
}

/** A product that may still take an addend. */
interface OpenProduct {
  node: OnnxNode;
  /** Place among the nodes. */
  at: number;
}

/**
 * Puts a graph together from steps of a plan. Every value is a matrix, with rows as its maker or its first reader has
 * them; who reads it in other rows gets a Reshape, which copies nothing. What is added to a product becomes its third operand.
 */
export class GraphBuilder {
  readonly #nodes: (OnnxNode | undefined)[] = [];
  readonly #constants: Record<string, OnnxConstant> = {};
  readonly #inputs: Record<string, Matrix["sizes"]> = {};
  readonly #values = new Map<number, Matrix>();
  readonly #reshaped = new Map<string, string>();
  /** By the name of their values. */
  readonly #products = new Map<string, OpenProduct>();

  /** @param isReadOnce whether one step of the graph, and nothing else, reads a value */
  constructor(private readonly isReadOnce: (id: number) => boolean) {}

  /** A value that some step of the graph makes, or that comes in: then in rows of the last size of a shape. */
  value(id: number, shape: Shape): Matrix {
    const known = this.#values.get(id);
    if (known) return known;
    const matrix = { name: nameOf(id), sizes: matrixOf(shape) };
    this.#inputs[matrix.name] = matrix.sizes;
    this.#values.set(id, matrix);
    return matrix;
  }

  /** The name of a value in some rows and columns. */
  read(id: number, sizes: Matrix["sizes"]): string {
    return this.#shaped(this.value(id, sizes), sizes);
  }

  /** Says what makes a value. */
  define(id: number, { name, sizes }: Matrix): void {
    const product = this.#products.get(name);
    // A product that is needed as it is takes no addend any more.
    if (product && !this.isReadOnce(id)) this.#products.delete(name);
    this.#values.set(id, { name, sizes });
  }

  /** Adds an operator; the name of its value. */
  node(operator: string, inputs: readonly string[], attributes?: Readonly<Record<string, number>>): string {
    const output = `node-${this.#nodes.length}`;
    const node = { operator, inputs, output, ...(attributes ? { attributes } : {}) };
    if (operator === "Gemm") this.#products.set(output, { node, at: this.#nodes.length });
    this.#nodes.push(node);
    return output;
  }

  /** The sum of two values, of which the second may be one row for all of the first. */
  sum(left: Matrix, right: Matrix): Matrix {
    const { sizes } = left;
    const isRow = right.sizes[0] === 1 && right.sizes[1] === sizes[1];
    const addend = () => (isRow ? right.name : this.#shaped(right, sizes));
    // A value added to itself is no product with an addend: the product would have to be there before.
    const product = left.name === right.name ? undefined : this.#products.get(left.name);
    if (product) return { name: this.#withAddend(product, addend()), sizes };
    const other = left.name === right.name || isRow ? undefined : this.#products.get(right.name);
    if (other) return { name: this.#withAddend(other, this.#shaped(left, right.sizes)), sizes: right.sizes };
    return { name: this.node("Add", [left.name, addend()]), sizes };
  }

  /** A constant that stands for every element. */
  number(value: number): string {
    const name = `number ${value}`;
    this.#constants[name] = { number: value };
    return name;
  }

  /** A constant that holds sizes. */
  sizes(shape: Matrix["sizes"]): string {
    const name = `sizes ${shape}`;
    this.#constants[name] = { shape };
    return name;
  }

  /** The graph, with the values that are asked for by id as its outputs. */
  build(outputs: readonly number[]): OnnxGraph {
    const made = new Map(outputs.map((id) => [this.#values.get(id)!.name, nameOf(id)]));
    const named = (name: string) => made.get(name) ?? name;
    return {
      nodes: this.#nodes.flatMap((node) =>
        node ? { ...node, inputs: node.inputs.map(named), output: named(node.output) } : [],
      ),
      inputs: this.#inputs,
      outputs: Object.fromEntries(outputs.map((id) => [nameOf(id), this.#values.get(id)!.sizes])),
      constants: this.#constants,
    };
  }

  #withAddend({ node, at }: OpenProduct, addend: string): string {
    this.#nodes[at] = undefined;
    this.#products.delete(node.output);
    const name = this.node("Gemm", [...node.inputs, addend], node.attributes);
    this.#products.delete(name);
    return name;
  }

  #shaped({ name, sizes: [rows, columns] }: Matrix, wanted: Matrix["sizes"]): string {
    if (rows === wanted[0] && columns === wanted[1]) return name;
    const key = `${name} ${wanted}`;
    const known = this.#reshaped.get(key);
    if (known) return known;
    const reshaped = this.node("Reshape", [name, this.sizes(wanted)]);
    this.#reshaped.set(key, reshaped);
    return reshaped;
  }
}
