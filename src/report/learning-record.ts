/**
 * Alignment of a rule's update with the gradient, for one projection. Both are null where one of the two is zero in every
 * weight (or not finite), so that there is no direction to compare.
 */
export interface Alignment {
  /** Angle between the update and the gradient, degrees. */
  angle: number | null;
  /** Share of the weights whose update and gradient have the same sign (both 0 counts as agreement), 0 to 1. */
  signAgreement: number | null;
}

/** One evaluation; a line of metrics.jsonl. Holds nothing that depends on the clock: same seed, same lines. */
export interface Evaluation {
  /** Training steps done. */
  step: number;
  /** Passes over the training digits done; a fraction within an epoch. */
  epoch: number;
  /**
   * Mean loss and error (share of wrong decisions, 0 to 1) over the training batches since the evaluation before; null where
   * there were none, as in a run of 0 epochs.
   */
  trainLoss: number | null;
  trainError: number | null;
  /** Which digits the evaluation used. */
  digits: "validation" | "test";
  /** How many. */
  count: number;
  /** Mean cross-entropy, nats. */
  loss: number;
  /** Share of wrong decisions, 0 to 1. */
  error: number;
  /** By projection, "pre->post". */
  alignment: Record<string, Alignment>;
}

/** What a run ends with; summary.json of its folder. */
export interface RunSummary {
  label: string;
  rule: string;
  steps: number;
  epochs: number;
  testError: number;
  testLoss: number;
  /** That of the last evaluation; null where nothing was trained. */
  trainError: number | null;
  alignment: Record<string, Alignment>;
  /** Seconds of computing, all sittings of an interrupted run together. */
  seconds: number;
  /** Median milliseconds of a training step; null where there was none. */
  stepMilliseconds: number | null;
}
