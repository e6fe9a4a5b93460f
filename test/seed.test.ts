import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { givenSeed, repeatCommand } from "./seed.ts";

test("properties draw from the seed that is given to all files", () => {
  expect(fc.readConfigureGlobal().seed).toBe(inject("seed"));
});

test("a property that fails says (what it was) & how it's repeated", () => {
  const failing = () =>
    fc.assert(
      fc.property(fc.nat(), () => {
        throw new Error("it fails");
      }),
    );
  const command = `SULCUS_SEED=${inject("seed")} npx vitest run test/seed.test.ts -t '^a property that fails says \\(what it was\\) & how it'\\''s repeated$'`;
  expect(failing).toThrow(`Repeat it with: ${command}`);
  expect(failing).toThrow("Counterexample: [0]");
  expect(failing).toThrow(expect.objectContaining({ cause: expect.objectContaining({ message: "it fails" }) }));
});

test("a property whose draws are never taken says so, and how it is repeated", async () => {
  const failing = () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), async () => fc.pre(false)),
      { maxSkipsPerRun: 1 },
    );
  await expect(failing()).rejects.toThrow(/too many pre-condition failures[\s\S]*Repeat it with: SULCUS_SEED=/);
});

test("a command quotes what a shell or a pattern would read", () => {
  expect(repeatCommand("test/a b.test.ts", "a > [1.5] $x", -3)).toBe(
    "SULCUS_SEED=-3 npx vitest run 'test/a b.test.ts' -t '^a \\[1\\.5\\] \\$x$'",
  );
});

test("a seed is a whole number of 32 bits, or none", () => {
  expect([givenSeed(undefined), givenSeed(""), givenSeed("7"), givenSeed("-7")]).toEqual([undefined, undefined, 7, -7]);
  for (const text of ["x", "1.5", "4294967296", " "])
    expect(() => givenSeed(text)).toThrow(
      `SULCUS_SEED: got ${JSON.stringify(text)}, expected a whole number of 32 bits`,
    );
});
