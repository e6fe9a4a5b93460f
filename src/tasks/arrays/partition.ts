import * as z from "zod";
import { type LoadedArray, shapeInWords } from "../../arrays/loaded-array.ts";
import { randomStream } from "../../compute/random.ts";
import { DataError, UsageError } from "../../kinds/errors.ts";

/** Below 1 a share of all trials, from 1 on a number of them, or the name of an array that lists them, counted from 0. */
const part = z.union([
  z
    .number()
    .min(0)
    .refine(
      (value) => value < 1 || Number.isSafeInteger(value),
      "expected a share below 1 or a whole number of trials",
    ),
  z.string().min(1),
]);

/** How trials are divided; what is listed is taken first, and shares and numbers are drawn from what is left. */
export const splitSettings = z
  .strictObject({
    /** Trials to train on; absent: all that are left. */
    training: part.optional(),
    /** Trials set aside for validation. */
    validation: part.default(0),
    /** Trials for test. */
    test: part.default(0.2),
    /** Decides which trials are drawn; the same for all seeds of runs, so that their test errors compare. */
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(0),
  })
  .prefault({});
export type Split = z.output<typeof splitSettings>;

/** Places of trials, in rising order, without overlap. */
export type Partition = Readonly<Record<"training" | "validation" | "test", Uint32Array>>;

/**
 * Divides trials.
 *
 * @param where what messages call the trials
 * @param count trials there are
 * @param list the array of a name
 * @throws DataError where a list holds anything but places of trials, a place twice, or one of another list; UsageError where more
 *   trials are asked for than there are, or none are left for training or test
 */
export function partition(
  where: string,
  count: number,
  { training, validation, test, seed }: Split,
  list: (name: string) => LoadedArray,
): Partition {
  const takenBy = new Map<number, string>();
  const listed = (name: string): Uint32Array => {
    const places = placesIn(`${where}: ${name}`, list(name), count);
    for (const place of places) {
      const other = takenBy.get(place);
      if (other !== undefined)
        throw new DataError(
          other === name
            ? `${where}: ${name} lists trial ${place} twice; list each once`
            : `${where}: trial ${place} is in ${other} and in ${name}; give every trial to one of them`,
        );
      takenBy.set(place, name);
    }
    return places.sort();
  };
  const named = { training, validation, test };
  const given = Object.fromEntries(
    Object.entries(named).flatMap(([set, name]) => (typeof name === "string" ? [[set, listed(name)]] : [])),
  ) as Partial<Record<keyof Partition, Uint32Array>>;

  const order = randomStream(seed, "split")
    .permutation(count)
    .filter((place) => !takenBy.has(place));
  let drawn = 0;
  const draw = (set: string, amount: number): Uint32Array => {
    const wanted = amount > 0 && amount < 1 ? Math.max(1, Math.round(amount * count)) : amount;
    if (wanted > order.length - drawn)
      throw new UsageError(
        `${where}: split.${set} is ${amount}, which is ${wanted} trials, and ${order.length - drawn} of ${count} are left; lower it`,
      );
    drawn += wanted;
    return order.slice(drawn - wanted, drawn).sort();
  };
  const testTrials = given.test ?? draw("test", test as number);
  const validationTrials = given.validation ?? draw("validation", validation as number);
  const rest = order.length - drawn;
  const trainingTrials = given.training ?? draw("training", typeof training === "number" ? training : rest);
  const sets: Partition = { training: trainingTrials, validation: validationTrials, test: testTrials };
  for (const set of ["training", "test"] as const)
    if (sets[set].length === 0)
      throw new UsageError(
        `${where}: no trial of ${count} is left for ${set}; ${set === "test" ? "let split.test be at least one trial" : "lower split.test and split.validation"}`,
      );
  return sets;
}

function placesIn(where: string, { shape, values }: LoadedArray, count: number): Uint32Array {
  if (shape.length !== 1)
    throw new DataError(`${where} has shape ${shapeInWords(shape)}; expected [trials], the places of trials from 0 on`);
  return Uint32Array.from({ length: values.length }, (_, at) => {
    const place = values[at]!;
    if (typeof place === "number" && Number.isInteger(place) && place >= 0 && place < count) return place;
    throw new DataError(
      `${where}[${at}] is ${place}; expected places of trials, whole numbers from 0 to ${count - 1}` +
        (place === count ? "; they count from 0" : ""),
    );
  });
}
