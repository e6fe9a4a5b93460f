import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Representation } from "../../../src/measures/representation/record.ts";
import { representation as measure } from "../../../src/measures/representation/representation.ts";
import { measureFile } from "../../../src/runs/record/measure-records.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const representationFile = measureFile(measure);
const place = temporaryFolder();
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const representation: fc.Arbitrary<Representation> = fc
  .array(fc.record({ x: finite, y: finite, label: fc.nat(20) }, { noNullPrototype: true }), { minLength: 1 })
  .chain((points) =>
    fc.record(
      {
        population: fc.string(),
        count: fc.constant(points.length),
        silhouette: finite,
        purity: finite,
        neighbours: fc.integer({ min: 1, max: 99 }),
        perplexity: finite,
        points: fc.constant(points),
      },
      { noNullPrototype: true },
    ),
  );

test("representation.json gives back every number", async () => {
  const folder = place("round-trip");
  await mkdir(folder);
  expect(await representationFile.has(folder)).toBe(false);
  await fc.assert(
    fc.asyncProperty(representation, async (written) => {
      await representationFile.write(folder, written);
      expect(await representationFile.read(folder)).toEqual(written);
    }),
    { numRuns: 25 },
  );
  expect(await representationFile.has(folder)).toBe(true);
  expect(await readdir(folder)).toEqual(["representation.json"]);
});

test("representation.json that is missing or damaged is refused, with what to do", async () => {
  const folder = place("damaged");
  await mkdir(folder);
  const path = join(folder, "representation.json");
  await expect(representationFile.read(folder)).rejects.toThrow(
    `${path} cannot be read: it does not exist; check the path`,
  );
  const whole = fc.sample(representation, { seed: 1, numRuns: 1 })[0]!;
  const remedy = "remove it and resume the run to make it again";
  for (const [text, fault] of [
    ["{", "it is not whole JSON"],
    [JSON.stringify({ ...whole, purity: "high" }), 'purity: got "high", expected a finite number'],
    [JSON.stringify({ ...whole, points: [] }), `it has 0 points for ${whole.count} stimuli`],
  ] as const) {
    await writeFile(path, text);
    await expect(representationFile.read(folder)).rejects.toThrow(
      `${path} is not a record of measure "representation": ${fault}; ${remedy}`,
    );
  }
});
