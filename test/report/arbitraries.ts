import fc from "fast-check";
import type { TableCell } from "../../src/papers/gevb/table-record.ts";
import type { Evaluation } from "../../src/records/learning-record.ts";
import { metricIn } from "../../src/records/metrics.ts";
import type { RunRecord } from "../../src/report/run-record.ts";

/** Names as people and programs give them: the usual, what means something to Vega, Markdown, CSV or an object, anything. */
export const anyName = fc.oneof(
  fc.constantFrom("GEVB", "BP", "", "  ", "a,b", '"quoted"', "x|y", "constructor", "__proto__", "datum.x", "50 %: <b>"),
  fc.string({ unit: "binary", maxLength: 30 }),
);

const share = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY) },
);
/** A share of what was asked, which is undefined where nothing was. */
const error = fc.oneof({ weight: 9, arbitrary: share }, { weight: 1, arbitrary: fc.constant(null) });
const loss = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1e30, Number.NaN, Number.POSITIVE_INFINITY, null) },
);
const alignment = fc.dictionary(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom("pixels->v1", "v1->v2") }, { weight: 1, arbitrary: anyName }),
  fc.oneof(
    fc.constant({ angle: null, signAgreement: null }),
    fc.record({
      angle: fc.oneof(fc.double({ min: 0, max: 180, noNaN: true }), fc.constant(Number.NaN)),
      signAgreement: share,
    }),
  ),
  { maxKeys: 3, noNullPrototype: true },
);

const evaluations: fc.Arbitrary<Evaluation[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 6 })
  .chain((steps) =>
    fc.tuple(
      ...steps
        .sort((a, b) => a - b)
        .map((step) =>
          fc.record({
            step: fc.constant(100 * step),
            epoch: fc.constant(step / 4),
            trainLoss: fc.option(loss),
            trainError: error,
            set: fc.constantFrom("validation" as const, "test" as const),
            count: fc.constant(100),
            loss,
            error,
            alignment,
          }),
        ),
    ),
  );

/** One run of few seeds and conditions, so that several fall together. */
export const anyRun: fc.Arbitrary<RunRecord> = fc
  .record({
    name: fc.oneof({ weight: 4, arbitrary: fc.constantFrom("GEVB", "BP") }, { weight: 1, arbitrary: anyName }),
    seed: fc.integer({ min: 1, max: 4 }),
    evaluations,
    testError: error,
    testLoss: loss,
  })
  .map(({ name, seed, evaluations: measured, testError, testLoss }) => ({
    label: `${name} ${seed}`,
    condition: name,
    seed,
    rule: name,
    lossUnit: "nats",
    records: {},
    config: { seed },
    evaluations: measured,
    summary: {
      label: name,
      rule: name,
      steps: measured.at(-1)?.step ?? 0,
      epochs: measured.at(-1)?.epoch ?? 0,
      testError,
      testLoss,
      trainError: metricIn(measured.at(-1) ?? {}, "error", "train"),
      alignment: measured.at(-1)?.alignment ?? {},
      seconds: 1,
      stepMilliseconds: 1,
    },
  }));

const cell: fc.Arbitrary<TableCell> = fc
  .record({
    dataset: fc.constantFrom("mnist" as const, "cifar10" as const),
    arch: fc.constantFrom("dense" as const, "conv" as const, "local" as const),
    units: fc.constantFrom("vector" as const, "conventional" as const),
    rule: fc.oneof({ weight: 3, arbitrary: fc.constantFrom("gevb", "bp", "dfa") }, { weight: 1, arbitrary: anyName }),
    sign: fc.constantFrom("excitatory" as const, "mixed" as const),
    runs: fc.uniqueArray(
      fc.record({
        seed: fc.integer({ min: 0, max: 9 }),
        testError: share,
        trainError: fc.option(share),
        epochs: fc.integer({ min: 1, max: 190 }),
      }),
      { selector: ({ seed }) => seed, maxLength: 5 },
    ),
    failure: fc.option(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), { nil: undefined }),
    paper: fc.option(
      fc.oneof(
        fc.record({ testError: fc.double({ min: 0, max: 1, noNaN: true }) }),
        fc.record({
          testError: fc.double({ min: 0, max: 1, noNaN: true }),
          trainError: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
      ),
      { nil: undefined },
    ),
  })
  .map(({ failure, paper, ...rest }) => ({ ...rest, ...(failure ? { failure } : {}), ...(paper ? { paper } : {}) }));

/** What makes two cells the same entry. */
export function entryKey({ dataset, arch, units, rule, sign }: TableCell): string {
  return JSON.stringify([dataset, arch, units, rule, sign]);
}

export const anyTable = fc.uniqueArray(cell, { selector: entryKey, maxLength: 12 });
