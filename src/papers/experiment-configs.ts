import { AttentionConfig } from "./attention/settings.ts";
import { GevbConfig, QuickstartConfig } from "./gevb/settings.ts";
import { GevbTablesConfig } from "./gevb/tables-settings.ts";
import { GevbWidthsConfig } from "./gevb/widths-settings.ts";
import { ModulesConfig } from "./modules/settings.ts";

/** The settings of each experiment, by its name. Apart from the experiments themselves, which take longer to load. */
export const experimentConfigs = {
  gevb: GevbConfig,
  quickstart: QuickstartConfig,
  "gevb-tables": GevbTablesConfig,
  "gevb-widths": GevbWidthsConfig,
  modules: ModulesConfig,
  attention: AttentionConfig,
} as const;

export type ExperimentName = keyof typeof experimentConfigs;
