import type { Command } from "commander";
import { requireFolder } from "../folders.ts";
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
      streams.stdout.write(`${await backend.rebuildReport(folder)}\n`);
    });
}
