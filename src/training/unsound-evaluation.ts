import { SulcusError } from "../kinds/errors.ts";
import type { Learner } from "./learner.ts";
import type { RunDescription } from "./run-description.ts";

/**
 * The error of an evaluation without a finite loss, which is no result: it names the first weight that is not finite
 * and, where no training has changed it, the file that it came from.
 *
 * @param step training steps done
 */
export async function unsoundEvaluation(
  {
    label,
    description,
    learner,
  }: {
    readonly label: string;
    readonly description: Pick<RunDescription, "from" | "optimiser">;
    readonly learner: Pick<Learner, "readState">;
  },
  step: number,
  loss: number,
): Promise<SulcusError> {
  const { from, optimiser } = description;
  const broken = firstNotFinite(await learner.readState());
  const cause = broken ?? "every weight is finite, so that activity or loss has overflowed";
  const remedy =
    from !== undefined && step === 0
      ? `look at the weights in ${from}, from which the run starts`
      : `try a learning rate below ${optimiser.rate}, or settings of the objective that are less extreme`;
  return new SulcusError(
    `run "${label}": the loss of the evaluation at step ${step} is ${loss}, expected a finite number: ${cause}; ${remedy}; the ` +
      "evaluation is not recorded",
  );
}

/**
 * Holds what a checkpoint is to keep to finite numbers: an optimiser's memory that has overflowed freezes its weights for good,
 * while loss and weights look sound.
 *
 * @throws SulcusError naming the first array that holds another number
 */
export function refuseOverflow(
  arrays: Readonly<Record<string, { readonly data: Float32Array }>>,
  {
    label,
    step,
    description: { optimiser },
    folder,
  }: {
    readonly label: string;
    readonly step: number;
    readonly description: Pick<RunDescription, "optimiser">;
    readonly folder: string;
  },
): void {
  const broken = firstNotFinite(arrays);
  if (broken === undefined) return;
  throw new SulcusError(
    `run "${label}" overflowed: ${broken} after step ${step}, expected finite numbers; try a learning rate below ${optimiser.rate}, or settings of the objective that are less extreme (${folder} keeps what was saved before)`,
  );
}

/** The first number that is not finite, as "NAME holds Infinity at 3"; undefined where all are. */
function firstNotFinite(arrays: Readonly<Record<string, { readonly data: Float32Array }>>): string | undefined {
  for (const [name, { data }] of Object.entries(arrays))
    for (let at = 0; at < data.length; at++) {
      const value = data[at]!;
      // The difference of a number from itself is 0 unless it is infinite or none; the fastest way to see that.
      if (value - value !== 0) return `${name} holds ${value} at ${at}`;
    }
  return undefined;
}
