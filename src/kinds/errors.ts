import { closest, distance } from "fastest-levenshtein";
import { escaped, readable, shown } from "./shown.ts";

/**
 * The one family of errors that Sulcus throws on purpose. The message is one sentence for a person: which object and
 * field, what came, what is allowed, what to try. The command line prints it without a stack trace. It is on one line,
 * and no longer than a person reads, whatever names and values it repeats.
 *
 * Which class: a request that is wrong by itself, and would be on any machine until it is written otherwise, is a
 * UsageError (exit code 2): an unknown name, a value out of range, parts that do not fit together, a folder that does not
 * hold what is asked of it, more than any memory could take. All else is a failure of what the request met (exit code 1):
 * the device, the disk, the data, or training itself.
 */
export class SulcusError extends Error {
  override name = "SulcusError";

  constructor(message: string, options?: ErrorOptions) {
    super(readable(message), options);
  }
}

/** The request is wrong by itself; the command line answers with exit code 2. */
export class UsageError extends SulcusError {
  override name = "UsageError";
}

/** Shapes that do not fit together; thrown while a plan is traced, before any number is computed. */
export class ShapeError extends SulcusError {
  override name = "ShapeError";
}

/** A device, contraction provider or accelerator that is missing or refuses its work. */
export class DeviceError extends SulcusError {
  override name = "DeviceError";
}

/** A description of a circuit, rule or task that cannot be built. */
export class DescriptionError extends UsageError {
  override name = "DescriptionError";
}

/** A data file or stimulus that is missing, truncated or not what it claims to be. */
export class DataError extends SulcusError {
  override name = "DataError";
}

/** A file or folder that cannot be written or read back. */
export class StorageError extends SulcusError {
  override name = "StorageError";
}

/** The first line of what somebody else's error says. */
export function firstLine(error: unknown): string {
  return escaped(String(error instanceof Error ? error.message : error).split("\n")[0]!);
}

/** Characters of a name that a person may have misspelt. */
const longestName = 100;

/**
 * ' (did you mean "X"?)' for the known name nearest to the given one: a slip of one letter, else a name that begins with
 * it, else one that shares most of its letters; an empty string where none does. A name that shares no letter at all is not
 * near, however short it is.
 */
export function didYouMean(given: string, known: readonly string[]): string {
  // Nobody misspells a name at such length, and comparing takes time.
  if (known.length === 0 || given.length > longestName) return "";
  const nearest = closest(given, known as string[]);
  const steps = distance(given, nearest);
  const begun = given.length > 1 ? known.find((name) => name.startsWith(given)) : undefined;
  if (steps > 1 && begun !== undefined) return ` (did you mean "${begun}"?)`;
  const near = steps <= Math.max(2, Math.floor(nearest.length / 2)) && shareLetter(given, nearest);
  return near ? ` (did you mean "${nearest}"?)` : "";
}

const shareLetter = (one: string, other: string) =>
  [...one.toLowerCase()].some((letter) => other.toLowerCase().includes(letter));

/**
 * The entry of a registry under a name.
 *
 * @throws UsageError naming what was given, every known name and the nearest one.
 */
export function lookUp<T>(what: string, name: string, registry: Readonly<Record<string, T>>): T {
  const known = Object.keys(registry);
  if (Object.hasOwn(registry, name)) return registry[name] as T;
  throw new UsageError(`${what} ${shown(name)} is not known${didYouMean(name, known)}; known: ${known.join(", ")}`);
}
