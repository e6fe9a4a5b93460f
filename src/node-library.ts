import { type Library, libraryOf } from "./kinds/library.ts";
import { builtIn } from "./library.ts";
import { attentionExperiment } from "./papers/attention/attention.ts";
import { gevbExperiment } from "./papers/gevb/gevb.ts";
import { quickstart } from "./papers/gevb/quickstart.ts";
import { gevbTables } from "./papers/gevb/tables.ts";
import { gevbWidths } from "./papers/gevb/widths.ts";
import { modulesExperiment } from "./papers/modules/modules.ts";
import { circuitExperiment } from "./runs/circuit-experiment.ts";

/** The kinds that Sulcus comes with in Node: experiments, which keep folders, and all others. */
export const nodeLibrary: Library = libraryOf([
  quickstart,
  circuitExperiment,
  gevbExperiment,
  gevbTables,
  gevbWidths,
  modulesExperiment,
  attentionExperiment,
  ...builtIn.families().flatMap((family) => builtIn.list(family)),
]);
