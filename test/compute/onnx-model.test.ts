import { expect, test } from "vitest";
import { gemmModel } from "../../src/compute/accelerators/onnx-model.ts";

type Field = { readonly field: number; readonly value: number | Uint8Array };

/** The fields of a protobuf message: integers as numbers, everything else as bytes. */
function decode(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    if (key % 8 === 0) fields.push({ field, value: varint() });
    else {
      expect(key % 8).toBe(2);
      const length = varint();
      fields.push({ field, value: bytes.subarray(at, at + length) });
      at += length;
    }
  }
  expect(at).toBe(bytes.length);
  return fields;
}

const all = (bytes: Uint8Array, field: number) =>
  decode(bytes).flatMap((each) => (each.field === field ? [each.value] : []));
const messages = (bytes: Uint8Array, field: number) => all(bytes, field) as Uint8Array[];
const message = (bytes: Uint8Array, field: number) => messages(bytes, field)[0]!;
const texts = (bytes: Uint8Array, field: number) =>
  messages(bytes, field).map((each) => new TextDecoder().decode(each));

test.for([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const)("transposed %s and %s: one Gemm node without bias, all sizes symbolic", ([left, right]) => {
  const model = gemmModel(left, right);
  expect(all(model, 1)).toEqual([8]);
  expect(messages(model, 8).map((set) => decode(set))).toEqual([[{ field: 2, value: 17 }]]);

  expect(messages(model, 7).length).toBe(1);
  const graph = message(model, 7);
  expect(texts(graph, 2)).toEqual(["product"]);

  expect(messages(graph, 1).length).toBe(1);
  const node = message(graph, 1);
  expect([texts(node, 1), texts(node, 2), texts(node, 4)]).toEqual([["left", "right"], ["product"], ["Gemm"]]);
  const integer = 2;
  const attributes = messages(node, 5).map((each) => [texts(each, 1)[0], all(each, 3)[0], all(each, 20)[0]]);
  expect(attributes).toEqual([
    ["transA", Number(left), integer],
    ["transB", Number(right), integer],
  ]);

  const float = 1;
  const described = (tensor: Uint8Array) => {
    const type = message(message(tensor, 2), 1);
    expect(all(type, 1)).toEqual([float]);
    return [texts(tensor, 1)[0], messages(message(type, 2), 1).map((size) => texts(size, 2)[0])];
  };
  expect(messages(graph, 11).map(described)).toEqual([
    ["left", ["l0", "l1"]],
    ["right", ["r0", "r1"]],
  ]);
  expect(messages(graph, 12).map(described)).toEqual([["product", ["p0", "p1"]]]);
});
