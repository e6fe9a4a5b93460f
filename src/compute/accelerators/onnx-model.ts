import type { Transposes } from "./products.ts";

/**
 * An ONNX model of Gemm nodes, written directly in the protobuf wire format (about 130 bytes for one):
 * product = [addend +] sum over k of op(left-k) op(right-k), where op transposes if asked; each node adds its product to what
 * the one before has made. All sizes are symbolic, so one session serves every shape. Field numbers: onnx.proto3 of ONNX 1.12
 * (IR version 8, operator set 17).
 */
export function gemmModel(products: readonly Transposes[], { addend }: { readonly addend: boolean }): Uint8Array {
  const attribute = (name: string, value: boolean) =>
    message(5, [text(1, name), integer(3, value ? 1 : 0), integer(20, attributeTypeInt)]);
  const tensor = (field: number, name: string) =>
    message(field, [
      text(1, name),
      message(2, [
        message(1, [
          integer(1, elementTypeFloat),
          message(
            2,
            [0, 1].map((axis) => message(1, [text(2, `${name}/${axis}`)])),
          ),
        ]),
      ]),
    ]);
  const last = products.length - 1;
  const nodes = products.map(([transposeLeft, transposeRight], index) =>
    message(1, [
      text(1, `left-${index}`),
      text(1, `right-${index}`),
      ...(index > 0 ? [text(1, `sum-${index - 1}`)] : addend ? [text(1, "addend")] : []),
      text(2, index < last ? `sum-${index}` : "product"),
      text(4, "Gemm"),
      attribute("transA", transposeLeft),
      attribute("transB", transposeRight),
    ]),
  );
  const graph = message(7, [
    ...nodes,
    text(2, "product"),
    ...products.flatMap((_, index) => [tensor(11, `left-${index}`), tensor(11, `right-${index}`)]),
    ...(addend ? [tensor(11, "addend")] : []),
    tensor(12, "product"),
  ]);
  return join([integer(1, 8), graph, message(8, [integer(2, 17)])]);
}

const attributeTypeInt = 2;
const elementTypeFloat = 1;

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

function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  const content = join(parts);
  return join([varint(field * 8 + 2), varint(content.length), content]);
}

function text(field: number, value: string): Uint8Array {
  return message(field, [new TextEncoder().encode(value)]);
}
