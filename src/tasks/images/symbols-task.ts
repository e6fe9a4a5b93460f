import * as z from "zod";
import { defineTask } from "../task.ts";
import { divisionSettings, labelledImagesTask } from "./labelled-images-task.ts";
import { drawSymbols, symbolsSettings } from "./symbols.ts";

/**
 * The task to name drawn symbols: ten figures of straight strokes that need no files.
 *
 * Settings: height and width of the images (default 28 pixels), training and test images to draw (default 10,000 and 2,000),
 * images for validation (default 0), training and test images to use of them (default all).
 */
export const symbols = defineTask({
  kind: "symbols",
  summary: "name figures of straight strokes, drawn by the task itself",
  settings: z.strictObject({ ...symbolsSettings, ...divisionSettings }),
  build: (settings, { name, seed }) => labelledImagesTask(name, drawSymbols(settings, seed), settings, seed),
});
