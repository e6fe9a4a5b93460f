import type { Workload } from "../workload.ts";
import { attentionBatches } from "./attention.ts";
import { gevbSteps } from "./gevb.ts";
import { mainJob } from "./main-job.ts";
import { modulesSteps } from "./modules.ts";

/** Everything that `npm run bench` times, in this order. */
export const workloads: readonly Workload[] = [...gevbSteps, ...modulesSteps, ...attentionBatches, mainJob];
