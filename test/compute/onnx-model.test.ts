import fc from "fast-check";
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

const transposes = fc.tuple(fc.boolean(), fc.boolean());

test("products and an addend are a chain of Gemm nodes, all sizes symbolic", () => {
  fc.assert(
    fc.property(fc.array(transposes, { minLength: 1, maxLength: 130 }), fc.boolean(), (products, addend) => {
      const model = gemmModel(products, { addend });
      expect(all(model, 1)).toEqual([8]);
      expect(messages(model, 8).map((set) => decode(set))).toEqual([[{ field: 2, value: 17 }]]);

      expect(messages(model, 7).length).toBe(1);
      const graph = message(model, 7);
      expect(texts(graph, 2)).toEqual(["product"]);

      const integer = 2;
      const nodes = messages(graph, 1).map((node) => ({
        inputs: texts(node, 1),
        outputs: texts(node, 2),
        operator: texts(node, 4),
        attributes: messages(node, 5).map((each) => [texts(each, 1)[0], all(each, 3)[0], all(each, 20)[0]]),
      }));
      const operands = products.map((_, k) => [`left-${k}`, `right-${k}`]);
      expect(nodes).toEqual(
        products.map(([left, right], k) => ({
          inputs: [...operands[k]!, ...(k > 0 ? [`sum-${k - 1}`] : addend ? ["addend"] : [])],
          outputs: [k === products.length - 1 ? "product" : `sum-${k}`],
          operator: ["Gemm"],
          attributes: [
            ["transA", Number(left), integer],
            ["transB", Number(right), integer],
          ],
        })),
      );

      const float = 1;
      const described = (tensor: Uint8Array) => {
        const type = message(message(tensor, 2), 1);
        expect(all(type, 1)).toEqual([float]);
        return [texts(tensor, 1)[0], messages(message(type, 2), 1).map((size) => texts(size, 2)[0])];
      };
      const symbolic = (name: string) => [name, [`${name}/0`, `${name}/1`]];
      expect(messages(graph, 11).map(described)).toEqual(
        [...operands.flat(), ...(addend ? ["addend"] : [])].map(symbolic),
      );
      expect(messages(graph, 12).map(described)).toEqual([symbolic("product")]);
    }),
    { numRuns: 50 },
  );
});
