import fc from "fast-check";
import { expect, test } from "vitest";
import { onnxModel } from "../../../src/compute/accelerators/onnx/model.ts";

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

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer);

/** Numbers one after the other, each as long as it is. */
function unpack(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let [value, place] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * place;
    place *= 128;
    if (byte >= 128) continue;
    values.push(value);
    [value, place] = [0, 1];
  }
  return values;
}

const name = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
const size = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 }), name);
const tensors = fc.dictionary(name, fc.tuple(size, size), { minKeys: 1, maxKeys: 40 });
const drawnNode = fc.record(
  {
    operator: fc.constantFrom("Gemm", "Add", "Tanh", "Reshape"),
    inputs: fc.array(name, { minLength: 1, maxLength: 3 }),
    output: name,
    attributes: fc.dictionary(name, fc.integer({ min: 0, max: 1 })),
  },
  { requiredKeys: ["operator", "inputs", "output"] },
);
const constant = fc.oneof(
  fc.float({ noNaN: true }).map((number) => ({ number })),
  fc.array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: 1, maxLength: 4 }).map((shape) => ({ shape })),
);

test("a graph is written with its nodes in order, its constants, and the sizes of what comes in and goes out", () => {
  fc.assert(
    fc.property(
      fc.record({
        nodes: fc.array(drawnNode, { minLength: 1, maxLength: 130 }),
        inputs: tensors,
        outputs: tensors,
        constants: fc.dictionary(name, constant),
      }),
      (graph) => {
        const model = onnxModel(graph);
        expect(all(model, 1)).toEqual([8]);
        expect(messages(model, 8).map((set) => decode(set))).toEqual([[{ field: 2, value: 17 }]]);
        expect(messages(model, 7).length).toBe(1);
        const written = message(model, 7);

        const integer = 2;
        const nodes = messages(written, 1).map((node) => ({
          inputs: texts(node, 1),
          outputs: texts(node, 2),
          operators: texts(node, 4),
          attributes: messages(node, 5).map((each) => [texts(each, 1)[0], all(each, 3)[0], all(each, 20)[0]]),
        }));
        expect(nodes).toEqual(
          graph.nodes.map(({ operator, inputs, output, attributes = {} }) => ({
            inputs,
            outputs: [output],
            operators: [operator],
            attributes: Object.entries(attributes).map(([name, value]) => [name, value, integer]),
          })),
        );

        const [float, int64] = [1, 7];
        const described = (tensor: Uint8Array) => {
          const type = message(message(tensor, 2), 1);
          expect(all(type, 1)).toEqual([float]);
          return [
            texts(tensor, 1)[0],
            messages(message(type, 2), 1).map((size) => texts(size, 2)[0] ?? all(size, 1)[0]),
          ];
        };
        expect(messages(written, 11).map(described)).toEqual(Object.entries(graph.inputs));
        expect(messages(written, 12).map(described)).toEqual(Object.entries(graph.outputs));

        const constants = messages(written, 5).map((each) => {
          if (all(each, 2)[0] === float) {
            expect(all(each, 1)).toEqual([]);
            return [texts(each, 8)[0], [...message(each, 4)]];
          }
          expect(all(each, 2)).toEqual([int64]);
          const shape = unpack(message(each, 7));
          expect(all(each, 1)).toEqual([shape.length]);
          return [texts(each, 8)[0], shape];
        });
        expect(constants).toEqual(
          Object.entries(graph.constants).map(([name, value]) => [
            name,
            "number" in value ? [...bytesOf(Float32Array.of(value.number))] : value.shape,
          ]),
        );
      },
    ),
    { numRuns: 50 },
  );
});
