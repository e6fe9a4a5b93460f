import { resolve } from "pathe";
import * as z from "zod";

/** Stands for the weights that come with Sulcus. */
export const shippedName = "shipped";

/**
 * Where weights come from, see `readParameters`: "shipped", or a path, which is made absolute. Absent: they are drawn from the
 * seed. A run's configuration keeps it, so that the run starts from the same weights wherever it is run again.
 */
export const startingPoint = z
  .string()
  .min(1)
  .overwrite((path) => (path === shippedName ? path : resolve(path)))
  .optional()
  .meta({ help: "start from trained weights: a run folder, .npz, .json, or shipped", value: "path", sweep: false });
