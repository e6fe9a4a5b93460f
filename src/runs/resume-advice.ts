import { experimentConfigs } from "../papers/experiment-configs.ts";
import { resumeCommand } from "./resume-command.ts";

/** How to go on with the run in a folder, of an experiment or of a program of one's own. */
export function resumeAdvice(experiment: string, folder: string): string {
  const known = Object.hasOwn(experimentConfigs, experiment) ? experiment : undefined;
  return `go on with it by ${resumeCommand(known, folder)}`;
}
