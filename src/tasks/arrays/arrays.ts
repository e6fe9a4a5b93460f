import * as z from "zod";
import { checksum, sha256Of } from "../../arrays/checksum.ts";
import { DataError } from "../../kinds/errors.ts";
import type { Part } from "../../kinds/kind.ts";
import { dataFolder } from "../data-folder.ts";
import { defineTask, type Task, type TaskContext, type WriteArrays } from "../task.ts";
import { type ArrayStore, openStore, readArray } from "./array-store.ts";
import { arrayTrials } from "./array-trials.ts";
import type { GivenArray } from "./given-arrays.ts";
import { HeldArrays } from "./held-arrays.ts";
import { partition, splitSettings } from "./partition.ts";
import { type FoundTrials, readTrials } from "./read-trials.ts";

const name = z.string().min(1);
const meaning = z.enum(["labels", "values"]);
const several = z.array(name).min(1);

const fields = z.strictObject({
  /** A .npz, .npy, .csv or .tsv file. */
  file: dataFolder.optional(),
  /** Checksum of the file (of .npy files one after the other); absent: whatever is in it. */
  sha256: checksum.optional(),
  /** Arrays that a program gives in the place of a file. */
  held: z.instanceof(HeldArrays).optional(),
  /** Names of the arrays of stimuli, each an input; absent: "stimuli", or all columns that are nothing else. */
  stimuli: z.union([name, several]).optional(),
  /** Names of the arrays of targets; absent: "targets", "target", "labels" or "label", or else the last column. */
  targets: z.union([name, several]).optional(),
  /** Name of the array of weights; absent: "mask", where there is one. */
  mask: name.optional(),
  /** Names of arrays of one number a trial, for recordings and figures; absent: all such of a .npz file. */
  factors: z.array(name).optional(),
  /** Whether targets are labels of classes or values; absent: text and whole numbers are labels. */
  as: z.union([meaning, z.record(name, meaning)]).optional(),
  /** What the classes are called, by label; absent: found in the labels. */
  classes: z.array(name).min(2).optional(),
  /** Which trials are for validation and test. */
  split: splitSettings,
});

const settings = fields.check(({ value, issues }) => {
  const fault = faultOf(value);
  if (fault) issues.push({ code: "custom", path: [fault[0]], message: fault[1], input: value });
});
type Settings = z.output<typeof settings>;

/** What is wrong with settings that are fine by themselves: the field, and what to do. */
function faultOf({ file, held, sha256, classes = [] }: z.output<typeof fields>) {
  if (file === undefined && held === undefined)
    return ["file", "missing; name a .npz, .npy or .csv file, or give arrays({ stimuli, targets })"] as const;
  if (held !== undefined && (file !== undefined || sha256 !== undefined))
    return ["held", "arrays are given beside a file; leave one of them out"] as const;
  if (new Set(classes).size < classes.length) return ["classes", "two classes have one name; name each once"] as const;
  return undefined;
}

/** The kind of task whose trials are arrays, see `arrays`. */
export const arraysTask = defineTask({
  kind: "arrays",
  summary: "trials of your own, from arrays or a .npz, .npy or .csv file",
  settings,
  build: loadArrays,
});

/** Arrays of a task that a program gives. */
export interface GivenArrays extends Pick<z.input<typeof settings>, "as" | "classes"> {
  /** Rates of input units, or several inputs by name. */
  readonly stimuli: GivenArray | Readonly<Record<string, GivenArray>>;
  /** Labels or values, or several targets by name. */
  readonly targets: GivenArray | Readonly<Record<string, GivenArray>>;
  /** Weights of the targets, 0 for what is not asked. */
  readonly mask?: GivenArray;
  /** What recordings and figures ask of each trial, by name. */
  readonly factors?: Readonly<Record<string, GivenArray>>;
  readonly split?: {
    /** A share below 1, a number of trials, or their places, counted from 0; default: all that are left. */
    readonly training?: number | ArrayLike<number>;
    /** The same; default 0. */
    readonly validation?: number | ArrayLike<number>;
    /** The same; default 0.2. */
    readonly test?: number | ArrayLike<number>;
    readonly seed?: number;
  };
}

/**
 * A task of one's own from arrays, the first axis of each counts trials:
 *
 * - stimuli [trials, units], [trials, steps, units], or for images [trials, height, width, channels]
 * - targets: labels [trials] or [trials, steps]; values [trials, units] or [trials, steps, units]
 * - mask [trials], [trials, steps], [trials, units] or [trials, steps, units]: weights from 0 on
 * - factors [trials], by name
 *
 * Where as many numbers could be steps or units they are steps. Text and whole numbers, one a trial or one a step, are labels unless `as`
 * says "values"; labels that are not 0 ... K - 1 are sorted and numbered. Stimuli and values are rounded to float32.
 *
 * ```ts
 * const task = arrays({ stimuli: { shape: [600, 20, 2], data: evidence }, targets: choices, split: { test: 100 } });
 * const same = arrays({ file: "trials.npz", split: { test: 100 } });
 * ```
 *
 * Arrays that a program gives are not copied. `run` writes them to data.npz in the run folder, so that the run can be resumed.
 *
 * @param given arrays, or the file that holds them with the names that they have there
 * @throws DescriptionError naming the setting that is unknown or out of range, or an array whose rows differ in length
 */
export function arrays(given: GivenArrays | z.input<typeof settings>): Part {
  if (!isGiven(given)) return arraysTask(given);
  const { stimuli, targets, mask, factors = {}, split = {}, ...others } = given;
  const held: [string, GivenArray][] = [];
  const take = (array: GivenArray, called: string) => {
    held.push([called, array]);
    return called;
  };
  const takeAll = (array: GivenArray | Readonly<Record<string, GivenArray>>, called: string) =>
    isOne(array) ? take(array, called) : Object.entries(array).map(([own, each]) => take(each, own));
  const roles = {
    stimuli: takeAll(stimuli, "stimuli"),
    targets: takeAll(targets, "targets"),
    mask: mask === undefined ? undefined : take(mask, "mask"),
    factors: Object.entries(factors).map(([own, array]) => take(array, own)),
  };
  const amounts = Object.entries(split).map(([set, amount]) => [
    set,
    typeof amount === "object" ? take(amount as GivenArray, `split/${set}`) : amount,
  ]);
  return arraysTask({ ...others, ...roles, split: Object.fromEntries(amounts), held: new HeldArrays(held) });
}

const isGiven = (given: object): given is GivenArrays =>
  !("file" in given || "held" in given) && "stimuli" in given && typeof given.stimuli === "object";

const isOne = (array: GivenArray | Readonly<Record<string, GivenArray>>): array is GivenArray =>
  Array.isArray(array) ||
  ArrayBuffer.isView(array) ||
  typeof array !== "object" ||
  ("shape" in array && "data" in array);

async function loadArrays(given: Settings, context: TaskContext): Promise<Task> {
  const store = given.held ?? (await openStore(given.file!, context.sources));
  const { split } = given;
  const lists = [split.training, split.validation, split.test].filter((part) => typeof part === "string");
  const listed = new Map<string, Awaited<ReturnType<ArrayStore["read"]>>>();
  const listOf = (names: Settings["stimuli"]) => (typeof names === "string" ? [names] : names);
  const found = await readTrials(
    store,
    { ...given, stimuli: listOf(given.stimuli), targets: listOf(given.targets) },
    lists,
  );
  for (const list of lists) listed.set(list, await readArray(store, "split", list));
  const sha256 = given.held ? undefined : await sha256Of(...store.bytes);
  if (given.sha256 !== undefined && sha256 !== given.sha256)
    throw new DataError(
      `data file ${given.file} has changed: its checksum (sha256) is ${sha256}, and ${given.sha256} is what the task names; bring the file back, ` +
        "or take sha256 out of the description to go on with what is there",
    );
  const places = partition(store.place, found.count, split, (list) => listed.get(list)!);
  const set = (of: "training" | "validation" | "test") => arrayTrials(`${of} trials`, found, places[of]);
  return {
    name: context.name,
    classes: found.classNames.length,
    classNames: found.classNames,
    presentations: 1,
    training: set("training"),
    validation: set("validation"),
    test: set("test"),
    notes: found.notes,
    keep: (write) =>
      given.held ? keepHeld(given, found, listed, context, write) : Promise.resolve(keepFile(given, found, sha256!)),
  };
}

/** The description with everything that was found out about the file. */
function keepFile(given: Settings, { roles }: FoundTrials, sha256: string): Part {
  return arraysTask({ ...given, ...roles, sha256 });
}

/** Writes the arrays that a program gave, as they were read, and describes the file. */
async function keepHeld(
  { held: _, ...given }: Settings,
  { streams, targets, factors, count, classNames, roles }: FoundTrials,
  listed: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly values: ArrayLike<number> | readonly string[] }
  >,
  { sources }: TaskContext,
  write: WriteArrays,
): Promise<Part> {
  const arrays: Record<string, { shape: readonly number[]; data: Float32Array | Uint32Array }> = {};
  for (const { stream, values } of streams) {
    const { name: own, height, width, channels, steps } = stream;
    const image = height > 1 || channels > 1;
    arrays[own] = { shape: image ? [count, height, width, channels] : [count, steps, width], data: values };
  }
  for (const { shape, values, weights } of targets) {
    arrays[shape.name] =
      shape.kind === "class"
        ? { shape: [count, shape.steps], data: Uint32Array.from(values) }
        : { shape: [count, shape.steps, shape.units], data: values };
    if (weights) arrays[roles.mask!] = { shape: [count, shape.weights!.steps, shape.weights!.units], data: weights };
  }
  for (const [own, values] of factors) arrays[own] = { shape: [count], data: values };
  for (const [own, { values }] of listed)
    arrays[own] = { shape: [values.length], data: Uint32Array.from(values as ArrayLike<number>) };
  const file = await write("data.npz", arrays);
  const sha256 = await sha256Of(await sources.read(file));
  const classes = classNames.length > 0 ? { classes: [...classNames] } : {};
  return arraysTask({ ...given, ...roles, ...classes, file, sha256 });
}
