import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { asSettings, scratchFolder, smallRun } from "../small-runs.ts";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** The built command. It is killed where the test does not see it end. */
function begin(
  words: readonly string[],
  { stdout = "ignore", node = [] }: { stdout?: "pipe" | "ignore"; node?: readonly string[] } = {},
) {
  const child = spawn(process.execPath, [...node, command, ...words], { stdio: ["ignore", stdout, "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const end = Promise.all([once(child, "exit"), text(child.stderr!)]).then(([[code, signal], err]) => ({
    end: (signal ?? code) as string | number,
    err,
  }));
  return { child, end };
}

/** Waits until a run that tells in JSON has come to its next step. */
async function firstStep({ stdout }: ChildProcess): Promise<void> {
  for await (const line of createInterface(stdout!)) if (JSON.parse(line).type === "progress") break;
  stdout!.resume();
}

/** From the first Ctrl-C on, what is written to files takes longer than anybody waits. */
const slowDisk = `data:text/javascript,${encodeURIComponent(`
  import { open } from "node:fs/promises";
  const file = await open(process.execPath);
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  const { write } = prototype;
  let slow = false;
  process.once("SIGINT", () => { slow = true; });
  prototype.write = function (bytes, ...rest) {
    if (!slow || bytes.length === 1) return write.call(this, bytes, ...rest);
    return new Promise((done) => setTimeout(done, 1e6));
  };
`)}`;

/** A run without an end of its own, with a checkpoint only where it is asked to stop. */
const endless = (out: string) => [
  "run",
  "gevb",
  ...asSettings({ ...smallRun, limit: 200, epochs: 100_000, checkpointSeconds: 3600 }),
  "--json",
  "--out",
  out,
];

/** Such a run that has come to its first step. */
async function atWork(out: string, node: readonly string[] = []) {
  const running = begin(endless(out), { stdout: "pipe", node });
  await firstStep(running.child);
  return running;
}

describe("the built command", () => {
  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGUSR1", 138],
    ["SIGUSR2", 140],
  ] as const)("ended by %s has saved, has no lock any more, and tells how to go on", async (signal, code) => {
    const out = join(await scratchFolder(), "run");
    const { child, end } = await atWork(out);
    child.kill(signal);
    const ended = await end;
    expect(ended.end).toBe(code);
    expect(ended.err).toMatch(
      new RegExp(`^interrupted by ${signal}; saved at step \\d+; go on with: sulcus run --resume ${out}\n$`),
    );
    expect((await readdir(out)).sort()).toEqual(expect.arrayContaining(["checkpoint.npz", "config.yaml"]));
    expect((await readdir(out)).filter((name) => /lock|partial/.test(name))).toEqual([]);
  });

  test("ended by a second Ctrl-C as it saves, leaves nothing that the next one does not clear away", async () => {
    const out = join(await scratchFolder(), "run");
    const { child, end } = await atWork(out, ["--import", slowDisk]);
    child.kill("SIGINT");
    const partial = async () => (await readdir(out)).filter((name) => name.endsWith(".partial"));
    while ((await partial()).length === 0) await sleep(20);
    // Not at once: a signal that comes twice together is one.
    await sleep(400);
    child.kill("SIGINT");
    expect((await end).end).toBe("SIGINT");
    expect([await partial(), existsSync(join(out, "run.lock"))]).toEqual([[expect.any(String)], true]);
    const again = begin(["run", "gevb", "--resume", out, "--json"], { stdout: "pipe" });
    await firstStep(again.child);
    expect(await partial()).toEqual([]);
    again.child.kill("SIGTERM");
    expect((await again.end).end).toBe(143);
  });

  test.each([2, 5])("resumed %i times at once over the lock of a process that is gone, goes on once", async (count) => {
    const out = join(await scratchFolder(), "run");
    const { child, end } = await atWork(out);
    child.kill("SIGKILL");
    expect((await end).end).toBe("SIGKILL");
    expect(existsSync(join(out, "run.lock"))).toBe(true);
    const resumes = Array.from({ length: count }, () => begin(["run", "gevb", "--resume", out, "--json"]));
    const refused: string[] = [];
    await Promise.all(
      resumes.map(async ({ end: over }, index) => {
        const { end: code, err } = await over;
        if (code === 143) return;
        refused.push(`${code} ${err}`);
        // The last one that is left goes on until it is asked to stop.
        if (refused.length === count - 1)
          for (const [other, { child: left }] of resumes.entries()) if (other !== index) left.kill("SIGTERM");
      }),
    );
    expect(refused).toHaveLength(count - 1);
    for (const each of refused)
      expect(each).toMatch(
        new RegExp(`^1 sulcus: ${out} is in use by process \\d+; wait for its end, or stop it by kill \\d+\n$`),
      );
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  });

  test("goes on from another machine whose heart has stopped, and by sulcus unlock before that", async () => {
    const out = join(await scratchFolder(), "run");
    const { child, end } = await atWork(out);
    child.kill("SIGKILL");
    await end;
    const lock = join(out, "run.lock");
    const elsewhere = { ...JSON.parse(await readFile(lock, "utf8")), host: "node017", system: "another boot" };
    await writeFile(lock, JSON.stringify(elsewhere));
    const resume = ["run", "gevb", "--resume", out, "--json"];
    expect(await begin(resume).end).toEqual({
      end: 1,
      err: expect.stringMatching(/ is in use by process \d+ on "node017", whose last heartbeat was \d+ s ago; /),
    });
    expect(await begin(["unlock", out]).end).toMatchObject({ end: 2 });
    expect(await begin(["unlock", out, "--yes"]).end).toEqual({ end: 0, err: "" });
    expect(existsSync(lock)).toBe(false);

    await writeFile(lock, JSON.stringify(elsewhere));
    await utimes(lock, 1, 1);
    const again = begin(resume, { stdout: "pipe" });
    await firstStep(again.child);
    again.child.kill("SIGHUP");
    expect((await again.end).end).toBe(129);
  });
});

test("the job for SLURM that the pages show begins, is told that its time is up, and asks to go on", async () => {
  const page = await readFile(fileURLToPath(new URL("../../docs/clusters.md", import.meta.url)), "utf8");
  const script = /```bash\n(#!\/bin\/bash[\s\S]*?)```/.exec(page)![1]!;
  const folder = await scratchFolder();
  const bin = join(folder, "bin");
  await mkdir(bin);
  const out = join(folder, "runs", "seed-1");
  // A small circuit, in the job's own words.
  const small = join(folder, "small.yaml");
  await writeFile(small, JSON.stringify({ ...smallRun, limit: 200, epochs: 100_000, checkpointSeconds: 3600 }));
  const programs = {
    sulcus: `[ "$2" = --resume ] || set -- "$@" --config '${small}'\nexec '${process.execPath}' '${command}' "$@"`,
    scontrol: 'echo "$@" >> "$REQUEUED"',
  };
  for (const [name, line] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/bash\n${line}\n`);
    await chmod(join(bin, name), 0o755);
  }
  await writeFile(join(folder, "job"), script);
  for (const turn of [1, 2]) {
    const job = spawn("bash", ["job"], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${bin}:${process.env.PATH}`,
        SLURM_JOB_ID: "4711",
        REQUEUED: join(folder, "requeued"),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void job.kill("SIGKILL"));
    const ended = Promise.all([once(job, "exit"), text(job.stderr)]);
    while (!existsSync(join(out, "run.lock")) && job.exitCode === null) await sleep(20);
    job.kill("SIGTERM");
    const [[code], err] = await ended;
    expect([turn, code, err]).toEqual([
      turn,
      143,
      expect.stringMatching(/interrupted by SIGTERM; (saved at step \d+|what was done is saved); /),
    ]);
    expect(await readFile(join(folder, "requeued"), "utf8")).toBe("requeue 4711\n".repeat(turn));
    expect(existsSync(join(out, "run.lock"))).toBe(false);
  }
});
