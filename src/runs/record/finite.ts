import { SulcusError } from "../../kinds/errors.ts";

/**
 * Lets a record pass only if all its numbers are finite, before it is written: a mean that overflowed is no result.
 *
 * @param what is written where: "an evaluation of runs/x/metrics.jsonl"
 * @throws SulcusError naming the first number that is not finite, and where it stands
 */
export function expectFinite(what: string, record: unknown): void {
  const found = firstUnfinished(record, "");
  if (found === undefined) return;
  throw new SulcusError(
    `${what} is not written: ${found.place} is ${found.value}, expected finite numbers; a value has overflowed or 0 was divided by 0: ` +
      "look for a setting of extreme size, such as a rate, a penalty or noise",
  );
}

function firstUnfinished(part: unknown, place: string): { place: string; value: number } | undefined {
  if (typeof part === "number") return Number.isFinite(part) ? undefined : { place, value: part };
  if (typeof part !== "object" || part === null) return undefined;
  for (const [key, inner] of Object.entries(part)) {
    const found = firstUnfinished(inner, place === "" ? key : `${place}.${key}`);
    if (found) return found;
  }
  return undefined;
}
