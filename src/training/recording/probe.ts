import * as z from "zod";

/** What can be recorded of the parts of a circuit. */
export const quantities = ["rates", "drive", "error", "weights", "biases"] as const;
export type Quantity = (typeof quantities)[number];

const step = z.int().min(0);

/** What is recorded of one population, input or projection. */
export const Probe = z.strictObject({
  /** Its name: "v1", "v1->v2". */
  of: z.string().min(1),
  /**
   * - rates: of a population or input;
   * - drive: of a population, the sum of what arrives, with bias, noise and what a manipulation adds;
   * - error: of a population, the gradient of the trial's own loss at the drive, carried back through the weights and through
   *   time, as back-propagation finds it whatever the rule; it goes with an objective;
   * - weights: of a projection, as the trials meet them;
   * - biases: of a population.
   */
  what: z.enum(quantities).default("rates"),
  /** Time steps: all, the last one, or those listed. */
  steps: z.union([z.enum(["all", "last"]), z.array(step).min(1)]).default("all"),
  /** Of those time steps the first and then every n-th. */
  every: z.int().min(1).default(1),
  /** Units of a population or input, in this order; absent: all. */
  units: z.array(z.int().min(0)).min(1).optional(),
});
export type Probe = z.infer<typeof Probe>;
