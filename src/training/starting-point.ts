import { resolve } from "pathe";
import * as z from "zod";

/** Stands for the weights that come with Sulcus. */
export const shippedName = "shipped";

/**
 * Where weights come from: "shipped", or a path, which is made absolute. A run's configuration keeps it, so that the run
 * starts from the same weights wherever it is run again.
 */
export const startingPoint = z
  .string()
  .min(1)
  .overwrite((path) => (path === shippedName ? path : resolve(path)));
