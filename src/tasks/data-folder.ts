import { resolve } from "pathe";
import * as z from "zod";

/**
 * The folder of a data set, which is made absolute: what is written down of a run says where its data lie whatever the working
 * directory is when it goes on or is run again.
 */
export const dataFolder = z.string().overwrite((path) => (path === "" ? path : resolve(path)));
