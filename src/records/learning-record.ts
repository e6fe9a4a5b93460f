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
  /** Passes over the training stimuli done; a fraction within an epoch. */
  epoch: number;
  /**
   * Mean loss and error (share of wrong decisions, 0 to 1) over the training stimuli of which something was asked since
   * the evaluation before; null where nothing was.
   */
  trainLoss: number | null;
  trainError: number | null;
  /** Which stimuli the evaluation used. */
  set: "validation" | "test";
  /** Of how many something was asked; one that is presented several times counts as often as something is. */
  count: number;
  /** Stimuli that they are of, where each is presented several times; absent: as many. */
  stimuli?: number;
  /** Their mean loss, in the unit of the objective; null where nothing was asked. */
  loss: number | null;
  /** Share of wrong decisions among them, 0 to 1; null where nothing was asked. */
  error: number | null;
  /** By projection, "pre->post". */
  alignment: Record<string, Alignment>;
}

/** What a run ends with; summary.json of its folder. */
export interface RunSummary {
  label: string;
  rule: string;
  steps: number;
  epochs: number;
  /** Of the last evaluation, and null where it was undefined, as the others. */
  testError: number | null;
  testLoss: number | null;
  trainError: number | null;
  alignment: Record<string, Alignment>;
  /** Seconds of computing, all sittings of an interrupted run together. */
  seconds: number;
  /** Median milliseconds of a training step; null where there was none. */
  stepMilliseconds: number | null;
}
