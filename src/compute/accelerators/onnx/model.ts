/** Sizes of a tensor; a text stands for a size that each run brings. */
type Dimensions = readonly (number | string)[];

/** One operator of a graph. Attributes are whole numbers. */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** What a graph holds fixed: numbers, or the shape that a Reshape gives. */
export type OnnxConstant = { readonly number: number } | { readonly shape: readonly number[] };

/** A graph of float32 tensors; the nodes in an order in which they can run. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: Readonly<Record<string, Dimensions>>;
  readonly outputs: Readonly<Record<string, Dimensions>>;
  readonly constants?: Readonly<Record<string, OnnxConstant>>;
}

/**
 * An ONNX model of a graph, written directly in the protobuf wire format (about 130 bytes for one product). Field numbers:
 * onnx.proto3 of ONNX 1.12 (IR version 8, operator set 17).
 */
export function onnxModel({ nodes, inputs, outputs, constants = {} }: OnnxGraph): Uint8Array {
  const attribute = ([name, value]: [string, number]) =>
    message(5, [text(1, name), integer(3, value), integer(20, attributeTypeInt)]);
  const tensor =
    (field: number) =>
    ([name, dimensions]: [string, Dimensions]) =>
      message(field, [
        text(1, name),
        message(2, [
          message(1, [
            integer(1, elementTypeFloat),
            message(
              2,
              dimensions.map((size) => message(1, [typeof size === "string" ? text(2, size) : integer(1, size)])),
            ),
          ]),
        ]),
      ]);
  const node = ({ operator, inputs, output, attributes = {} }: OnnxNode) =>
    message(1, [
      ...inputs.map((name) => text(1, name)),
      text(2, output),
      text(4, operator),
      ...Object.entries(attributes).map(attribute),
    ]);
  const graph = message(7, [
    ...nodes.map(node),
    text(2, "graph"),
    ...Object.entries(constants).map(initialiser),
    ...Object.entries(inputs).map(tensor(11)),
    ...Object.entries(outputs).map(tensor(12)),
  ]);
  return join([integer(1, 8), graph, message(8, [integer(2, 17)])]);
}

const attributeTypeInt = 2;
const elementTypeFloat = 1;
const elementTypeInt64 = 7;

function initialiser([name, constant]: [string, OnnxConstant]): Uint8Array {
  if ("number" in constant) {
    const bytes = new Uint8Array(Float32Array.of(constant.number).buffer);
    return message(5, [integer(2, elementTypeFloat), bytesField(4, bytes), text(8, name)]);
  }
  const sizes = join(constant.shape.map(varint));
  return message(5, [
    integer(1, constant.shape.length),
    integer(2, elementTypeInt64),
    bytesField(7, sizes),
    text(8, name),
  ]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Base-128 variable-length integer. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

function integer(field: number, value: number): Uint8Array {
  return join([varint(field * 8), varint(value)]);
}

/** Bytes of a message, a text or packed numbers, with their length before them. */
function bytesField(field: number, content: Uint8Array): Uint8Array {
  return join([varint(field * 8 + 2), varint(content.length), content]);
}

function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, join(parts));
}

function text(field: number, value: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(value));
}
