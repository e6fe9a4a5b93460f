import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, didYouMean, SulcusError } from "../../src/kinds/errors.ts";
import { escaped, shown } from "../../src/kinds/shown.ts";

/** What breaks a line or talks to a terminal. */
const obeyed = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Texts of which every other character is one that a terminal obeys. */
const wild = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom("\u001b[31m", "\n", "\r", "\u0000", "\u009b", "\u202e", "\u2028", "\ud800", "\u{f0000}"),
    ),
  )
  .map((parts) => parts.join(""));

describe("a value that a message repeats", () => {
  test("is on one line, short, and says nothing to a terminal, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.array(wild), fc.dictionary(wild, wild), wild),
        fc.integer({ min: 1, max: 80 }),
        (value, limit) => {
          const text = shown(value, limit);
          expect(text).not.toMatch(obeyed);
          // Escapes make six characters of one.
          expect(text.length).toBeLessThan(6 * limit + 40);
        },
      ),
    );
  });

  test("is told in full where it is short", () => {
    const plain = fc.letrec((part) => ({
      value: fc.oneof(
        { maxDepth: 1 },
        fc.integer({ min: -9, max: 99 }),
        fc.boolean(),
        fc.stringMatching(/^[a-z "]{0,4}$/),
        part("list"),
      ),
      list: fc.array(part("value"), { maxLength: 3 }),
    })).list;
    fc.assert(
      fc.property(
        plain,
        (value) =>
          void expect(shown(value)).toBe(
            JSON.stringify(value).replaceAll(/,(?=(?:(?:[^"\\]|\\.)*"(?:[^"\\]|\\.)*")*[^"]*$)/g, ", "),
          ),
      ),
    );
  });

  test.each<[unknown, string]>([
    [undefined, "nothing"],
    [null, "nothing"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [10n ** 80n, `1${"0".repeat(59)}...`],
    [() => 1, "a function"],
    ["x".repeat(70_000), `"${"x".repeat(60)}..." (70,000 characters)`],
    ["a\n\u001b[2J", String.raw`"a\n\u001b[2J"`],
    [{ name: "v1", map: undefined, units: 3 }, '{name: "v1", units: 3}'],
    [{ "a b": null, c: [1, [2, [3]]] }, '{"a b": null, c: [1, [...]]}'],
    [Float32Array.of(1, 2), "[1, 2]"],
    [[], "[]"],
    [{}, "{}"],
  ])("%o reads %s", (value, text) => expect(shown(value)).toBe(text));

  test("costs as much as what is shown of it", () => {
    let looked = 0;
    const long = Array.from({ length: 1000 }, () => ({
      get a() {
        looked++;
        return 1;
      },
    }));
    shown(long);
    expect(looked).toBeLessThan(30);
  });
});

describe("an error's message", () => {
  test("is one line that can be read, whatever it repeats", () => {
    fc.assert(
      fc.property(wild, fc.integer({ min: 1, max: 400 }), (text, times) => {
        const { message } = new DataError(`${text.repeat(times)} came; try another`);
        expect(message).not.toMatch(obeyed);
        expect(message.length).toBeLessThanOrEqual(2005);
        expect(message.endsWith("came; try another")).toBe(true);
      }),
    );
  });

  test("keeps what is short as it is, and the cause", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,300}$/), (text) => void expect(new SulcusError(text).message).toBe(text)),
    );
    const cause = new Error("b");
    expect(new DataError("a", { cause }).cause).toBe(cause);
  });

  test("does not guess what a text of great length was to be", () => {
    expect(didYouMean("epoch", ["epochs"])).toBe(' (did you mean "epochs"?)');
    expect(didYouMean("epoch".repeat(1000), ["epochs".repeat(1000)])).toBe("");
  });
});

test("escapes are those of JSON", () => {
  fc.assert(
    fc.property(
      wild,
      (text) =>
        void expect(JSON.parse(`"${escaped(text.replaceAll(/["\\]/g, ""))}"`)).toBe(text.replaceAll(/["\\]/g, "")),
    ),
  );
});

test("circuits, neurons and plasticity need nothing of Node, nor does what they say of plain data", () => {
  const sources = ["circuits", "neurons", "plasticity"].flatMap((folder) =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `src/${folder}/${name}`),
  );
  for (const file of [...sources, "src/kinds/plain-data.ts", "src/kinds/shown.ts", "src/kinds/errors.ts"])
    expect([file, ...readFileSync(file, "utf8").matchAll(/from "node:[^"]*"/g)].map(String)).toEqual([file]);
});
