import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import type { GevbOptions } from "../../src/papers/gevb/settings.ts";
import { metricsOf } from "../../src/records/metrics.ts";
import type { RunEvent } from "../../src/training/events.ts";

const atLeastOne = fc.integer({ min: 1, max: 1e6 });
const nonNegative = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs);
const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/);

/** Valid settings, any of them left out. */
export const gevbOptions: fc.Arbitrary<GevbOptions> = fc.record(
  {
    dataset: fc.constantFrom("mnist" as const, "cifar10" as const),
    arch: fc.constantFrom("dense" as const, "conv" as const, "local" as const),
    units: fc.constantFrom("vector" as const, "conventional" as const),
    gates: fc.constantFrom("channel" as const, "unit" as const),
    rule: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    sign: fc.constantFrom("excitatory" as const, "mixed" as const),
    hidden: fc.array(atLeastOne, { minLength: 1, maxLength: 4 }),
    epochs: atLeastOne,
    seeds: fc.uniqueArray(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 5 }),
    stopWhenLearned: fc.boolean(),
    batch: atLeastOne,
    limit: atLeastOne,
    testLimit: atLeastOne,
    validation: fc.nat(1e7),
    data: fc.string(),
    optimiser: fc.constantFrom("sgd" as const, "momentum" as const, "adam" as const, "adamw" as const),
    rate: nonNegative.filter((value) => value > 0),
    decay: nonNegative,
    evaluations: atLeastOne,
    evaluationStimuli: atLeastOne,
    representation: fc.nat(1e7),
    checkpointSeconds: nonNegative,
    device: word,
    provider: word,
    accelerators: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Any number, also one that is none. */
const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, Number.MAX_VALUE),
);
const label = fc.constantFrom("gevb", "bp");
const place = { cell: anyNumber, cells: anyNumber };
const alignment = fc.dictionary(
  fc.constantFrom("pixels->v1", "v1->v2", "v2->report"),
  fc.record({ angle: fc.option(anyNumber), signAgreement: fc.option(anyNumber) }),
  { noNullPrototype: true },
);

/** A mean, which is undefined where nothing was asked. */
const mean = fc.option(anyNumber);

/** A record in which the place in a collection may be missing. */
const maybePlaced = <Fields extends { type: unknown; collection: unknown }>(
  fields: {
    [Key in keyof Fields]: fc.Arbitrary<Fields[Key]>;
  },
) => {
  const requiredKeys = Object.keys(fields).filter((key) => key !== "collection") as Exclude<
    keyof Fields,
    "collection"
  >[];
  return fc.record(fields, { requiredKeys });
};

/** Any event of a run, with numbers of any kind. */
export const runEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  maybePlaced({
    type: fc.constant("started" as const),
    run: label,
    folder: fc.constant("runs/a"),
    step: anyNumber,
    totalSteps: anyNumber,
    device: fc.constant("cpu"),
    provider: fc.constant("gpujs"),
    notes: fc.array(fc.constantFrom("left out: 3 images that are missing", "2 images were grey")),
    collection: fc.record(place),
  }) as fc.Arbitrary<RunEvent>,
  maybePlaced({
    type: fc.constant("progress" as const),
    run: label,
    step: anyNumber,
    totalSteps: anyNumber,
    epoch: anyNumber,
    loss: mean,
    error: mean,
    metrics: fc.constant(metricsOf({})),
    stepsPerSecond: anyNumber,
    secondsLeft: anyNumber,
    collection: fc.record({
      ...place,
      secondsLeft: anyNumber,
      done: anyNumber,
      running: fc.array(fc.record({ run: label, share: anyNumber }), { maxLength: 3 }),
    }),
  }) as fc.Arbitrary<RunEvent>,
  fc.record({
    type: fc.constant("failed" as const),
    run: label,
    folder: fc.constant("runs/a"),
    message: fc.constant("the loss is lost"),
  }),
  fc.record({
    type: fc.constant("measure-failed" as const),
    run: label,
    folder: fc.constant("runs/a"),
    measure: fc.constant("attention"),
    message: fc.constant("no scene was seen"),
  }),
  fc.record({
    type: fc.constant("measure-taken" as const),
    run: label,
    folder: fc.constant("runs/a"),
    measure: fc.constantFrom("specialization", "mine"),
    words: fc.array(
      fc.constantFrom("module-1 decides 99 % of the test trials", "correlation: no two trials share a digit"),
    ),
  }),
  fc.record({
    type: fc.constant("evaluated" as const),
    run: label,
    step: anyNumber,
    epoch: anyNumber,
    trainLoss: mean,
    trainError: mean,
    set: fc.constantFrom("validation" as const, "test" as const),
    count: anyNumber,
    lossUnit: fc.constantFrom("nats", "nats + 1000 x mean squared error"),
    loss: mean,
    error: mean,
    metrics: fc.constant(metricsOf({})),
    alignment,
  }),
  fc.record({
    type: fc.constant("phase" as const),
    run: fc.constantFrom("gevb", "bp-seed-2"),
    phase: fc.constantFrom("evaluation", "representation", "specialization", "attention", "mine", "report"),
    done: fc.nat(20),
    total: fc.nat(20),
  }),
  fc.record({
    type: fc.constant("measured" as const),
    run: label,
    step: anyNumber,
    totalSteps: anyNumber,
    words: fc.constant("width 32, seed 1"),
    result: fc.record({ width: anyNumber, seed: anyNumber, alignment }),
  }),
  fc.record({
    type: fc.constant("saved" as const),
    run: label,
    step: anyNumber,
    file: fc.constant("runs/a/c.npz"),
    bytes: fc.nat(),
    optimiserBytes: fc.nat(),
    last: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("finished" as const),
    run: label,
    folder: fc.constant("runs/a"),
    summary: fc.record({
      label,
      rule: label,
      steps: anyNumber,
      epochs: anyNumber,
      testError: anyNumber,
      testLoss: anyNumber,
      trainError: fc.option(anyNumber),
      alignment,
      seconds: anyNumber,
      stepMilliseconds: anyNumber,
    }),
  }),
  fc.record({
    type: fc.constant("tabled" as const),
    folder: fc.constant("runs/a"),
    table: fc.constant("runs/a/table.md"),
    markdown: fc.constant("| gevb | 1.9 |\n"),
  }),
  fc.record({
    type: fc.constant("reported" as const),
    folder: fc.constant("runs/a"),
    report: fc.constant("runs/a/report.html"),
  }),
);

/** A word one edit (insertion, deletion, replacement of a letter) away from one of the given words, or from several. */
export function misspelt(words: readonly string[]): fc.Arbitrary<{ given: string; meant: string[] }> {
  return fc
    .record({
      meant: fc.constantFrom(...words),
      kind: fc.constantFrom("insert", "delete", "replace"),
      where: fc.nat(),
      letter: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"),
    })
    .map(({ meant, kind, where, letter }) => {
      // The first letter of an option's name is kept, so that it stays an option.
      const at = 1 + (where % (meant.length - 1));
      const rest = meant.slice(kind === "insert" ? at : at + 1);
      const given = meant.slice(0, at) + (kind === "delete" ? "" : letter) + rest;
      return { given, meant: words.filter((word) => distance(given, word) === 1) };
    })
    .filter(({ given }) => !words.includes(given) && given.length > 1);
}

/** The name that a complaint proposes. */
export function proposal(complaint: string): string | undefined {
  return /\(did you mean "(?:--)?([^"]+)"\?\)/.exec(complaint)?.[1];
}
