import * as z from "zod";
import { parseDescription } from "../compute/plain-data.ts";
import { loadCifar10 } from "./cifar10.ts";
import { cocoScenesTask } from "./coco/coco-scenes.ts";
import { loadDigits } from "./digits.ts";
import { labelledImagesSettings, labelledImagesTask } from "./labelled-images-task.ts";
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

/** A task as plain data: what is needed to load it again, and nothing that is loaded. */
export const TaskDescription = z.discriminatedUnion("kind", [
  digitsTask.description,
  cifar10Task.description,
  digitScenesTask.description,
  generatedScenesTask.description,
  cocoScenesTask.description,
]);
export type TaskDescription = z.infer<typeof TaskDescription>;

/** Kinds of tasks by name. */
export const taskKinds: Readonly<
  Record<TaskDescription["kind"], Pick<TaskKind<z.ZodObject>, "summary"> & { load: TaskLoader }>
> = {
  digits: digitsTask as { summary: string; load: TaskLoader },
  cifar10: cifar10Task as { summary: string; load: TaskLoader },
  "digit-scenes": digitScenesTask as { summary: string; load: TaskLoader },
  "generated-scenes": generatedScenesTask as { summary: string; load: TaskLoader },
  "coco-scenes": cocoScenesTask as { summary: string; load: TaskLoader },
};
type TaskLoader = (description: TaskDescription, seed: number) => Promise<Task>;

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
