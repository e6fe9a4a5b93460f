import type { Command } from "commander";
import { InterruptedError } from "../../experiments/interrupted.ts";
import { shellWord } from "../../experiments/resume-command.ts";
import { requireFolder } from "../folders.ts";
import { interruption } from "../interruption.ts";
import { InterruptedCommand } from "../outcome.ts";
import type { Context } from "./context.ts";

/** Declares `sulcus report`. */
export function declareReport(program: Command, { streams, backend }: Context): void {
  program
    .command("report")
    .description("draw the figures and report.html of a run folder again")
    .argument("<dir>", "folder of a run")
    .addHelpText("after", "\nExample:\n  sulcus report runs/gevb/20241124-120000-1")
    .action(async (folder: string) => {
      requireFolder("report", folder);
      const stop = interruption(() => {}, streams.stdout);
      try {
        streams.stdout.write(`${await backend.rebuildReport(folder, stop.signal)}\n`);
      } catch (error) {
        if (!(error instanceof InterruptedError)) throw error;
        throw new InterruptedCommand(error.by, `; draw the whole report by: sulcus report ${shellWord(folder)}`);
      } finally {
        stop.release();
      }
    });
}
