import type { Command } from "commander";
import { shellWord } from "../../runs/resume-command.ts";
import { InterruptedError } from "../../training/interrupted.ts";
import { requireFolder } from "../folders.ts";
import { interruption } from "../interruption.ts";
import { InterruptedCommand } from "../outcome.ts";
import type { Context } from "./context.ts";
import { pluginsAsked, trustOption, useOption } from "./given.ts";
import { valued } from "./valued.ts";

/** Declares `sulcus report`. */
export function declareReport(program: Command, { streams, open }: Context): void {
  program
    .command("report")
    .description("draw the figures and report.html of a run folder again")
    .argument("<dir>", "folder of a run")
    .addOption(valued("--format <names>", "files of each figure: svg, pdf, png, csv (default svg,csv)"))
    .addOption(valued("--width <size>", "width of the figures' files, such as 85mm, 17cm or 3.5in"))
    .addOption(
      valued("--only <names>", "figures to draw, such as learning-curves,errors, and nothing else of the report"),
    )
    .addOption(useOption())
    .addOption(trustOption())
    .addHelpText(
      "after",
      "\nExamples:\n  sulcus report runs/gevb/20241124-120000-1\n  sulcus report runs/gevb/20241124-120000-1 --format pdf,png --width 85mm",
    )
    .action(
      async (
        folder: string,
        { format, width, only, ...plugins }: { format?: string; width?: string; only?: string },
      ) => {
        // Loaded on demand, so that --help stays quick.
        const { readFormats, readWidth } = await import("../../report/files/figure-format.ts");
        const files = {
          ...(format === undefined ? {} : { formats: readFormats(format) }),
          ...(width === undefined ? {} : { width: readWidth(width) }),
          ...(only === undefined ? {} : { only: only.split(",").map((name) => name.trim()) }),
        };
        requireFolder("report", folder);
        const backend = await open(pluginsAsked(plugins), folder);
        const stop = interruption(() => {}, streams.stdout);
        try {
          streams.stdout.write(`${await backend.rebuildReport(folder, { ...files, signal: stop.signal })}\n`);
        } catch (error) {
          if (!(error instanceof InterruptedError)) throw error;
          throw new InterruptedCommand(error.by, `; draw the whole report by: sulcus report ${shellWord(folder)}`);
        } finally {
          stop.release();
        }
      },
    );
}
