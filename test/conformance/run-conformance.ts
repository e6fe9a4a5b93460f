import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SulcusError, UsageError } from "../../src/kinds/errors.ts";
import { type CaseFile, readCases } from "./case-file.ts";
import { checkPending, conform, describeOutcome, exitCodeOf, type Outcome } from "./conform.ts";
import { openContenders } from "./providers.ts";

const bundledCases = fileURLToPath(new URL("cases", import.meta.url));

/**
 * `npm run conformance -- [DIR] [--provider NAME] [--pending KINDS]`: one line for each case and provider. Cases of pending kinds, a
 * list with commas, are left out and named: their circuits are not built yet.
 *
 * @returns exit code: 0, 1 where a case is off by more than the tolerance, 2 where a case or an option is not usable
 */
export async function runConformance(args: string[], print: (line: string) => void): Promise<number> {
  try {
    const { folder, provider, pending } = readArguments(args);
    checkPending(pending);
    const files: CaseFile[] = [];
    for (const each of await readCases(folder)) {
      const { kind } = each.header;
      if (pending.includes(kind)) print(`left out ${each.file}: kind "${kind}" is not built yet`);
      else files.push(each);
    }
    const { opened, skipped } = await openContenders(provider);
    for (const { name, reason } of skipped) print(`skipped ${name}: ${reason}`);
    if (opened.length === 0) throw new UsageError(`provider "${provider}" is not available here`);
    const outcomes: Outcome[] = [];
    for await (const outcome of conform(files, opened)) {
      outcomes.push(outcome);
      print(describeOutcome(outcome));
    }
    return exitCodeOf(outcomes);
  } catch (error) {
    if (!(error instanceof SulcusError)) throw error;
    print(error.message);
    return 2;
  }
}

function readArguments(args: string[]): { folder: string; provider?: string | undefined; pending: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { provider: { type: "string" }, pending: { type: "string" } },
      allowPositionals: true,
    });
    if (positionals.length > 1) throw new Error(`got ${positionals.length} folders, expected one`);
    const pending = values.pending?.split(",") ?? [];
    return { folder: positionals[0] ?? bundledCases, provider: values.provider, pending };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
