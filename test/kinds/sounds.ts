import * as z from "zod";
import { described } from "../../src/kinds/described.ts";
import { type Description, definer } from "../../src/kinds/kind.ts";

declare module "../../src/kinds/families.ts" {
  interface Families {
    sound: FamilyOf<{ readonly loudest: number }, string, { readonly instrument?: string }>;
  }
}

/** Kinds of a family that is made for tests: they refuse, nest, and have defaults. */
export const defineSound = definer("sound");

export const beat = defineSound({
  kind: "beat",
  summary: "without settings",
  build: () => "beat",
});

export const tone = defineSound({
  kind: "tone",
  summary: "a pitch",
  settings: z.strictObject({
    pitch: z.number().min(20).max(20_000).default(440),
    loudness: z.int().min(0).default(1),
    shape: z.enum(["sine", "saw"]).default("sine"),
  }),
  refuse: ({ loudness }, { loudest }) =>
    loudness > loudest ? `a loudness of ${loudness} is above ${loudest}` : undefined,
  build: ({ pitch, loudness, shape }) => `${shape} ${pitch} at ${loudness}`,
});

export const chord = defineSound({
  kind: "chord",
  summary: "sounds at once",
  settings: z.strictObject({
    of: z.array(described("sound")).min(1),
    under: described("sound").optional(),
    by: z.strictObject({ hand: z.record(z.string(), described("sound")).default({}) }).default({ hand: {} }),
  }),
  build: ({ of }, context, library) =>
    of.map((sound: Description) => library.build("sound", sound, context, "chord: ")).join(" + "),
});

/** Needs a setting. */
export const sample = defineSound({
  kind: "sample",
  summary: "a recording",
  settings: z.strictObject({ file: z.string().min(1) }),
  build: ({ file }) => file,
});
