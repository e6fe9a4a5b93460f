import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readInstances } from "../../../src/tasks/coco/instances.ts";
import type { Skipped } from "../../../src/tasks/coco/skipped.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const path = temporaryFolder();

const image = fc.record({
  id: fc.oneof(fc.nat(), fc.string()),
  file_name: fc.string({ minLength: 1 }),
  width: fc.integer({ min: 1, max: 9999 }),
  height: fc.integer({ min: 1, max: 9999 }),
});
const annotation = fc.record(
  {
    image_id: fc.nat(),
    category_id: fc.nat(),
    segmentation: fc.anything(),
    iscrowd: fc.constantFrom(0, 1, true, false, null),
  },
  { requiredKeys: ["image_id", "category_id"] },
);
/** What is no entry: other kinds, and records that lack what is needed or have NaN there, which JSON writes as null. */
const odd = fc.constantFrom<unknown>(
  ...[null, 3, "entry", [], {}],
  ...[
    { id: 1 },
    { id: Number.NaN, file_name: "a", width: 1, height: 1 },
    { id: 1, file_name: "a", width: 0, height: 1 },
  ],
  ...[
    { image_id: null, category_id: 1 },
    { image_id: 1, category_id: 1, iscrowd: "no" },
  ],
);

/** Entries among which odd ones lie, and which of them are sound. */
const mixed = <T>(sound: fc.Arbitrary<T>) =>
  fc.array(
    fc.oneof(
      sound.map((entry) => ({ entry, good: true })),
      odd.map((entry) => ({ entry, good: false })),
    ),
    { maxLength: 12 },
  );

test("odd entries are left out and counted, and all others are read, at their places", async () => {
  await fc.assert(
    fc.asyncProperty(mixed(image), mixed(annotation), async (images, annotations) => {
      const file = path("instances.json");
      const entries = (of: readonly { entry: unknown }[]) => of.map(({ entry }) => entry);
      const written = { images: entries(images), annotations: entries(annotations), categories: [{ id: 1 }, "odd"] };
      await writeFile(file, JSON.stringify(written));
      const skipped: Skipped = {};
      const read = await readInstances(file, skipped);
      const sound = (of: readonly { good: boolean }[]) => of.flatMap(({ good }, place) => (good ? [place] : []));
      expect(read.images).toEqual(sound(images).map((place) => images[place]!.entry));
      expect(read.annotations.map(({ place }) => place)).toEqual(sound(annotations));
      expect(read.categories).toEqual([{ id: 1 }]);
      const lost = [images, annotations].map((of) => of.length - sound(of).length);
      expect([skipped.brokenImage?.count ?? 0, skipped.brokenAnnotation?.count ?? 0]).toEqual(lost);
      expect(skipped.brokenCategory).toEqual({
        count: 1,
        first: 'categories.1, got "odd", expected settings (id, supercategory)',
      });
    }),
    { numRuns: 60 },
  );
});

test("NaN and the infinities are read as nothing where no number is needed, and texts keep theirs", async () => {
  const values = fc.constantFrom("NaN", "Infinity", "-Infinity", "[NaN,-Infinity]", '{"a":NaN}', "1e5");
  await fc.assert(
    fc.asyncProperty(values, fc.constantFrom("NaN", "a\\NaN", '"-Infinity', "\\"), async (value, name) => {
      const file = path("python.json");
      const entry = JSON.stringify({ id: 1, file_name: name, width: 4, height: 3 });
      const text = `{"info":${value},"images":[${entry.replace("}", `,"area":${value}}`)}],"annotations":[],"categories":[]}`;
      await writeFile(file, text);
      expect((await readInstances(file, {})).images[0]).toMatchObject({ file_name: name });
    }),
    { numRuns: 24 },
  );
  await writeFile(path("cut.json"), '{"images":[NaN,"');
  await expect(readInstances(path("cut.json"), {})).rejects.toThrow(`COCO file ${path("cut.json")} is not JSON (`);
});
