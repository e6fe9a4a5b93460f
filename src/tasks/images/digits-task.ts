import * as z from "zod";
import { defineTask } from "../task.ts";
import { loadDigits } from "./digits.ts";
import { labelledImagesSettings, labelledImagesTask } from "./labelled-images-task.ts";

/**
 * The task to name handwritten digits, those of MNIST unless `data` names a folder with others.
 *
 * Settings: folder of the data, images for validation (default 0), training and test images to use (default all).
 */
export const digits = defineTask({
  kind: "digits",
  summary: "name handwritten digits (MNIST)",
  settings: z.strictObject(labelledImagesSettings),
  build: async (settings, { name, seed, sources }) =>
    labelledImagesTask(name, await loadDigits({ directory: settings.data, sources }), settings, seed),
});
