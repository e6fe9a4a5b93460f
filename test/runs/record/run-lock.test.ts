import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { StorageError } from "../../../src/kinds/errors.ts";
import { thisProcess } from "../../../src/runs/record/process-identity.ts";
import { holdingRunFolder } from "../../../src/runs/record/run-lock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

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

/** A lock as it stands in the folder, whose holder last wrote to it so many seconds ago. */
async function locked(holder: object | string, seconds = 0): Promise<string> {
  const folder = await freshFolder();
  await write(folder, holder);
  const then = Date.now() / 1000 - seconds;
  await utimes(lockIn(folder), then, then);
  return folder;
}
const hold = (folder: string) => holdingRunFolder(folder, async () => "held");

/** Number of a process that has ended. */
const ended = spawnSync(process.execPath, ["--version"]).pid;
const host = hostname();
const dead = { pid: ended, host };
const elsewhere = { pid: ended, host: `not-${host}`, job: "SLURM 99" };

describe("a run folder that is held", () => {
  it("says by whom, gives back what the work gave, and is free when that is done or has failed", async () => {
    const folder = await freshFolder();
    vi.stubEnv("SLURM_JOB_ID", "4711");
    onTestFinished(() => void vi.unstubAllEnvs());
    const result = await holdingRunFolder(folder, async () => {
      expect(JSON.parse(await readFile(lockIn(folder), "utf8"))).toMatchObject({
        pid: process.pid,
        host,
        job: "SLURM 4711",
        since: expect.stringMatching(/^20.*Z$/),
      });
      await expect(hold(folder)).rejects.toThrow(
        new StorageError(
          `${folder} is in use by process ${process.pid} (SLURM 4711); wait for its end, or stop it by kill ${process.pid}`,
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
        await write(folder, elsewhere);
        await utimes(lockIn(folder), 1, 1);
      },
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
            expect((error as Error).message).toMatch(/ is in use by process /);
            refused++;
          }),
        );
        while (inside + refused < contenders) await new Promise((done) => setTimeout(done, 1));
        finish();
        await Promise.all(attempts);
        expect([inside, refused]).toEqual([1, contenders - 1]);
        expect(await readdir(folder)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("is refused where another machine holds it, as long as its heart beats", async () => {
    const folder = await locked(elsewhere, 8);
    await expect(hold(folder)).rejects.toThrow(
      new RegExp(
        `^${folder} is in use by process ${ended} on "not-${host}" \\(SLURM 99\\), whose last heartbeat was \\d+ s ago; wait for its end or stop it; its lock is taken over 120 s after the last heartbeat, or taken away by sulcus unlock ${folder}$`,
      ),
    );
    expect(await readdir(folder)).toEqual(["run.lock"]);
  });

  it.each([
    ["after the last beat", 130],
    ["where its clock was put back", -3600],
  ])("is taken over from another machine whose heart has stopped, %s", async (_, seconds) => {
    expect(await hold(await locked(elsewhere, seconds))).toBe("held");
  });

  it("is taken over from a process whose number another one has now; where that is not told, when its heart has stopped", async () => {
    expect(await hold(await locked({ pid: process.pid, host, started: "long ago" }))).toBe("held");
    const untold = { pid: process.pid, host };
    await expect(hold(await locked(untold))).rejects.toThrow(`in use by process ${process.pid}, whose last heartbeat`);
    expect(await hold(await locked(untold, 130))).toBe("held");
  });

  it.each([0, -1, 1e300, 2 ** 31, 1.5, "7", null])("is taken over from process %j, which can be none", async (pid) => {
    expect(await hold(await locked(`{"pid":${JSON.stringify(pid)},"host":${JSON.stringify(host)}}`))).toBe("held");
  });

  it.each([`{"pid":12,"host":"no`, "\0\0\0\0"])("is taken over from a torn lock, %j", async (text) => {
    expect(await hold(await locked(text))).toBe("held");
  });

  it.each(["notes of my own\n", "{}", "[1]", "4711\n"])(
    "stays as it is where a file of another origin is called so: %j",
    async (text) => {
      const folder = await locked(text);
      await expect(hold(folder)).rejects.toThrow(
        new StorageError(
          `${lockIn(folder)} is no lock that Sulcus has written (it holds ${JSON.stringify(text)}); move it away if nobody needs it`,
        ),
      );
      expect(await readFile(lockIn(folder), "utf8")).toBe(text);
    },
  );

  it("names a host of any letters and length on one short line", async () => {
    const odd = fc.oneof(fc.string({ unit: "binary" }), fc.constant("x".repeat(1e4)), fc.constant("\u001b[2J\u202e\n"));
    await fc.assert(
      fc.asyncProperty(odd, odd, async (name, job) => {
        const folder = await locked({ ...elsewhere, host: `not ${name}`, job });
        const { message } = await hold(folder).then(
          () => new Error("held"),
          (error: Error) => error,
        );
        expect(message).toContain(`is in use by process ${ended} on "not `);
        expect(message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(message.length).toBeLessThan(2000);
      }),
      { numRuns: 20 },
    );
  });

  it("shows a heart that beats, and is the first holder's again where its lock was taken away", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const folder = await freshFolder();
    await holdingRunFolder(folder, async () => {
      const text = await readFile(lockIn(folder), "utf8");
      const beaten = async (since: number) => {
        vi.advanceTimersByTime(10_000);
        for (;;) {
          const found = await stat(lockIn(folder)).catch(() => undefined);
          if (found && found.mtimeMs > since && found.size > 0) return;
          await new Promise((done) => setTimeout(done, 2));
        }
      };
      await utimes(lockIn(folder), 1, 1);
      await beaten(1000);
      await rm(lockIn(folder));
      await beaten(0);
      expect(await readFile(lockIn(folder), "utf8")).toBe(text);
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("is not written any more by a holder that was taken for dead, which leaves the other's lock alone", async () => {
    const folder = await freshFolder();
    const other = { ...thisProcess(), pid: 7, host: "node018" };
    const work = holdingRunFolder(folder, async ({ check }) => {
      await check();
      await write(folder, other);
      await check();
    });
    await expect(work).rejects.toThrow(
      new StorageError(
        `${folder} has been taken over by process 7 on "node018", since this process was silent for more than 120 s; it stops without saving`,
      ),
    );
    expect(JSON.parse(await readFile(lockIn(folder), "utf8"))).toEqual(other);
  });

  it("is cleared of what killed processes left half-written", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "figures"));
    const [system] = (await import("../../../src/runs/record/process-identity.ts")).ownTag().split("-");
    for (const name of ["checkpoint.npz", "figures/curves.svg"])
      await writeFile(join(folder, `${name}.${system}-${ended}-1-9.partial`), "half");
    await write(folder, dead, `${lockIn(folder)}.takeover`);
    await holdingRunFolder(folder, async () => {
      expect((await readdir(folder, { recursive: true })).sort()).toEqual(["figures", "run.lock"]);
    });
  });

  it("that is not there or takes no files is told as such", async () => {
    await expect(hold(at("nowhere"))).rejects.toThrow(
      `${lockIn(at("nowhere"))} cannot be written: the folder it belongs in does not exist`,
    );
  });

  it("is given back by a process that ends in the middle of its work", async () => {
    const folder = await freshFolder();
    const module = new URL("../../../src/runs/record/run-lock.ts", import.meta.url).href;
    const code = `import { existsSync } from "node:fs";
      import { holdingRunFolder } from ${JSON.stringify(module)};
      await holdingRunFolder(${JSON.stringify(folder)}, async () => {
        console.log(existsSync(${JSON.stringify(lockIn(folder))}));
        process.exit(3);
      });`;
    const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([3, "true\n"]);
    expect(await readdir(folder)).toEqual([]);
  });
});
