import { AttentionConfig } from "./attention/config.ts";
import { GevbConfig, QuickstartConfig } from "./config.ts";
import { GevbTablesConfig } from "./gevb-tables-config.ts";
import { GevbWidthsConfig } from "./gevb-widths-config.ts";
import { ModulesConfig } from "./modules/config.ts";

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
