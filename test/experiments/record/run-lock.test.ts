import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StorageError } from "../../../src/compute/errors.ts";
import { holdingRunFolder } from "../../../src/experiments/record/run-lock.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const at = temporaryFolder();
let fresh = 0;
async function freshFolder(): Promise<string> {
  const folder = at(`${fresh++}`);
  await mkdir(folder);
  return folder;
}
const lockIn = (folder: string) => join(folder, "run.lock");
const write = (folder: string, holder: object | string, name = lockIn(folder)) =>
  writeFile(name, typeof holder === "string" ? holder : JSON.stringify(holder));

/** Number of a process that has ended. */
const ended = spawnSync(process.execPath, ["--version"]).pid;
const host = hostname();
const dead = { pid: ended, host };

describe("a run folder that is held", () => {
  it("says by whom, gives back what the work gave, and is free when that is done or has failed", async () => {
    const folder = await freshFolder();
    const result = await holdingRunFolder(folder, async () => {
      expect(JSON.parse(await readFile(lockIn(folder), "utf8"))).toMatchObject({ pid: process.pid, host });
      await expect(holdingRunFolder(folder, async () => expect.unreachable())).rejects.toThrow(
        new StorageError(
          `${folder} is in use by process ${process.pid}; wait for its end or stop it, or remove ${lockIn(folder)} if there is no such run`,
        ),
      );
      return 7;
    });
    expect(result).toBe(7);
    const failing = holdingRunFolder(folder, () => Promise.reject(new Error("the work failed")));
    await expect(failing).rejects.toThrow("the work failed");
    expect(await readdir(folder)).toEqual([]);
  });

  it("has one holder, however many try at once and whatever a dead process left", async () => {
    const remnants = fc.constantFrom<(folder: string) => Promise<void>>(
      async () => {},
      (folder) => write(folder, dead),
      (folder) => write(folder, ""),
      async (folder) => {
        await write(folder, dead);
        await write(folder, dead, `${lockIn(folder)}.takeover`);
      },
    );
    await fc.assert(
      fc.asyncProperty(remnants, fc.integer({ min: 1, max: 8 }), async (leave, contenders) => {
        const folder = await freshFolder();
        await leave(folder);
        let [inside, refused] = [0, 0];
        let finish = () => {};
        const over = new Promise<void>((done) => {
          finish = done;
        });
        const attempts = Array.from({ length: contenders }, () =>
          holdingRunFolder(folder, async () => {
            expect(++inside).toBe(1);
            await over;
          }).catch((error: unknown) => {
            expect(error).toBeInstanceOf(StorageError);
            refused++;
          }),
        );
        while (inside + refused < contenders) await new Promise((done) => setTimeout(done, 1));
        finish();
        await Promise.all(attempts);
        expect([inside, refused]).toEqual([1, contenders - 1]);
        expect(await readdir(folder)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it("is refused where another machine holds it, whose processes cannot be looked for", async () => {
    const folder = await freshFolder();
    await write(folder, { pid: ended, host: `not-${host}` });
    await expect(holdingRunFolder(folder, async () => expect.unreachable())).rejects.toThrow(
      `${folder} is in use by process ${ended} on "not-${host}"; wait for its end or stop it, or remove `,
    );
    expect(await readdir(folder)).toEqual(["run.lock"]);
  });

  it("is taken over from a process whose number another one has now", async () => {
    const folder = await freshFolder();
    await write(folder, { pid: process.pid, host, started: "long ago" });
    expect(await holdingRunFolder(folder, async () => "held")).toBe("held");
    await write(folder, { pid: process.pid, host });
    await expect(holdingRunFolder(folder, async () => "held")).rejects.toThrow(`in use by process ${process.pid};`);
  });

  it("that is not there or takes no files is told as such", async () => {
    await expect(holdingRunFolder(at("nowhere"), async () => "held")).rejects.toThrow(
      `${lockIn(at("nowhere"))} cannot be written: the folder it belongs in does not exist`,
    );
  });
});
