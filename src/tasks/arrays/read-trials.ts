import { inSingle, isText, type LoadedArray, shapeInWords } from "../../arrays/loaded-array.ts";
import { DataError, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { TargetShape, TargetWeights } from "../targets.ts";
import type { Stream } from "../trials.ts";
import { type ArrayStore, readArray } from "./array-store.ts";
import type { TrialArrays } from "./array-trials.ts";
import { labelsOf } from "./labels.ts";

/** What the values of a target are. */
export type TargetMeaning = "labels" | "values";

/** Which arrays are what; what is left out is found by names and shapes. */
export interface ArrayRoles {
  readonly stimuli?: readonly string[] | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly mask?: string | undefined;
  readonly factors?: readonly string[] | undefined;
  readonly as?: TargetMeaning | Readonly<Record<string, TargetMeaning>> | undefined;
  readonly classes?: readonly string[] | undefined;
}

/** Trials of arrays, and what was found out about them. */
export interface FoundTrials extends TrialArrays {
  /** What each class is called, by its label; none where there are no labels. */
  readonly classNames: readonly string[];
  readonly notes: readonly string[];
  /** Every role written out, for the description of a run; stimuli that are all columns but the others are left out. */
  readonly roles: {
    readonly stimuli?: string[];
    readonly targets: string[];
    readonly mask?: string;
    readonly factors: string[];
    readonly as: Record<string, TargetMeaning>;
  };
}

/** Names under which targets are looked for, in this order. */
const usualTargets = ["targets", "target", "labels", "label"];
const usualMask = "mask";
const axes = ["trial", "step", "unit"];

/** An array with the name that messages call it. */
interface Named {
  readonly name: string;
  readonly where: string;
  readonly array: LoadedArray;
}

/**
 * Reads the trials of named arrays.
 *
 * @param roles which arrays are what
 * @param lists names of arrays that list trials, and are nothing else
 * @throws DataError where an array is missing, or its shape or a value is not what it is expected to be
 */
export async function readTrials(store: ArrayStore, roles: ArrayRoles, lists: readonly string[]): Promise<FoundTrials> {
  const named = async (setting: string, name: string): Promise<Named> => ({
    name,
    where: `${store.place}: ${name}`,
    array: await readArray(store, setting, name),
  });
  const targetNames = roles.targets ?? [usualTargetOf(store)];
  const maskName = roles.mask ?? store.names.find((name) => name === usualMask);
  const taken = [...targetNames, ...(maskName === undefined ? [] : [maskName]), ...lists];
  const stimulusNames = roles.stimuli ?? stimuliOf(store, [...taken, ...(roles.factors ?? [])]);

  const given = await Promise.all(stimulusNames.map((name) => named("stimuli", name)));
  const asked = await Promise.all(targetNames.map((name) => named("targets", name)));
  // Columns of a table are the values of one stimulus, and of one target.
  const stimuli = store.columns ? [sideBySide(store, "stimuli", given)] : given;
  const targets = store.columns ? [sideBySide(store, "targets", asked)] : asked;

  const count = trialsOf(stimuli[0]!, targets[0]!);
  const streams = stimuli.map((each) => streamOf(each, count));
  const steps = stepsOf(
    streams.map(({ stream }) => stream),
    store.place,
  );
  const { meanings, classNames, notes, read } = readTargets(store.place, targets, roles, count, steps);
  const mask = maskName === undefined ? undefined : await named("mask", maskName);
  const { found, unused } =
    roles.factors || store.columns || !store.whole
      ? { found: roles.factors ?? [], unused: [] }
      : await factorsIn(store, [...taken, ...stimulusNames], count);
  const factors = new Map<string, Float32Array>();
  for (const name of found) factors.set(name, factorOf(await named("factors", name), count));
  return {
    count,
    streams,
    targets: read.map((target) => (mask ? masked(target, mask, count, steps) : target)),
    factors,
    classNames,
    notes: [
      ...notes,
      ...unused.map((name) => `array ${shown(name)} is no factor: it has not one number for each trial`),
    ],
    roles: {
      ...(roles.stimuli || !store.columns ? { stimuli: [...stimulusNames] } : {}),
      targets: [...targetNames],
      ...(maskName === undefined ? {} : { mask: maskName }),
      factors: [...found],
      as: meanings,
    },
  };
}

function usualTargetOf(store: ArrayStore): string {
  const usual = usualTargets.find((name) => store.names.includes(name));
  return usual ?? (store.columns ? store.names.at(-1)! : usualTargets[0]!);
}

function stimuliOf({ names, columns, own, place }: ArrayStore, others: readonly string[]): readonly string[] {
  if (!columns) return [own ?? "stimuli"];
  const rest = names.filter((name) => !others.includes(name));
  if (rest.length > 0) return rest;
  throw new DataError(
    `${place} has no column but ${names.join(", ")}; expected at least one of stimuli beside the targets`,
  );
}

/** Names of arrays that have one number for each trial and are nothing else, and of those that are not used. */
async function factorsIn(store: ArrayStore, taken: readonly string[], count: number) {
  const [found, unused]: [string[], string[]] = [[], []];
  for (const name of store.names) {
    if (taken.includes(name)) continue;
    const array = await store.read(name).catch((error: unknown) => {
      if (error instanceof DataError) return undefined;
      throw error;
    });
    const isFactor = array !== undefined && !isText(array) && array.shape.length === 1 && array.shape[0] === count;
    (isFactor ? found : unused).push(name);
  }
  return { found, unused };
}

/** Columns joined to [trials, columns]. */
function sideBySide({ place }: ArrayStore, role: string, columns: readonly Named[]): Named {
  const [first] = columns;
  if (columns.length === 1) return first!;
  const count = first!.array.shape[0]!;
  const values = new Float64Array(count * columns.length);
  for (const [at, { name, array }] of columns.entries()) {
    if (isText(array))
      throw new DataError(
        `${place}: column ${shown(name)} holds text such as ${shown(array.values.find((cell) => Number.isNaN(Number(cell))))}, and ${role} of several columns are numbers; ` +
          "leave it out of the file, or name the columns that count",
      );
    const numbers = array.values as ArrayLike<number>;
    for (let trial = 0; trial < count; trial++) values[trial * columns.length + at] = numbers[trial]!;
  }
  return { name: role, where: `${place}: ${role}`, array: { shape: [count, columns.length], values, type: "float64" } };
}

/**
 * The number of trials, that of the targets.
 *
 * @throws DataError where stimuli have another one, saying which axis has it, if one does
 */
function trialsOf(stimuli: Named, targets: Named): number {
  const [count = 0] = targets.array.shape;
  const { shape } = stimuli.array;
  if (targets.array.shape.length === 0 || shape.length === 0)
    throw new DataError(
      `${(shape.length === 0 ? stimuli : targets).where} is a single value; expected an array whose first axis counts trials`,
    );
  if (shape[0] === count) {
    if (count === 0)
      throw new DataError(`${stimuli.where} of shape ${shapeInWords(shape)} has no trials; give at least two`);
    return count;
  }
  const got = `${stimuli.where} has shape ${shapeInWords(shape)} and ${targets.name} ${shapeInWords(targets.array.shape)}`;
  const axis = shape.indexOf(count);
  const other = targets.array.shape.indexOf(shape[0]!);
  if (axis > 0 && other > 0)
    throw new DataError(`${got}; expected as many trials of both along the first axis, so transpose one of them`);
  if (axis > 0) {
    const expected = shape.length === 2 ? `[${count}, units]` : `[${count}, steps, units]`;
    const remedy =
      shape.length === 2
        ? "transpose them"
        : `bring the trials to the front, as numpy.moveaxis(stimuli, ${axis}, 0) does`;
    throw new DataError(`${got}; expected stimuli of ${expected}, with trials first, so ${remedy}`);
  }
  if (other > 0)
    throw new DataError(
      `${got}; expected targets of [${shape[0]}, ...], with trials first, so ${targets.array.shape.length === 2 ? "transpose them" : "bring the trials to the front"}`,
    );
  throw new DataError(`${got}; expected as many trials of both along the first axis`);
}

/** @throws DataError where an array has another number of trials, naming the axis that has theirs */
function checkCount({ where, array: { shape } }: Named, count: number): void {
  if (shape[0] === count) return;
  const axis = shape.indexOf(count);
  throw new DataError(
    `${where} has shape ${shapeInWords(shape)} and there are ${count} trials; expected [${count}, ...], with trials first` +
      (axis > 0 ? `, so ${shape.length === 2 ? "transpose it" : "bring the trials to the front"}` : ""),
  );
}

function streamOf(named: Named, count: number): TrialArrays["streams"][number] {
  const { name, where, array } = named;
  checkCount(named, count);
  const { shape } = array;
  if (shape.length > 4 || shape.includes(0))
    throw new DataError(
      `${where} has shape ${shapeInWords(shape)}; expected [trials, units], [trials, steps, units], or [trials, height, width, channels] for images`,
    );
  const names = [["trial"], ["trial", "unit"], ["trial", "step", "unit"], ["trial", "row", "column", "channel"]];
  const values = inSingle(where, array, names[shape.length - 1]!);
  if (shape.length === 4) {
    const [, height, width, channels] = shape as [number, number, number, number];
    return { stream: { name, height, width, channels, steps: 1 }, values };
  }
  const [steps, units] = shape.length === 3 ? [shape[1]!, shape[2]!] : [1, shape[1] ?? 1];
  return { stream: { name, height: 1, width: units, channels: 1, steps }, values };
}

/** Time steps of a trial: those of the stimuli, 1 where none changes. */
function stepsOf(streams: readonly Stream[], place: string): number {
  const lasting = streams.filter(({ steps }) => steps > 1);
  const [first] = lasting;
  const other = lasting.find(({ steps }) => steps !== first!.steps);
  if (other)
    throw new DataError(
      `${place}: ${first!.name} has ${first!.steps} time steps and ${other.name} ${other.steps}; give all as many, or 1`,
    );
  return first?.steps ?? 1;
}

/** A target of all trials without its mask. */
interface ReadTarget {
  readonly named: Named;
  readonly shape: TargetShape;
  readonly values: Float32Array;
}

function readTargets(
  place: string,
  targets: readonly Named[],
  { as, classes }: ArrayRoles,
  count: number,
  steps: number,
): {
  readonly meanings: Record<string, TargetMeaning>;
  readonly classNames: readonly string[];
  readonly notes: readonly string[];
  readonly read: readonly ReadTarget[];
} {
  for (const each of targets) checkCount(each, count);
  if (typeof as === "object") {
    const stranger = Object.keys(as).find((name) => !targets.some((target) => target.name === name));
    if (stranger !== undefined)
      throw new UsageError(
        `${place}: as names ${shown(stranger)}, and the targets are ${targets.map(({ name }) => name).join(", ")}`,
      );
  }
  const meanings: Record<string, TargetMeaning> = {};
  for (const { name, array } of targets)
    meanings[name] = (typeof as === "object" ? as[name] : as) ?? meaningOf(array, steps);
  const labelled = targets.filter(({ name }) => meanings[name] === "labels");
  if (classes && labelled.length === 0)
    throw new UsageError(
      `${place}: classes are named, and ${targets.map(({ name }) => name).join(", ")} are values; leave classes out, or set as: "labels"`,
    );
  const stepsOfLabels = new Map(labelled.map((each) => [each.name, labelSteps(each, steps)]));
  const { classNames, labels, note } =
    labelled.length === 0
      ? { classNames: [], labels: [], note: undefined }
      : labelsOf(new Map(labelled.map(({ where, array }) => [where, array])), axes, classes);
  const read = targets.map((named): ReadTarget => {
    const { name } = named;
    const index = labelled.indexOf(named);
    if (index < 0) return valueTarget(named, steps);
    const shape = { kind: "class", name, classes: classNames.length, steps: stepsOfLabels.get(name)! } as const;
    return { named, shape, values: labels[index]! };
  });
  const guessed = targets.flatMap(({ name, array }) => {
    if (isText(array) || (typeof as === "object" ? as[name] : as) !== undefined) return [];
    const other = meanings[name] === "labels" ? '; as: "values" takes it for values' : "";
    return [`target ${shown(name)} is taken for ${meanings[name]}${other}`];
  });
  const notes = [...guessed, ...(note === undefined ? [] : [note])];
  return { meanings, classNames, notes, read };
}

/** Labels are text, and whole numbers of one a trial or one a step; all else are values. */
function meaningOf(array: LoadedArray, steps: number): TargetMeaning {
  const { shape, values } = array;
  if (isText(array)) return "labels";
  const one = shape.length === 1 || (shape.length === 2 && (shape[1] === 1 || (steps > 1 && shape[1] === steps)));
  if (!one) return "values";
  for (let at = 0; at < values.length; at++) if (!Number.isSafeInteger(values[at])) return "values";
  return "labels";
}

/** Time steps that have a label of their own. */
function labelSteps({ where, array: { shape } }: Named, steps: number): number {
  const [, second = 1, third = 1] = shape;
  const fits = shape.length <= 3 && third === 1 && (second === 1 || steps === 1 || second === steps);
  if (fits) return second;
  throw new DataError(
    `${where} has shape ${shapeInWords(shape)}; expected labels of [trials]${steps > 1 ? ` or [trials, ${steps}], one for each step of the stimuli` : " or [trials, steps]"}; ` +
      'for values set as: "values"',
  );
}

function valueTarget(named: Named, steps: number): ReadTarget {
  const { name, where, array } = named;
  const { shape } = array;
  const overTime = shape.length === 3 || (shape.length === 2 && steps > 1 && shape[1] === steps);
  const own = overTime ? shape[1]! : 1;
  const units = overTime ? (shape[2] ?? 1) : (shape[1] ?? 1);
  if (shape.length > 3 || shape.includes(0) || (own > 1 && steps > 1 && own !== steps))
    throw new DataError(
      `${where} has shape ${shapeInWords(shape)}; expected values of [trials, units] or ${steps > 1 ? `[trials, ${steps}, units], as many steps as the stimuli have` : "[trials, steps, units]"}`,
    );
  const counted = overTime ? axes.slice(0, shape.length) : ["trial", "unit"];
  return { named, shape: { kind: "values", name, units, steps: own }, values: inSingle(where, array, counted) };
}

/** The target with the weights of a mask, [trials], [trials, steps], or as values [trials, units] or [trials, steps, units]. */
function masked(target: ReadTarget, mask: Named, count: number, steps: number): TrialArrays["targets"][number] {
  const { shape: asked, values } = target;
  checkCount(mask, count);
  const { shape } = mask.array;
  const lasting = Math.max(steps, asked.steps);
  const units = asked.kind === "values" ? asked.units : 1;
  const weights = weightsOf(shape, lasting, units);
  if (weights === undefined)
    throw new DataError(
      `${mask.where} has shape ${shapeInWords(shape)}; expected ${[
        `[${count}]`,
        ...(lasting > 1 ? [`[${count}, ${lasting}] for steps`] : []),
        ...(units > 1 ? [`[${count}, ${units}] for units`] : []),
        ...(lasting > 1 && units > 1 ? [`[${count}, ${lasting}, ${units}]`] : []),
      ].join(", ")} for the target ${asked.name}`,
    );
  const amounts = inSingle(mask.where, mask.array, axes.slice(0, shape.length));
  const negative = amounts.findIndex((amount) => amount < 0);
  if (negative >= 0)
    throw new DataError(
      `${mask.where}: value ${negative} is ${amounts[negative]}; expected weights from 0 on, 0 for what is not asked`,
    );
  if (amounts.every((amount) => amount === 0))
    throw new DataError(
      `${mask.where} is 0 everywhere, so nothing is asked; give a weight above 0 where the target counts`,
    );
  return { shape: { ...asked, weights }, values, weights: amounts };
}

function weightsOf(shape: readonly number[], steps: number, units: number): TargetWeights | undefined {
  const [, second = 1, third = 1] = shape;
  if (shape.length > 3) return undefined;
  if (shape.length === 3)
    return (second === steps || second === 1) && (third === units || third === 1)
      ? { steps: second, units: third }
      : undefined;
  if (second === steps) return { steps, units: 1 };
  return second === 1 || second === units ? { steps: 1, units: second } : undefined;
}

function factorOf(named: Named, count: number): Float32Array {
  const { where, array } = named;
  checkCount(named, count);
  if (array.shape.length > 2 || (array.shape[1] ?? 1) !== 1)
    throw new DataError(
      `${where} has shape ${shapeInWords(array.shape)}; expected a factor of [${count}], one number for each trial`,
    );
  return inSingle(where, array, ["trial"]);
}
