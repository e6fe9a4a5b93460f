import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { RunEvent } from "../../src/training/events.ts";
import { experiments } from "../built-in-experiments.ts";
import { asSettings, leftBehind, scratchFolder, smallRun } from "../small-runs.ts";

// Worker processes of the sources: what runs tests reads TypeScript, Node may not.
beforeEach(() => {
  vi.stubEnv("NODE_OPTIONS", "--import tsx");
});

const settings = { ...smallRun, limit: 200, hidden: [8, 4], epochs: 5, checkpointSeconds: 0 };
const seeds = [1, 2];
const sweep = { rate: [0.001, 0.01] };
const names = ["rate-0.001-seed-1", "rate-0.01-seed-1", "rate-0.001-seed-2", "rate-0.01-seed-2"];
const ofType = <Type extends RunEvent["type"]>(events: readonly RunEvent[], type: Type) =>
  events.filter((event) => event.type === type) as Extract<RunEvent, { type: Type }>[];

/** The process that holds the lock of a run. */
const holderOf = async (folder: string): Promise<number> =>
  JSON.parse(await readFile(join(folder, "run.lock"), "utf8")).pid;

/** What the same sweep leaves that this process has run alone. */
let alone: Record<string, unknown>;
beforeAll(async () => {
  const out = await mkdtemp(join(tmpdir(), "sulcus-test-"));
  try {
    await experiments.sweep("gevb", sweep, { ...settings, seeds }, { out, report: false });
    alone = await leftIn(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
});

async function leftIn(out: string): Promise<Record<string, unknown>> {
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await leftBehind(join(out, name))] as const)),
  );
}

describe("several workers", () => {
  test("leave what one does; each run is told with its place, and all that go on with their shares", async () => {
    const out = join(await scratchFolder(), "sweep");
    const events: RunEvent[] = [];
    const holders = new Set<Promise<number>>();
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (event.type === "started") holders.add(holderOf(event.folder).catch(() => Number.NaN));
    };
    await experiments.sweep("gevb", sweep, { ...settings, seeds }, { out, workers: 2, onEvent });
    expect(await leftIn(out)).toEqual(alone);
    expect(existsSync(join(out, "report.html"))).toBe(true);
    expect(await Promise.all(holders)).not.toContain(process.pid);
    expect(
      ofType(events, "finished")
        .map(({ run, collection }) => [collection!.cell, run])
        .sort(),
    ).toEqual(names.map((name, index) => [index + 1, name]));
    const progress = ofType(events, "progress");
    expect(progress.some(({ collection }) => collection!.running.length === 2)).toBe(true);
    for (const { run, collection } of progress) {
      expect(collection!.running.map((each) => each.run)).toContain(run);
      expect(collection!.running.length).toBeLessThanOrEqual(2);
      expect(collection!.done + collection!.running.length).toBeLessThanOrEqual(names.length);
    }
  });

  test("of which one is killed, lose its run alone, which is told and goes on to the same bytes", async () => {
    const out = join(await scratchFolder(), "sweep");
    const doomed = names[1]!;
    const events: RunEvent[] = [];
    let killed = false;
    const onEvent = (event: RunEvent) => {
      events.push(event);
      if (killed || event.type !== "progress" || event.run !== doomed) return;
      killed = true;
      // At once: a worker goes on while its parent listens.
      process.kill(JSON.parse(readFileSync(join(out, doomed, "run.lock"), "utf8")).pid, "SIGKILL");
    };
    const running = experiments.sweep("gevb", sweep, { ...settings, seeds }, { out, workers: 2, onEvent });
    const words = `the process that ran "${doomed}" has died, killed or out of memory`;
    await expect(running).rejects.toThrow(`1 of 4 runs failed: ${doomed}; the first: ${words}`);
    expect(ofType(events, "failed").map(({ run, message }) => [run, message.startsWith(words)])).toEqual([
      [doomed, true],
    ]);
    expect(JSON.parse(await readFile(join(out, doomed, "failure.json"), "utf8")).message).toContain(words);
    expect(new Set(ofType(events, "finished").map(({ run }) => run)).size).toBe(3);

    await experiments.resume("gevb", out, { report: false });
    expect(existsSync(join(out, doomed, "failure.json"))).toBe(false);
    expect(await leftIn(out)).toEqual(alone);
  });

  test("report a run that fails, and do the others", async () => {
    const out = join(await scratchFolder(), "sweep");
    const hot = { rate: [0.001, 1e30] };
    const running = experiments.sweep("gevb", hot, { ...settings, optimiser: "sgd" }, { out, workers: 2 });
    await expect(running).rejects.toThrow(
      /^1 of 2 runs failed: rate-1e%2B30-seed-1; the first: run "rate-1e%2B30-seed-1" diverged: the loss is (NaN|Infinity) at step \d+; try/,
    );
    expect(existsSync(join(out, "report.html"))).toBe(true);
  });

  test("that cannot even start fail their runs with words, and end", async () => {
    vi.stubEnv("NODE_OPTIONS", "--import data:text/javascript,process.exit(3)");
    const out = join(await scratchFolder(), "sweep");
    const running = experiments.sweep("gevb", sweep, settings, { out, workers: 2 });
    await expect(running).rejects.toThrow(
      /^2 of 2 runs failed: .*; the first: the process that ran "rate-0.001-seed-1" has died/,
    );
  });
});

describe("the built command", () => {
  const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

  /** The command with two workers, and a promise of its end. */
  function begin(words: readonly string[]) {
    const child = spawn(process.execPath, [command, ...words, "--workers", "2", "--json"], {
      env: { ...process.env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    onTestFinished(() => {
      // Where the test has failed, nothing goes on without it.
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
    });
    let err = "";
    child.stderr.on("data", (text) => {
      err += text;
    });
    const end = once(child, "close").then(([code, signal]) => ({ end: signal ?? code, err }));
    return { child, end, lines: createInterface(child.stdout) };
  }

  /**
   * The command is at work, and a run of it has come to its second step; gives the processes that hold runs, and the runs
   * that have made a step.
   */
  async function atWork(
    { lines }: ReturnType<typeof begin>,
    end: () => void,
  ): Promise<{ holders: number[]; stepped: string[] }> {
    const holders = new Set<number>();
    const stepped = new Set<string>();
    let ended = false;
    for await (const line of lines) {
      const event: RunEvent = JSON.parse(line);
      if (event.type === "started") holders.add(await holderOf(event.folder).catch(() => 0));
      if (event.type === "progress") stepped.add(event.run);
      if (ended || event.type !== "progress" || event.step < 2) continue;
      ended = true;
      end();
    }
    holders.delete(0);
    return { holders: [...holders], stepped: [...stepped] };
  }

  const sweeping = (changed: object, out: string) => [
    "sweep",
    "gevb",
    "--rate",
    "0.001,0.01",
    "--seeds",
    "2",
    ...asSettings({ ...settings, ...changed }),
    "--out",
    out,
  ];

  test("ended by Ctrl-C, which reaches all processes, has saved every run and tells how to go on", async () => {
    const out = join(await scratchFolder(), "sweep");
    // Without an end of their own, and with a checkpoint only where they are asked to stop.
    const running = begin(sweeping({ epochs: 100_000, checkpointSeconds: 3600 }, out));
    const { stepped } = await atWork(running, () => process.kill(-running.child.pid!, "SIGINT"));
    const advice = `interrupted by SIGINT; what was done is saved; go on with: sulcus run --resume ${out} --workers 2\n`;
    expect(await running.end).toEqual({ end: 130, err: advice });
    // A run that was stopped before its first step has nothing to save.
    expect(stepped.length).toBeGreaterThan(0);
    for (const name of stepped) expect(existsSync(join(out, name, "checkpoint.npz"))).toBe(true);
    for (const name of names) expect(existsSync(join(out, name, "run.lock"))).toBe(false);
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  });

  test("killed takes its workers along, and goes on to the same bytes", async () => {
    const out = join(await scratchFolder(), "sweep");
    const running = begin(sweeping({}, out));
    const { holders } = await atWork(running, () => running.child.kill("SIGKILL"));
    expect((await running.end).end).toBe("SIGKILL");
    for (const pid of holders) await gone(pid);

    const again = begin(["sweep", "--resume", out]);
    for await (const _ of again.lines);
    expect(await again.end).toEqual({ end: 0, err: "" });
    expect(await leftIn(out)).toEqual(alone);
  });
});

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}
