import fc from "fast-check";
import type { Evaluation } from "../../../src/report/learning-record.ts";

const alignment = fc.record({ angle: fc.option(fc.double()), signAgreement: fc.option(fc.double()) });

/** Any evaluation, also of a diverged run. */
export const evaluation: fc.Arbitrary<Evaluation> = fc.record({
  step: fc.nat(),
  epoch: fc.double(),
  trainLoss: fc.option(fc.double()),
  trainError: fc.option(fc.double()),
  digits: fc.constantFrom("validation", "test"),
  count: fc.nat(),
  loss: fc.double(),
  error: fc.double(),
  alignment: fc.dictionary(fc.oneof(fc.string({ unit: "binary" }), fc.constant("__proto__")), alignment, {
    maxKeys: 3,
    noNullPrototype: true,
  }),
});

/** One evaluation in full. */
export function evaluationAt(step: number): Evaluation {
  return {
    step,
    epoch: step / 100,
    trainLoss: 0.5,
    trainError: 0.1,
    digits: "test",
    count: 2000,
    loss: Number.NaN,
    error: 0.9,
    alignment: { "v1->v2": { angle: 31.5, signAgreement: 1 } },
  };
}
