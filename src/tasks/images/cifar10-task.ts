import * as z from "zod";
import { defineTask } from "../task.ts";
import { loadCifar10 } from "./cifar10.ts";
import { labelledImagesSettings, labelledImagesTask } from "./labelled-images-task.ts";

/**
 * The task to name what is on the photographs of CIFAR-10.
 *
 * Settings: folder of the data (default: as `defaultCifar10Folder` says when the task is loaded), images for validation
 * (default 0), training and test images to use (default all).
 */
export const cifar10 = defineTask({
  kind: "cifar10",
  summary: "name what is on small photographs (CIFAR-10)",
  settings: z.strictObject(labelledImagesSettings),
  build: async (settings, { name, seed, sources }) =>
    labelledImagesTask(name, await loadCifar10({ directory: settings.data, sources }), settings, seed),
});
