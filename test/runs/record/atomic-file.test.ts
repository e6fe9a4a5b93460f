import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StorageError } from "../../../src/kinds/errors.ts";
import { probeWritable, writeWhole } from "../../../src/runs/record/atomic-file.ts";
import { fullDisk } from "../../full-disk.ts";
import { asOrdinaryUser } from "../../ordinary-user.ts";
import { skippedWithoutFullDisk } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();
let fresh = 0;

async function freshPath(): Promise<string> {
  const path = at(`${fresh++}`, "file.txt");
  await mkdir(dirname(path));
  return path;
}

async function* stream(chunks: readonly Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure;
}

const bytes = fc.uint8Array({ maxLength: 200 });

describe("a file written whole", () => {
  it("holds exactly the text, the bytes or the chunks given, and nothing is left beside it", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(bytes), fc.string({ unit: "binary" }), async (before, chunks, text) => {
        const path = await freshPath();
        await writeWhole(path, before);
        expect(new Uint8Array(await readFile(path))).toEqual(before);
        await writeWhole(path, stream(chunks));
        expect(await readFile(path)).toEqual(Buffer.concat(chunks));
        await writeWhole(path, text);
        expect(await readFile(path)).toEqual(Buffer.from(text, "utf8"));
        expect(await readdir(dirname(path))).toEqual(["file.txt"]);
      }),
      { numRuns: 30 },
    );
  });

  it("is as before, with nothing beside it, when its stream fails anywhere; the stream's error comes through", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(bytes), async (before, chunks) => {
        const path = await freshPath();
        await writeWhole(path, before);
        const failure = new Error("the stream broke");
        await expect(writeWhole(path, stream(chunks, failure))).rejects.toBe(failure);
        expect(new Uint8Array(await readFile(path))).toEqual(before);
        expect(await readdir(dirname(path))).toEqual(["file.txt"]);
      }),
      { numRuns: 30 },
    );
  });

  it("is one of those that are given when several write it at once, whatever is called like a part of it", async () => {
    const path = await freshPath();
    const mine = ["file.txt.partial", "file.txt.1c0f24ab-4321-99120-7.partial", ".writable"];
    for (const name of mine) await writeFile(join(dirname(path), name), "the user's own");
    const texts = ["a", "bb", "ccc", "dddd"];
    await Promise.all([...texts.map((text) => writeWhole(path, text)), probeWritable(dirname(path))]);
    expect(texts).toContain(await readFile(path, "utf8"));
    expect((await readdir(dirname(path))).sort()).toEqual([...mine, "file.txt"].sort());
    for (const name of mine) expect(await readFile(join(dirname(path), name), "utf8")).toBe("the user's own");
  });

  it.skipIf(skippedWithoutFullDisk())("is as before when the disk is full, and the error says so", async () => {
    const path = await freshPath();
    await writeFile(path, "old");
    const disk = await fullDisk();
    disk.fill();
    await expect(writeWhole(path, "new")).rejects.toThrow(
      new StorageError(
        `${path} cannot be written: the disk is full; free some space or choose a folder on another disk`,
      ),
    );
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(dirname(path))).toEqual(["file.txt"]);
  });

  it("says that the folder is missing, that a folder is a file, or that a folder is in the way", async () => {
    const path = await freshPath();
    await writeFile(path, "old");
    const missing = at("nowhere", "file.txt");
    await expect(writeWhole(missing, "")).rejects.toThrow(
      new StorageError(
        `${missing} cannot be written: the folder it belongs in does not exist or takes no files; create that folder or choose another folder`,
      ),
    );
    await expect(writeWhole(`${path}/below`, "")).rejects.toThrow(
      new StorageError(`${path}/below cannot be written: a part of its path is a file, not a folder; check the path`),
    );
    await expect(writeWhole(dirname(path), "")).rejects.toThrow("there is a folder of that name; check the path");
    await expect(writeWhole(at("x".repeat(300)), "")).rejects.toThrow("its name is too long; choose a shorter one");
    expect((await readdir(at())).filter((name) => name.endsWith(".partial"))).toEqual([]);
    await writeWhole(at("ä".repeat(127)), "whole");
    expect(await readFile(at("ä".repeat(127)), "utf8")).toBe("whole");
  });

  it("says that a folder is not writable", async () => {
    const path = await freshPath();
    await writeFile(path, "old");
    await chmod(at(), 0o755);
    await chmod(dirname(path), 0o555);
    await asOrdinaryUser(async () => {
      expect(await readFile(path, "utf8")).toBe("old");
      await expect(writeWhole(path, "")).rejects.toThrow(
        `${path} cannot be written: the place is not writable for this user; check its permissions or choose another folder`,
      );
    });
    await chmod(dirname(path), 0o755);
  });
});
