import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Description } from "../../src/kinds/kind.ts";
import { libraryOf } from "../../src/kinds/library.ts";
import { definePlugin } from "../../src/kinds/plugin.ts";
import { beat, chord, defineSound, sample, tone } from "./sounds.ts";

const library = libraryOf([beat, tone, chord, sample]);

const tones = fc.record(
  {
    kind: fc.constant("tone"),
    pitch: fc.integer({ min: 20, max: 20_000 }),
    loudness: fc.nat(9),
    shape: fc.constantFrom("sine", "saw"),
  },
  { requiredKeys: ["kind"] },
);
const { sound } = fc.letrec<{ sound: Description }>((tie) => ({
  sound: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    fc.constantFrom<Description>("beat", "tone", { kind: "beat" }),
    tones as fc.Arbitrary<Description>,
    fc.record(
      {
        kind: fc.constant("chord"),
        of: fc.array(tie("sound"), { minLength: 1, maxLength: 3 }),
        under: tie("sound"),
        by: fc.record({ hand: fc.dictionary(fc.constantFrom("left", "right"), tie("sound")) }),
      },
      { requiredKeys: ["kind", "of"] },
    ) as fc.Arbitrary<Description>,
  ),
}));

/** All parts of a description, at every depth. */
function* partsOf(data: unknown): Generator<Record<string, unknown>> {
  if (typeof data !== "object" || data === null) return;
  if ("kind" in data) yield data as Record<string, unknown>;
  for (const inner of Object.values(data)) yield* partsOf(inner);
}

describe("resolving", () => {
  test("is idempotent and fills in every default at every depth", () => {
    fc.assert(
      fc.property(sound, (description) => {
        const resolved = library.resolve("sound", description);
        expect(library.resolve("sound", resolved)).toEqual(resolved);
        expect(JSON.stringify(resolved)).not.toContain('"tone"}');
        for (const part of partsOf(resolved))
          if (part.kind === "tone") expect(Object.keys(part)).toEqual(["kind", "pitch", "loudness", "shape"]);
          else if (part.kind === "chord") expect(part).toHaveProperty("by.hand");
      }),
    );
  });

  test("keeps what was given, and leaves the description as it was", () => {
    fc.assert(
      fc.property(tones, (description) => {
        const before = structuredClone(description);
        expect(library.resolve("sound", description as Description)).toMatchObject(before);
        expect(description).toEqual(before);
      }),
    );
  });

  test("builds the same from a description and from the resolved one", () => {
    fc.assert(
      fc.property(sound, (description) => {
        const context = { loudest: 9 };
        const resolved = library.resolve("sound", description);
        expect(library.build("sound", resolved, context)).toBe(library.build("sound", description, context));
      }),
    );
  });

  test("takes a setting that is undefined as one that is left out", () => {
    const loud = library.resolve("sound", { kind: "tone", pitch: undefined, loudness: 3 });
    expect(loud).toEqual({ kind: "tone", pitch: 440, loudness: 3, shape: "sine" });
  });

  test.each<[string, Description, string]>([
    [
      "a kind that is not known",
      "tune",
      'config.yaml, sound "tune" is not known (did you mean "tone"?); known: beat, tone, chord, sample',
    ],
    [
      "a setting that is not known",
      { kind: "tone", pich: 3 },
      'config.yaml, sound "tone": unknown setting "pich" (did you mean "pitch"?); known: pitch, loudness, shape',
    ],
    [
      "a setting of a kind without any",
      { kind: "beat", rate: 1 },
      'config.yaml, sound "beat": unknown setting "rate"; there are none to give',
    ],
    [
      "a wrong type",
      { kind: "tone", loudness: "much" },
      'config.yaml, sound "tone": loudness: got "much", expected a whole number of at least 0',
    ],
    [
      "a value out of range",
      { kind: "tone", pitch: 3 },
      'config.yaml, sound "tone": pitch: got 3, expected a number from 20 to 20,000',
    ],
    [
      "a name out of a few",
      { kind: "tone", shape: "sinus" },
      'config.yaml, sound "tone": shape: got "sinus", expected one of sine, saw (did you mean "sine"?)',
    ],
    ["a setting that is missing", "sample", 'config.yaml, sound "sample": file: got nothing, expected non-empty text'],
    [
      "a part within a part",
      { kind: "chord", of: ["beat", { kind: "tone", pitch: 3 }] },
      'config.yaml, sound "chord": of.1: sound "tone": pitch: got 3, expected a number from 20 to 20,000',
    ],
    [
      "a part within a part that is not known",
      { kind: "chord", of: ["beat"], by: { hand: { left: "bet" } } },
      'config.yaml, sound "chord": by.hand.left: sound "bet" is not known (did you mean "beat"?); known: beat, tone, chord, sample',
    ],
    [
      "something else in the place of a part",
      { kind: "chord", of: [3] } as unknown as Description,
      'config.yaml, sound "chord": of.0: got 3, expected the name of a sound, or its settings with that name as kind',
    ],
  ])("says in one sentence where there is %s", (_, description, message) => {
    expect(() => library.resolve("sound", description, "config.yaml, ")).toThrow(message);
  });

  test("refuses names that every object has", () => {
    expect(() => library.get("sound", "constructor")).toThrow('sound "constructor" is not known');
  });
});

describe("building", () => {
  test("refuses what makes no sense in a context, before anything is built", () => {
    expect(library.refuse("sound", { kind: "tone", loudness: 5 }, { loudest: 4 })).toBe("a loudness of 5 is above 4");
    expect(library.refuse("sound", { kind: "tone", loudness: 4 }, { loudest: 4 })).toBeUndefined();
    expect(() => library.build("sound", { kind: "tone", loudness: 5 }, { loudest: 4 }, "run: ")).toThrow(
      'run: sound "tone": a loudness of 5 is above 4',
    );
  });
});

describe("a kind is refused as it is defined", () => {
  const define = (definition: object) => () =>
    defineSound({ summary: "", build: () => "", ...definition } as unknown as Parameters<typeof defineSound>[0]);

  test.each<[string, object, string]>([
    ["has an empty name", { kind: "" }, 'sound: kind is "", expected a name'],
    ["is called like a path", { kind: "../up" }, 'sound: kind is "../up", expected a name'],
    ["is called as every object's prototype", { kind: "__proto__" }, 'sound: kind is "__proto__", expected a name'],
    [
      "has plain values for settings",
      { kind: "hum", settings: { a: 1 } },
      'sound "hum": settings is {a: 1}, expected z.',
    ],
    [
      "has a setting for which its name stands",
      { kind: "hum", settings: z.strictObject({ kind: z.string() }) },
      'sound "hum": no setting can be called "kind", which names the sound; call it otherwise',
    ],
  ])("where it %s", (_, definition, message) => {
    expect(define(definition)).toThrow(message);
  });
});

describe("settings that are not the same when they are read again", () => {
  const opened = (settings: z.ZodObject) =>
    libraryOf([defineSound({ kind: "hum", summary: "", settings, build: () => "" })]);

  test("are refused, since a run that goes on would be another one", () => {
    const doubled = z.strictObject({ pitch: z.number().transform((pitch) => 2 * pitch) });
    expect(() => opened(doubled).resolve("sound", { kind: "hum", pitch: 3 }, "run, ")).toThrow(
      'run, sound "hum": the settings are not the same when a run reads back what it recorded: pitch: 6 became 12; let its schema',
    );
    const named = z.strictObject({ pitch: z.string().transform((pitch) => pitch.length) });
    expect(() => opened(named).resolve("sound", { kind: "hum", pitch: "low" })).toThrow(
      "reads back what it recorded: pitch: got 3, expected text",
    );
  });

  test("may hold what JSON cannot, and are then told by the kind that it concerns", () => {
    const odd = { kind: "tone", pitch: 10n } as unknown as Description;
    expect(() => library.resolve("sound", { kind: "chord", of: [odd] })).toThrow(
      'sound "chord": of.0: sound "tone": pitch: got 10, expected a number',
    );
  });

  test("are taken where the second reading gives the same", () => {
    const rounded = z.strictObject({ pitch: z.number().transform(Math.round) });
    expect(opened(rounded).resolve("sound", { kind: "hum", pitch: 2.7 })).toEqual({ kind: "hum", pitch: 3 });
  });
});

describe("a kind that is called", () => {
  test("gives its description with every default, which resolving leaves as it is", () => {
    expect(tone({ pitch: 220 })).toEqual({ kind: "tone", pitch: 220, loudness: 1, shape: "sine" });
    expect(library.resolve("sound", tone())).toEqual(tone());
    expect(beat()).toEqual({ kind: "beat" });
    expect(chord({ of: [tone(), "beat"] }).of).toEqual([tone(), { kind: "beat" }]);
  });

  test("is checked", () => {
    expect(() => tone({ pitch: 3 })).toThrow('sound "tone": pitch: got 3, expected a number from 20 to 20,000');
    // @ts-expect-error: a sample needs its file.
    expect(() => sample()).toThrow('sound "sample": file: got nothing, expected non-empty text');
  });

  test("keeps what its family says of it besides", () => {
    const drum = defineSound({ kind: "drum", summary: "", instrument: "djembe", build: () => "drum" });
    expect(drum.instrument).toBe("djembe");
  });
});

describe("a plug-in", () => {
  const bell = defineSound({ kind: "bell", summary: "", build: () => "bell" });
  const plugin = definePlugin({ name: "bells", parts: [bell] });

  test("adds kinds to a new library and leaves the old one as it was", () => {
    const extended = library.with(plugin, { module: "./bells.ts", sha256: "00" });
    expect(extended.build("sound", "bell", { loudest: 1 })).toBe("bell");
    expect(extended.build("sound", { kind: "chord", of: ["bell", "beat"] }, { loudest: 1 })).toBe("bell + beat");
    expect(extended.list("sound").map(({ kind }) => kind)).toEqual(["beat", "tone", "chord", "sample", "bell"]);
    expect(extended.used).toEqual([{ plugin, origin: { module: "./bells.ts", sha256: "00" } }]);
    expect(() => library.get("sound", "bell")).toThrow('sound "bell" is not known');
    expect(library.used).toEqual([]);
  });

  test("cannot take a name twice, and both origins are named", () => {
    const again = definePlugin({ name: "more bells", parts: [bell] });
    expect(() => library.with(plugin, { module: "./bells.ts", sha256: "00" }).with(again)).toThrow(
      'sound "bell" comes from plug-in "bells" (./bells.ts) and again from plug-in "more bells"; give one of them another name',
    );
    const tones = definePlugin({ name: "tones", parts: [tone] });
    expect(() => library.with(tones)).toThrow(
      'sound "tone" comes from Sulcus itself and again from plug-in "tones"; give one of them another name',
    );
  });

  test.each<[unknown, string]>([
    [{ parts: [] }, 'a plug-in needs a name, got nothing; write definePlugin({ name: "mine", parts: [...] })'],
    [{ name: "mine", parts: tone }, 'plug-in "mine": parts is'],
    [{ name: "mine", parts: [tone, { kind: "x" }] }, 'plug-in "mine": parts[1] is {kind: "x"}; expected a kind'],
    [{ name: "mine", parts: [z.string()] }, 'plug-in "mine": parts[0] is'],
  ])("that is none is told: %#", (given, message) => {
    expect(() => definePlugin(given as Parameters<typeof definePlugin>[0])).toThrow(message);
  });
});
