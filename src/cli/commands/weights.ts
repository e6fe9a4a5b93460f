import type { Command } from "commander";
import { requireFolder } from "../folders.ts";
import type { Context } from "./context.ts";
import { pluginsAsked, trustOption, useOption } from "./given.ts";
import { valued } from "./valued.ts";

/** Declares `sulcus weights`. */
export function declareWeights(program: Command, { streams, open }: Context): void {
  program
    .command("weights")
    .description(
      "names, shapes and axes of a run's weights as JSON, or the weights themselves as a file for NumPy and --from",
    )
    .argument("<dir>", "folder of a run")
    .addOption(valued("--out <file>", "write the weights to this file: .npz, or .json with shapes and axes"))
    .addOption(useOption())
    .addOption(trustOption())
    .addHelpText(
      "after",
      "\nExamples:\n  sulcus weights runs/gevb/20241124-120000-1\n  sulcus weights runs/gevb/20241124-120000-1 --out weights.npz",
    )
    .action(async (folder: string, { out, ...plugins }: { out?: string }) => {
      requireFolder("weights", folder);
      const backend = await open(pluginsAsked(plugins), folder);
      const about = await backend.weights(folder, out);
      streams.stdout.write(`${out ?? JSON.stringify(about, null, 2)}\n`);
    });
}
