import { experimentConfigs } from "./experiment-configs.ts";
import { resumeCommand } from "./resume-command.ts";

/** How to go on with the run in a folder: by a command, or from a program where a program of one's own started it. */
export function resumeAdvice(experiment: string, folder: string): string {
  const way = Object.hasOwn(experimentConfigs, experiment)
    ? resumeCommand(experiment, folder)
    : `resume(${JSON.stringify(folder)}) in a program, since one has started it`;
  return `go on with it by ${way}`;
}
