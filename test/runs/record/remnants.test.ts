import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { makeBeside } from "../../../src/runs/record/partial-name.ts";
import { ownTag, presenceOf, presenceOfTag, thisProcess } from "../../../src/runs/record/process-identity.ts";
import { removeRemnants } from "../../../src/runs/record/remnants.ts";
import { skipped } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();
let fresh = 0;
async function freshFolder(): Promise<string> {
  const folder = at(`${fresh++}`);
  await mkdir(folder);
  return folder;
}

/** Number of a process that has ended. */
const ended = spawnSync(process.execPath, ["--version"]).pid;
const [system] = ownTag().split("-");
const elsewhere = createHash("sha256").update("another system").digest("hex").slice(0, 8);
const name = (tag: string, stem = "checkpoint.npz") => `${stem}.${tag}-3.partial`;
const hours = (count: number) => new Date(Date.now() - 3_600_000 * count);

const noProc = skipped(process.platform !== "linux", "tests of what /proc tells");

describe("a process", () => {
  it("is found here, and gone when its number is free", () => {
    expect(presenceOf(thisProcess())).not.toBe("gone");
    expect(presenceOf({ ...thisProcess(), pid: ended })).toBe("gone");
    expect(presenceOfTag(ownTag())).not.toBe("gone");
    expect(presenceOfTag(`${system}-${ended}-1`)).toBe("gone");
  });

  it.skipIf(noProc)("is gone when another one has its number, and unknown where its number counts elsewhere", () => {
    expect(presenceOf(thisProcess())).toBe("present");
    expect(presenceOf({ ...thisProcess(), started: "1" })).toBe("gone");
    expect(presenceOf({ ...thisProcess(), started: undefined })).toBe("unknown");
    expect(presenceOf({ ...thisProcess(), pid: ended, system: "another boot" })).toBe("unknown");
    expect(presenceOf({ pid: ended, host: "another" })).toBe("unknown");
    // The same container or node under another name.
    expect(presenceOf({ ...thisProcess(), pid: ended, host: "another" })).toBe("gone");
    expect(presenceOfTag(`${elsewhere}-${ended}-1`)).toBe("unknown");
  });

  it.skipIf(noProc)("that has ended without anybody asking for its end is gone", async () => {
    // A shell that becomes a sleep does not ask for the end of what it had started.
    const words = "sleep 0 & echo $!; exec sleep 5 > /dev/null";
    const shell = spawnSync("sh", ["-c", `(${words}) | head -1`], { encoding: "utf8" });
    const child = { ...thisProcess(), pid: Number(shell.stdout), started: undefined };
    await vi.waitFor(() => expect(presenceOf(child)).toBe("gone"));
    expect(readFileSync(`/proc/${child.pid}/stat`, "utf8")).toContain(" Z ");
  });
});

describe("what was made beside a path", () => {
  it("has a name that nothing else has", async () => {
    const path = join(await freshFolder(), "data");
    const names = new Set<string>();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        makeBeside(path, async (partial) => {
          await mkdir(partial);
          names.add(partial);
        }),
      ),
    );
    expect(names.size).toBe(20);
    for (const each of names) expect(each.startsWith(`${path}.`)).toBe(true);
  });

  it("goes with a process that is gone, or of another system and silent for an hour; all else stays", async () => {
    const folder = await freshFolder();
    const dead = name(`${system}-${ended}-1`);
    const kept = [
      name(ownTag()),
      name(`${elsewhere}-${ended}-1`),
      `${dead}.txt`,
      "checkpoint.npz.partial",
      `checkpoint.npz.${system}-${ended}.partial`,
      name(`${system}-${ended}-1`).toUpperCase(),
    ];
    const silent = name(`${elsewhere}-${ended}-2`);
    for (const each of [...kept, dead, silent]) await writeFile(join(folder, each), "");
    await utimes(join(folder, silent), hours(2), hours(2));
    // A folder is as young as the youngest file in it.
    for (const [each, age] of [
      ["young", 0],
      ["old", 2],
    ] as const) {
      const path = join(folder, name(`${elsewhere}-${ended}-1`, each));
      await mkdir(path);
      await writeFile(join(path, "archive"), "");
      await utimes(join(path, "archive"), hours(age), hours(age));
      await utimes(path, hours(2), hours(2));
    }
    await removeRemnants(folder);
    expect((await readdir(folder)).sort()).toEqual([...kept, name(`${elsewhere}-${ended}-1`, "young")].sort());
  });

  it("goes beside one path alone where it is asked for", async () => {
    const folder = await freshFolder();
    const tag = `${system}-${ended}-1`;
    for (const stem of ["data", "data-2", "data.npz"]) await writeFile(join(folder, name(tag, stem)), "");
    await removeRemnants(folder, join(folder, "data"));
    // "data.npz" begins with "data.": what it leaves is nobody's either.
    expect(await readdir(folder)).toEqual([name(tag, "data-2")]);
    await removeRemnants(join(folder, "nowhere"));
  });

  it("stays for any other name that a person may choose", async () => {
    const folder = await freshFolder();
    const names = fc.stringMatching(/^[a-z0-9.-]{1,30}(\.partial)?$/).filter((each) => !/^\.+$/.test(each));
    await fc.assert(
      fc.asyncProperty(names, async (each) => {
        await writeFile(join(folder, each), "");
        await removeRemnants(folder);
        expect(await readdir(folder)).toContain(each);
      }),
      { numRuns: 30 },
    );
  });
});
