import * as z from "zod";
import { parseDescription } from "../kinds/plain-data.ts";
import { cocoScenesTask } from "./coco/coco-scenes.ts";
import { doubleDigitsTask } from "./digits/double-digits.ts";
import { loadCifar10 } from "./images/cifar10.ts";
import { loadDigits } from "./images/digits.ts";
import { divisionSettings, labelledImagesSettings, labelledImagesTask } from "./images/labelled-images-task.ts";
import { drawSymbols, symbolsSettings } from "./images/symbols.ts";
import { digitScenesTask } from "./scenes/digit-scenes.ts";
import { generatedScenesTask } from "./scenes/generated/generated-scenes.ts";
import { defineTask, type Task, type TaskKind } from "./task-kind.ts";

export { cocoScenes } from "./coco/coco-scenes.ts";
export { digitScenes } from "./scenes/digit-scenes.ts";
export { generatedScenes } from "./scenes/generated/generated-scenes.ts";
export type { Task } from "./task-kind.ts";

const digitsTask = defineTask({
  summary: "name handwritten digits (MNIST)",
  description: z.strictObject({ kind: z.literal("digits"), ...labelledImagesSettings }),
  load: async (settings, seed) =>
    labelledImagesTask("digits", await loadDigits({ directory: settings.data }), settings, seed),
});

const cifar10Task = defineTask({
  summary: "name what is on small photographs (CIFAR-10)",
  description: z.strictObject({ kind: z.literal("cifar10"), ...labelledImagesSettings }),
  load: async (settings, seed) =>
    labelledImagesTask("cifar10", await loadCifar10({ directory: settings.data }), settings, seed),
});

const symbolsTask = defineTask({
  summary: "name figures of straight strokes, drawn by the task itself",
  description: z.strictObject({ kind: z.literal("symbols"), ...symbolsSettings, ...divisionSettings }),
  load: async (settings, seed) => labelledImagesTask("symbols", drawSymbols(settings, seed), settings, seed),
});

/** Kinds of tasks by the name that their descriptions give: a kind is registered here and nowhere else. */
export const taskKinds = {
  digits: digitsTask,
  cifar10: cifar10Task,
  symbols: symbolsTask,
  "double-digits": doubleDigitsTask,
  "digit-scenes": digitScenesTask,
  "generated-scenes": generatedScenesTask,
  "coco-scenes": cocoScenesTask,
} satisfies Readonly<Record<string, TaskKind>>;

type KnownDescription = (typeof taskKinds)[keyof typeof taskKinds]["description"];
const descriptions = Object.values(taskKinds).map(({ description }): KnownDescription => description);

/** A task as plain data: what is needed to load it again, and nothing that is loaded. */
export const TaskDescription = z.discriminatedUnion("kind", descriptions as [KnownDescription, ...KnownDescription[]]);
export type TaskDescription = z.infer<typeof TaskDescription>;

type OptionsOf<Kind extends TaskDescription["kind"]> = Omit<
  Extract<z.input<typeof TaskDescription>, { kind: Kind }>,
  "kind"
>;

/**
 * The description of the task to name handwritten digits, those of MNIST unless `data` names a folder with others.
 *
 * @param options folder of the data, images for validation (default 0), training and test images to use (default all)
 * @throws DescriptionError naming the option that is unknown or out of range
 */
export function digits(options: OptionsOf<"digits"> = {}): TaskDescription {
  return parseDescription("task", TaskDescription, { ...options, kind: "digits" });
}

/**
 * The description of the task to name what is on the photographs of CIFAR-10.
 *
 * @param options folder of the data (default: as `defaultCifar10Folder` says when the task is loaded), images for validation
 *   (default 0), training and test images to use (default all)
 * @throws DescriptionError naming the option that is unknown or out of range
 */
export function cifar10(options: OptionsOf<"cifar10"> = {}): TaskDescription {
  return parseDescription("task", TaskDescription, { ...options, kind: "cifar10" });
}

/**
 * The description of the task to name drawn symbols: ten figures of straight strokes that need no files.
 *
 * @param options height and width of the images (default 28 pixels), training and test images to draw (default 10,000 and
 *   2,000), images for validation (default 0), training and test images to use of them (default all)
 * @throws DescriptionError naming the option that is unknown or out of range
 */
export function symbols(options: OptionsOf<"symbols"> = {}): TaskDescription {
  return parseDescription("task", TaskDescription, { ...options, kind: "symbols" });
}

/**
 * The description of the task to report about several digits at once. Trials are as many as images: each shows its image as
 * the first digit and other images of the set as the others, in training drawn anew at every visit, in validation and test
 * always the same ones.
 *
 * @param options digits of a trial (default 2), `report` (default "parity-digits"; the names of `digitReports`), `input`
 *   "separate" (default: streams "digit 1", "digit 2", ...) or "common" (one stream, side by side), `noise` (SD, default 0),
 *   `onset` ("start", default, or "random") and, with either, the circuit's time `steps`; `source` "mnist" (default) or
 *   "symbols" with its size and counts; folder of the data, images for validation (default 0), training and test images to
 *   use (default all)
 * @throws DescriptionError naming the option that is unknown or out of range, and where options do not fit together: a digit
 *   that is not shown, noise or a random onset without steps, files or counts that the source does not take
 */
export function doubleDigits(options: OptionsOf<"double-digits"> = {}): TaskDescription {
  return parseDescription("task", TaskDescription, { ...options, kind: "double-digits" });
}

/**
 * Loads what a task shows and divides it.
 *
 * @param description from `digits`, `cifar10` and the like, or the same as plain data
 * @param seed the seed of the run; it decides which training trials are used and which are set aside
 * @throws DescriptionError where the description is not one
 * @throws DataError where files are missing or damaged
 * @throws UsageError where more trials are asked for than there are
 */
export async function loadTask(description: z.input<typeof TaskDescription>, seed: number): Promise<Task> {
  const parsed = parseDescription("task", TaskDescription, description);
  return taskKinds[parsed.kind].load(parsed, seed);
}
