import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { StorageError } from "../../src/kinds/errors.ts";
import { locksIn, removeLocks } from "../../src/runs/locks.ts";
import { thisProcess } from "../../src/runs/record/process-identity.ts";
import { scratchFolder } from "../small-runs.ts";

const ended = spawnSync(process.execPath, ["--version"]).pid;
const since = "2026-01-02T03:04:05.000Z";

/** The folder of a sweep with a lock in it and in some of its runs. */
async function sweep(locks: Readonly<Record<string, { holder: object; seconds: number }>>): Promise<string> {
  const folder = await scratchFolder();
  for (const [name, { holder, seconds }] of Object.entries(locks)) {
    await mkdir(join(folder, name), { recursive: true });
    const path = join(folder, name, "run.lock");
    await writeFile(path, JSON.stringify(holder));
    const then = Date.now() / 1000 - seconds;
    await utimes(path, then, then);
  }
  await writeFile(join(folder, "config.yaml"), "");
  return folder;
}

describe("the locks of a sweep and its runs", () => {
  test("are told with all that is known of their processes, and taken away together", async () => {
    const node = { pid: 7, host: "node017", job: "SLURM 99" };
    const folder = await sweep({
      ".": { holder: { ...node, since }, seconds: 10_000 },
      "a-1": { holder: { pid: ended, host: hostname() }, seconds: 600 },
      "a-2": { holder: { ...node, pid: 8, host: "node\u001b018" }, seconds: 40 },
    });
    await mkdir(join(folder, "a-3"));
    const locks = await locksIn(folder);
    const path = (...names: string[]) => join(folder, ...names, "run.lock");
    expect(locks.map(({ path, words, atWork }) => [path, words, atWork])).toEqual([
      [
        path(),
        `process 7 on "node017" (SLURM 99), since ${since}, last heartbeat 3 h ago: its heart has stopped`,
        undefined,
      ],
      [path("a-1"), `process ${ended}, last heartbeat 10 min ago: that process is gone`, undefined],
      [
        path("a-2"),
        expect.stringMatching(
          /^process 8 on "node\\u001b018" \(SLURM 99\), last heartbeat 4\d s ago: it may be at work$/,
        ),
        undefined,
      ],
    ]);
    // One that another process has taken over since is left alone.
    await writeFile(path("a-1"), JSON.stringify(thisProcess()));
    await removeLocks(locks);
    expect(await readdir(folder)).not.toContain("run.lock");
    expect(await readdir(join(folder, "a-2"))).toEqual([]);
    expect(await readdir(join(folder, "a-1"))).toEqual(["run.lock"]);
  });

  test("are all left where one of their processes is at work here", async () => {
    const folder = await sweep({
      ".": { holder: { pid: ended, host: hostname() }, seconds: 0 },
      "a-1": { holder: thisProcess(), seconds: 600 },
    });
    const locks = await locksIn(folder);
    expect(locks[1]).toMatchObject({
      words: `process ${process.pid}, last heartbeat 10 min ago: at work on this machine`,
    });
    const path = join(folder, "a-1", "run.lock");
    await expect(removeLocks(locks)).rejects.toThrow(
      new StorageError(
        `${path} is that of process ${process.pid}, which is at work on this machine; stop it by kill ${process.pid}: it saves, and takes its lock away itself`,
      ),
    );
    expect(await readdir(folder)).toContain("run.lock");
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: process.pid });
  });
});
