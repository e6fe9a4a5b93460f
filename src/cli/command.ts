import { isatty as terminalAt } from "node:tty";
import type { OpenBackend } from "./backend.ts";
import { main } from "./program.ts";

/** Loads all of Sulcus: only when a command needs it, so that --help stays quick. */
const open: OpenBackend = async (...asked) => (await import("./open-backend.ts")).openBackend(...asked);

const { stdout, stderr } = process;
let lost = false;
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has gone away, as with "sulcus list | head -1", is no failure of this command.
    if (error.code === "EPIPE" || lost) return;
    lost = true;
    if (stream === stdout) stderr.write(`sulcus: cannot write to standard output: ${error.message}\n`);
  });
}

/** Resolves when all that was written to a stream has left it, or cannot. */
const drained = (stream: NodeJS.WriteStream) => new Promise<void>((done) => stream.write("", () => done()));

/** Asks on stderr and reads the answer from stdin. */
async function ask(question: string): Promise<string> {
  const terminal = (await import("node:readline/promises")).createInterface({ input: process.stdin, output: stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

// It ends by process.exit() below. Where nothing is left that could go on, Node ends it as if all were well.
process.once("beforeExit", () => {
  stderr.write("sulcus: internal error: the command came to a standstill\n");
  process.exitCode = 1;
});

const isTTY = stderr.isTTY === true;
const streams = { stdout, stderr, isTTY, ...(isTTY && terminalAt(0) ? { ask } : {}) };
const code = await main(process.argv.slice(2), streams, open);
await Promise.all([drained(stdout), drained(stderr)]);
// Worker threads of a provider must not keep a finished command alive.
process.exit(lost ? 1 : code);
