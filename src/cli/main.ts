#!/usr/bin/env node
import type { Backend } from "./backend.ts";
import { main } from "./program.ts";

/** The real backend, which loads all of Sulcus: only when a command needs it, so that --help stays quick. */
const real = async (): Promise<Backend> => (await import("../experiments/backend.ts")).backend;

const backend: Backend = {
  run: async (experiment, settings, control) => (await real()).run(experiment, settings, control),
  sweep: async (experiment, sweep, settings, control) => (await real()).sweep(experiment, sweep, settings, control),
  resume: async (experiment, folder, control) => (await real()).resume(experiment, folder, control),
  experimentIn: async (folder) => (await real()).experimentIn(folder),
  rebuildReport: async (folder, files) => (await real()).rebuildReport(folder, files),
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

const code = await main(process.argv.slice(2), { stdout, stderr, isTTY: stderr.isTTY === true }, backend);
await Promise.all([drained(stdout), drained(stderr)]);
// Worker threads of a provider must not keep a finished command alive.
process.exit(lost ? 1 : code);
