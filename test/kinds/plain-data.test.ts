import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { DescriptionError } from "../../src/kinds/errors.ts";
import { expectation } from "../../src/kinds/expectation.ts";
import { parseDescription, parsePlain } from "../../src/kinds/plain-data.ts";
import { misspelt, proposal } from "../cli/arbitraries.ts";

const population = z.strictObject({
  name: z.string().regex(/^[a-z]+$/, "expected small letters"),
  units: z.int().min(1),
  dimension: z.int().min(1).default(1),
  bias: z.enum(["channel", "unit", "none"]).default("channel"),
});
const wiring = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("dense"), density: z.number().min(0).max(1).optional() }),
  z.strictObject({ kind: z.literal("local"), window: z.tuple([z.int().min(1), z.int().min(1)]) }),
]);
const schema = z.strictObject({
  title: z.string().min(1),
  populations: z.array(population).min(1),
  wiring: wiring.default({ kind: "dense" }),
  rate: z.number().positive().optional(),
  plastic: z.boolean().default(true),
  weights: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  even: z
    .int()
    .refine((value) => value % 2 === 0, "has to be a multiple of 2")
    .optional(),
});
const valid = () => ({ title: "a", populations: [{ name: "v", units: 3 }] });
const faultIn = (data: unknown): string => {
  const parsed = parsePlain(schema, data);
  if ("value" in parsed) throw new Error("nothing is wrong");
  return parsed.fault;
};

describe("plain data that fit a schema", () => {
  test("come back with the defaults filled in", () => {
    expect(parsePlain(schema, valid())).toEqual({
      value: {
        title: "a",
        populations: [{ name: "v", units: 3, dimension: 1, bias: "channel" }],
        wiring: { kind: "dense" },
        plastic: true,
        weights: {},
      },
    });
  });

  test("come back as they are where nothing is missing, and nothing else does", () => {
    const anything = fc.anything();
    fc.assert(
      fc.property(anything, (data) => {
        const list = z.array(z.unknown());
        expect("value" in parsePlain(list, data)).toBe(Array.isArray(data));
      }),
    );
  });
});

describe("a fault", () => {
  test("names the place, however deep, what came and what is expected", () => {
    const step = fc.oneof(fc.stringMatching(/^[a-z]{1,6}$/), fc.nat({ max: 3 }));
    const wrong = fc.constantFrom<[unknown, string]>(["x", '"x"'], [0, "0"], [1.5, "1.5"], [null, "nothing"]);
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), wrong, (path, [value, told]) => {
        const { deep, broken } = [...path].reverse().reduce<{ deep: z.ZodType; right: unknown; broken: unknown }>(
          (inner, key) =>
            typeof key === "number"
              ? {
                  deep: z.array(inner.deep),
                  right: [inner.right],
                  broken: [...Array.from({ length: key }, () => inner.right), inner.broken, inner.broken],
                }
              : {
                  deep: z.object({ [key]: inner.deep }),
                  right: { [key]: inner.right },
                  broken: { [key]: inner.broken },
                },
          { deep: z.int().min(1), right: 1, broken: value },
        );
        const fault = `${path.join(".")}: got ${told}, expected a whole number of at least 1`;
        expect(parsePlain(deep, broken)).toEqual({ fault });
      }),
    );
  });

  test("of a misspelt name, at any depth, names the one that was meant and all others", () => {
    const [top, inner] = [Object.keys(schema.shape), Object.keys(population.shape)];
    fc.assert(
      fc.property(misspelt(top), misspelt(inner), fc.boolean(), (outside, inside, nested) => {
        const { given, meant } = nested ? inside : outside;
        const fault = faultIn(
          nested ? { title: "a", populations: [{ name: "v", units: 3, [given]: 1 }] } : { ...valid(), [given]: 1 },
        );
        expect(meant).toContain(proposal(fault));
        const [path, known] = nested ? [`populations.0.${given}`, inner] : [given, top];
        expect(fault).toBe(
          `unknown setting "${path}" (did you mean "${proposal(fault)}"?); known: ${known.join(", ")}`,
        );
      }),
    );
  });

  test.each<[unknown, string]>([
    [{ title: "" }, 'title: got "", expected non-empty text'],
    [{ title: 7 }, "title: got 7, expected non-empty text in quotes, such as '\"7\"'"],
    [{ populations: [] }, "populations: got [], expected a non-empty list of settings (name, units, dimension, bias)"],
    [{ populations: [{ name: "V", units: 3 }] }, 'populations.0.name: got "V", expected small letters'],
    [
      { populations: [{ name: "v", units: 3, bias: "chanel" }] },
      'populations.0.bias: got "chanel", expected one of channel, unit, none (did you mean "channel"?)',
    ],
    [{ rate: Number.POSITIVE_INFINITY }, "rate: got Infinity, expected a finite number above 0"],
    [{ rate: Number.NaN }, "rate: got NaN, expected a finite number above 0"],
    [{ plastic: "yes" }, 'plastic: got "yes", expected true or false'],
    [{ weights: { a: true } }, "weights.a: got true, expected a finite number or text"],
    [{ even: 3 }, "even: has to be a multiple of 2"],
    [{ wiring: { kind: "lokal" } }, 'wiring.kind: got "lokal", expected one of dense, local (did you mean "local"?)'],
    [{ wiring: {} }, "wiring.kind: got nothing, expected one of dense, local"],
    [{ wiring: { kind: "dense", density: 2 } }, "wiring.density: got 2, expected a number from 0 to 1"],
    [
      { wiring: { kind: "local", windw: [1, 1] } },
      'unknown setting "wiring.windw" (did you mean "window"?); known: kind, window',
    ],
    [{ wiring: { kind: "local", window: [1] } }, "wiring.window: got [1], expected a list of 2"],
    [{ wiring: { kind: "local", window: [1, 0] } }, "wiring.window.1: got 0, expected a whole number of at least 1"],
  ])("of %j", (change, fault) => {
    expect(faultIn({ ...valid(), ...(change as object) })).toBe(fault);
  });

  test("of the whole names no place", () => {
    const settings = "settings (title, populations, wiring, rate, plastic, weights, even)";
    expect(faultIn(undefined)).toBe(`got nothing, expected ${settings}`);
    expect(faultIn("title: a")).toBe(`got "title: a", expected ${settings}`);
    expect(parsePlain(z.strictObject({}), { a: 1 })).toEqual({ fault: 'unknown setting "a"; there are none to give' });
  });

  test("keeps a long value short and a circle finite", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(faultIn({ ...valid(), rate: circle })).toMatch(/^rate: got \[\[\[\.\.\.\]\]\], expected/);
    expect(faultIn({ ...valid(), rate: "x".repeat(500) })).toBe(
      `rate: got "${"x".repeat(60)}..." (500 characters), expected a finite number above 0`,
    );
  });

  test("of a description is told after its owner", () => {
    const parse = () => parseDescription('circuit "a"', schema, { ...valid(), rate: -1 });
    expect(parse).toThrow(new DescriptionError('circuit "a": rate: got -1, expected a finite number above 0'));
    expect(parseDescription("run", schema, valid()).plastic).toBe(true);
  });
});

test("expectations read as English", () => {
  expect(expectation({ type: "number", minimum: 0, exclusiveMaximum: 1 })).toBe("a number from 0 to below 1");
  expect(expectation({ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 })).toBe(
    "a number above 0 and below 1",
  );
  expect(expectation({ type: "number", exclusiveMinimum: 0, maximum: 1 })).toBe("a number above 0 and at most 1");
  expect(expectation({ type: "number", exclusiveMaximum: 1 })).toBe("a finite number below 1");
  expect(expectation({ type: "number", exclusiveMinimum: 0 })).toBe("a finite number above 0");
  expect(expectation({ type: "integer", maximum: 3 })).toBe("a whole number of at most 3");
  expect(expectation({ type: "array", items: { type: "array", items: { type: "string" } } })).toBe(
    "a list of lists of texts",
  );
  expect(expectation({ type: "object", properties: { a: {}, b: {} } })).toBe("settings (a, b)");
  expect(expectation({ type: "object" })).toBe("settings");
  expect(expectation({ type: ["string", "null"] })).toBe("text or nothing");
  expect(expectation({ type: "array", minItems: 1, items: { enum: ["gevb", "bp"] } })).toBe(
    "a non-empty list of any of gevb, bp",
  );
  expect(expectation({ const: "digits" })).toBe("digits");
});
