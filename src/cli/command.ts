import { isatty as terminalAt } from "node:tty";
import type { Backend } from "./backend.ts";
import { main } from "./program.ts";

/** The real backend, which loads all of Sulcus: only when a command needs it, so that --help stays quick. */
const real = async (): Promise<Backend> => {
  const [{ backendOf }, { builtIn }] = await Promise.all([import("../papers/backend.ts"), import("../library.ts")]);
  return backendOf(builtIn);
};

const backend: Backend = {
  run: async (experiment, settings, control) => (await real()).run(experiment, settings, control),
  sweep: async (experiment, sweep, settings, control) => (await real()).sweep(experiment, sweep, settings, control),
  forecast: async (experiment, settings, sweep) => (await real()).forecast(experiment, settings, sweep),
  rerun: async (run, control) => (await real()).rerun(run, control),
  resume: async (experiment, folder, control) => (await real()).resume(experiment, folder, control),
  experimentIn: async (folder) => (await real()).experimentIn(folder),
  record: async (subject, options, place) => (await real()).record(subject, options, place),
  rebuildReport: async (folder, options) => (await real()).rebuildReport(folder, options),
  locksIn: async (folder) => (await real()).locksIn(folder),
  removeLocks: async (locks) => (await real()).removeLocks(locks),
  devices: async () => (await real()).devices(),
  listing: async () => (await real()).listing(),
  fetchDataSet: async (name, options, control) => (await real()).fetchDataSet(name, options, control),
  dataSetInformation: async (name, folder) => (await real()).dataSetInformation(name, folder),
  surveyDataSets: async () => (await real()).surveyDataSets(),
};

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
const code = await main(process.argv.slice(2), streams, backend);
await Promise.all([drained(stdout), drained(stderr)]);
// Worker threads of a provider must not keep a finished command alive.
process.exit(lost ? 1 : code);
