import type { Command } from "commander";
import type { Availability } from "../backend.ts";
import type { Context } from "./context.ts";
import { useOption } from "./given.ts";

/** Declares `sulcus devices`. */
export function declareDevices(program: Command, { streams, open }: Context): void {
  program
    .command("devices")
    .description("devices and contraction providers: what is available, or why not")
    .addOption(useOption())
    .option("--json", "as one JSON object")
    .addHelpText("after", "\nExample:\n  sulcus devices")
    .action(async ({ json, use }: { json?: true; use?: string[] }) => {
      const found = await (await open({ use })).devices();
      const { devices, providers } = found;
      const width = Math.max(0, ...[...devices, ...providers].map(({ name }) => name.length));
      const text = () =>
        [section("devices", devices, width), section("contraction providers", providers, width)].join("\n\n");
      streams.stdout.write(`${json ? JSON.stringify(found, null, 2) : text()}\n`);
    });
}

function section(heading: string, entries: readonly Availability[], width: number): string {
  const line = ({ name, available, detail }: Availability) =>
    `  ${name.padEnd(width)}  ${(available ? "available" : "not available").padEnd(13)}  ${detail}`.trimEnd();
  return [heading, ...entries.map(line)].join("\n");
}
