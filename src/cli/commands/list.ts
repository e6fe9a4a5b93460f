import type { Command } from "commander";
import type { Context } from "./context.ts";

/** Declares `sulcus list`. */
export function declareList(program: Command, { streams, backend }: Context): void {
  program
    .command("list")
    .description("experiments, learning rules, sign constraints, optimisers and tasks")
    .option("--json", "as one JSON object")
    .addHelpText("after", "\nExample:\n  sulcus list --json")
    .action(async ({ json }: { json?: true }) => {
      const listing = await backend.listing();
      streams.stdout.write(`${json ? JSON.stringify(listing, null, 2) : sections(listing)}\n`);
    });
}

function sections(listing: Record<string, { name: string; summary: string }[]>): string {
  const width = Math.max(0, ...Object.values(listing).flatMap((entries) => entries.map(({ name }) => name.length)));
  const section = ([heading, entries]: [string, { name: string; summary: string }[]]) =>
    [heading, ...entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`.trimEnd())].join("\n");
  return Object.entries(listing).map(section).join("\n\n");
}
