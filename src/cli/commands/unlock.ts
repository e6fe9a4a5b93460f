import type { Command } from "commander";
import { SulcusError, UsageError } from "../../kinds/errors.ts";
import type { FoundLock } from "../backend.ts";
import { requireFolder } from "../folders.ts";
import type { Context } from "./context.ts";

/** Declares `sulcus unlock`. */
export function declareUnlock(program: Command, context: Context): void {
  program
    .command("unlock")
    .description("take away the locks in a run folder whose processes are gone for sure")
    .argument("<dir>", "folder of a run, or of several with all their locks")
    .option("--yes", "without asking")
    .addHelpText("after", "\nExample:\n  sulcus unlock runs/gevb/20241124-120000-1")
    .action((folder: string, { yes }: { yes?: true }) => unlock(folder, yes === true, context));
}

async function unlock(folder: string, yes: boolean, { streams, open }: Context): Promise<void> {
  requireFolder("unlock", folder);
  const backend = await open();
  const locks = await backend.locksIn(folder);
  const tell = (line: string) => void streams.stdout.write(`${line}\n`);
  if (locks.length === 0) return tell(`there is no lock in ${folder}`);
  for (const { path, words } of locks) tell(`${path}: ${words}`);
  const which = locks.length === 1 ? "it" : `all ${locks.length}`;
  // What is at work is refused without a question.
  const agreed = yes || locks.some(({ atWork }) => atWork !== undefined) || (await agrees(which, locks, streams.ask));
  if (!agreed) throw new SulcusError("nothing was taken away");
  await backend.removeLocks(locks);
  tell(`taken away: ${which}`);
}

async function agrees(
  which: string,
  locks: readonly FoundLock[],
  ask: ((question: string) => Promise<string>) | undefined,
): Promise<boolean> {
  if (!ask)
    throw new UsageError(
      `unlock: there is no terminal to ask whether ${locks.length === 1 ? "the lock" : "the locks"} shall be taken away; if those processes are gone for sure, add --yes`,
    );
  const answer = await ask(`Two processes in one folder destroy it. Take ${which} away? (y/N) `);
  return /^y(es)?$/i.test(answer.trim());
}
