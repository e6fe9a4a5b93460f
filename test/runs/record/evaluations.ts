import fc from "fast-check";
import type { Evaluation } from "../../../src/records/learning-record.ts";

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
/** What is not defined where nothing was asked or learned. */
const mean = fc.option(number);
const alignment = fc.record({ angle: mean, signAgreement: mean });

/** Any evaluation. */
export const evaluation: fc.Arbitrary<Evaluation> = fc.record({
  step: fc.nat(),
  epoch: number,
  trainLoss: mean,
  trainError: mean,
  set: fc.constantFrom("validation", "test"),
  count: fc.nat(),
  loss: mean,
  error: mean,
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
    set: "test",
    count: 2000,
    loss: null,
    error: 0.9,
    alignment: { "v1->v2": { angle: 31.5, signAgreement: 1 } },
  };
}
