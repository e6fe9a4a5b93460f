import { resumeCommand } from "./resume-command.ts";

/** How to go on with the run in a folder. */
export const resumeAdvice = (folder: string): string => `go on with it by ${resumeCommand(folder)}`;
