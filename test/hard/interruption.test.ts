import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { randomStream } from "../../src/compute/random.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { continueRun } from "../../src/runs/run.ts";
import { experiments } from "../built-in-experiments.ts";
import { asSettings, leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const preload = new URL("death.mjs", import.meta.url).href;

/** When and how a process ends, as `death.mjs` takes it. */
interface Death {
  readonly event: "progress" | "evaluated";
  readonly step: number;
  /** In the middle of a write to a file, this many writes after the event. */
  readonly writes?: number;
  readonly signal: "SIGINT" | "SIGKILL";
}

/** Runs the command until its death; gives the signal or the exit code that it ended with, and what it printed. */
async function live(words: readonly string[], death: Death) {
  const child = spawn(process.execPath, ["--import", preload, command, ...words, "--json"], {
    env: { ...process.env, SULCUS_TEST_DEATH: JSON.stringify(death) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [lines, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { end: signal ?? code, last: JSON.parse(lines.trim().split("\n").at(-1)!) };
}

/** A run of 40 steps, with an evaluation every 5 of them. */
const settings = { ...smallRun, epochs: 4 };

/** Begins a run and lets it die again and again, at rising steps, then lets it end. */
async function diesAndEnds(folder: string, checkpointSeconds: number, deaths: readonly Death[]): Promise<void> {
  for (const [index, death] of deaths.entries()) {
    const words =
      index === 0 ? [...asSettings({ ...settings, checkpointSeconds }), "--out", folder] : ["--resume", folder];
    const { end, last } = await live(["run", "gevb", ...words], death);
    expect(end).toBe(death.signal === "SIGINT" ? 130 : "SIGKILL");
    expect(last).toMatchObject({ step: death.step });
    // In mid-write means that something torn is left beside the whole one, unless it is a line of the log.
    const partial = (await readdir(folder)).filter((name) => /^checkpoint\.npz\..*\.partial$/.test(name));
    expect(partial).toHaveLength((death.writes ?? 0) > 0 ? 1 : 0);
  }
  await continueRun(folder, { library: nodeLibrary });
}

test("a run killed again and again ends with the same bytes as one that was not", async () => {
  const folder = await scratchFolder();
  const [whole, seldom, often] = ["whole", "seldom", "often"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await experiments.run("gevb", settings, { library: nodeLibrary, out: whole });
  const random = randomStream(1, "moments to die at");
  const kill = { signal: "SIGKILL" } as const;
  await Promise.all([
    // Checkpoints only where it is asked to stop: what the log says of later steps has to go, and the weights to come back.
    diesAndEnds(seldom, 3600, [
      { event: "progress", step: random.integer(2, 9), signal: "SIGINT" },
      { event: "evaluated", step: 5 * random.integer(3, 4), ...kill },
      { event: "progress", step: random.integer(21, 29), signal: "SIGINT" },
      { event: "progress", step: random.integer(31, 39), ...kill },
    ]),
    // A checkpoint after every step: killed in the middle of one, and in the middle of a line of the log.
    diesAndEnds(often, 0, [
      { event: "progress", step: random.integer(2, 14), writes: random.integer(2, 30), ...kill },
      { event: "progress", step: 20, writes: 0, ...kill },
      { event: "progress", step: random.integer(21, 39), writes: random.integer(2, 30), ...kill },
    ]),
  ]);
  for (const killed of [seldom, often]) expect(await leftBehind(killed)).toEqual(await leftBehind(whole));
});
