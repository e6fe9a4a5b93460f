import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, StorageError, UsageError } from "../../../src/kinds/errors.ts";
import type { Archive } from "../../../src/runs/data/archive.ts";
import type { DownloadControl, DownloadProgress } from "../../../src/runs/data/download.ts";
import { fetchArchive } from "../../../src/runs/data/fetch-archive.ts";
import { ownTag } from "../../../src/runs/record/process-identity.ts";
import { asOrdinaryUser } from "../../ordinary-user.ts";
import { putFiles } from "../../tasks/images/cifar10.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { archiveAt, archiveOf, type Member, publisher, smallMembers, smallSet } from "./publisher.ts";

const at = temporaryFolder();
const server = publisher();
const quiet = { onProgress: () => {}, signal: new AbortController().signal };
const freshFolder = () => mkdtemp(at("fetch-"));

/** Every file below a folder with its contents. */
async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), entry.isFile() ? await readFile(path, "latin1") : "folder"] as const;
  });
  return Object.fromEntries((await Promise.all(files)).sort());
}

const smallTree = Object.fromEntries(
  Object.entries(smallSet).map(([name, contents]) => [name, Buffer.from(contents).toString("latin1")]),
);

/** A fetch that fails leaves the folder as it was, down to the folders that it would have made. */
async function expectFault(
  archive: Archive,
  kind: new (message: string) => Error,
  text: string | RegExp,
  { to = ["data", "deep", "cifar"], before = {} as Record<string, string>, control = quiet as DownloadControl } = {},
): Promise<void> {
  const folder = await freshFolder();
  const target = join(folder, ...to);
  if (Object.keys(before).length > 0) await putFiles(target, before);
  const tree = await treeOf(folder);
  const error = await fetchArchive(archive, target, control).then(
    () => new Error("nothing was thrown"),
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(kind);
  if (typeof text === "string") expect(error.message).toContain(text.replaceAll("FOLDER", target));
  else expect(error.message).toMatch(text);
  expect(error.message).not.toContain("\n");
  expect(await treeOf(folder)).toEqual(tree);
}

describe("a data set that is fetched", () => {
  test("holds exactly its members, whatever else the archive holds and in whatever order", async () => {
    const others = fc.array(
      fc.record({ name: fc.stringMatching(/^[a-z]{1,9}\.(html|bin|sh)$/), inside: fc.boolean(), text: fc.string() }),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(others, fc.infiniteStream(fc.nat()), fc.boolean(), async (extra, keys, empty) => {
        const members: Member[] = [
          ...smallMembers,
          ...extra.map(({ name, inside, text }) => ({
            path: inside ? `cifar-10-batches-bin/${name}` : name,
            contents: text,
          })),
          { path: "cifar-10-batches-bin/", contents: "", type: "Directory" as const },
        ];
        const shuffled = members.map((member) => ({ member, key: keys.next().value! })).sort((a, b) => a.key - b.key);
        const archive = server.publish(archiveOf(shuffled.map(({ member }) => member)));
        const folder = await freshFolder();
        const target = join(folder, "data", "cifar");
        if (empty) await mkdir(target, { recursive: true });
        expect(await fetchArchive(archive, `${target}/`, quiet)).toEqual({ folder: target, kept: false });
        expect(await treeOf(target)).toEqual(smallTree);
        expect(await readdir(join(folder, "data"))).toEqual(["cifar"]);
      }),
      { numRuns: 15 },
    );
  });

  test("is kept when it is asked for again, and nobody is asked", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    const target = join(await freshFolder(), "cifar");
    await putFiles(target, { ...smallSet, "notes.txt": "mine" });
    const asked = server.requests();
    expect(await fetchArchive(archive, target, quiet)).toEqual({ folder: target, kept: true });
    expect(server.requests()).toBe(asked);
    expect(await treeOf(target)).toEqual({ ...smallTree, "notes.txt": "mine" });
  });

  test("takes the place of what a killed fetch left, and of nothing that is called like it", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    const folder = await freshFolder();
    const [system] = ownTag().split("-");
    const ended = spawnSync(process.execPath, ["--version"]).pid;
    const left = join(folder, `cifar.${system}-${ended}-1-1.partial`);
    await putFiles(join(left, "cifar-10-batches-bin"), { "data_batch_1.bin": "half" });
    await putFiles(join(folder, "cifar.partial"), { thesis: "mine" });
    await writeFile(join(folder, `cifar.${ownTag()}-0.partial`), "mine");
    await fetchArchive(archive, join(folder, "cifar"), quiet);
    expect((await readdir(folder)).sort()).toEqual(["cifar", `cifar.${ownTag()}-0.partial`, "cifar.partial"].sort());
    expect(await treeOf(join(folder, "cifar.partial"))).toEqual({ thesis: "mine" });
    expect(await treeOf(join(folder, "cifar"))).toEqual(smallTree);
  });

  test("is put in place once, however many fetch it at a time", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    const folder = await freshFolder();
    const fetched = await Promise.all(
      Array.from({ length: 12 }, () => fetchArchive(archive, join(folder, "cifar"), quiet)),
    );
    expect(fetched.filter(({ kept }) => !kept)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["cifar"]);
    expect(await treeOf(join(folder, "cifar"))).toEqual(smallTree);
  });

  test.each([true, false])("tells of its progress, with the length known: %s", async (known) => {
    const bytes = archiveOf([...smallMembers, { path: "more", contents: Buffer.alloc(3e6) }]);
    const archive = server.publish(bytes);
    if (!known) server.answer((_, response) => response.writeHead(200).end(bytes));
    const told: DownloadProgress[] = [];
    const control = { ...quiet, onProgress: (progress: DownloadProgress) => void told.push(progress) };
    await fetchArchive(archive, join(await freshFolder(), "cifar"), control);
    const received = told.map((progress) => progress.received);
    expect(new Set(told.map(({ total }) => total))).toEqual(new Set([known ? bytes.length : null]));
    expect(received[0]).toBe(0);
    expect(received).toEqual([...new Set(received)].sort((a, b) => a - b));
    expect(received.length).toBeLessThanOrEqual(known ? 101 : 1 + bytes.length / 1e6);
    if (known) expect(received.at(-1)).toBe(bytes.length);
    else expect(received.at(-1)).toBeGreaterThan(2e6);
  });
});

describe("what is not fetched leaves nothing behind:", () => {
  test("an archive that was cut anywhere", async () => {
    const bytes = archiveOf(smallMembers);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        const archive = server.publish(bytes.subarray(0, length));
        await expectFault(
          archive,
          DataError,
          /^CIFAR-10: the archive from http:\S+ (is damaged \(.+\)|lacks cifar-10-batches-bin\/\S+); nothing was unpacked/,
        );
      }),
      { numRuns: 25 },
    );
  });

  test("an archive with another checksum", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    const found = archive.md5;
    await expectFault(
      { ...archive, md5: "0123456789abcdef0123456789abcdef" },
      DataError,
      `has the MD5 checksum ${found}, expected 0123456789abcdef0123456789abcdef; fetch it again, or from another address`,
    );
  });

  test("an archive that the server does not have", async () => {
    const archive = server.publish(new Uint8Array(3));
    server.answer((_, response) => response.writeHead(404).end("no such page"));
    await expectFault(
      archive,
      DataError,
      `CIFAR-10 cannot be fetched from ${archive.url}: the server answered 404 Not Found; check the address or give another`,
    );
  });

  test("an archive behind a connection that is refused", async () => {
    const closed = createServer();
    const port = await new Promise((done) => closed.listen(0, "127.0.0.1", () => done(closed.address())));
    await new Promise((done) => closed.close(done));
    const url = `http://127.0.0.1:${(port as { port: number }).port}/`;
    await expectFault(
      archiveAt(url, new Uint8Array(3)),
      DataError,
      `CIFAR-10 cannot be fetched from ${url}: the connection was refused; check the network and the address, or fetch the`,
    );
  });

  test("an archive whose connection breaks off", async () => {
    const bytes = archiveOf(smallMembers);
    const archive = server.publish(bytes);
    server.answer((_, response) => {
      response
        .writeHead(200, { "content-length": bytes.length })
        .write(bytes.subarray(0, 20), () => response.destroy());
    });
    await expectFault(
      archive,
      DataError,
      `CIFAR-10 cannot be fetched from ${archive.url}: the connection broke off; check`,
    );
  });

  test.each(["../evil.txt", "/evil.txt", "cifar-10-batches-bin/../../evil.txt", "..\\evil.txt", "C:evil.txt"])(
    "an archive with the member %s",
    async (path) => {
      const archive = server.publish(archiveOf([...smallMembers, { path, contents: "evil" }]));
      await expectFault(
        archive,
        DataError,
        `CIFAR-10: the archive from ${archive.url} names the file "${path}", which leads out of the folder it is unpacked to; ` +
          "nothing was unpacked, fetch it from another address",
      );
    },
  );

  test("an archive that lacks a member or holds it as a link", async () => {
    for (const { path } of smallMembers) {
      const others = smallMembers.filter((member) => member.path !== path);
      await expectFault(server.publish(archiveOf(others)), DataError, `lacks ${path}; nothing was unpacked`);
      const linked = archiveOf([...others, { path, contents: "/etc/hostname", type: "SymbolicLink" }]);
      await expectFault(
        server.publish(linked),
        DataError,
        `holds ${path} as a SymbolicLink, expected a file; nothing was`,
      );
    }
  });

  test("an archive for a place that takes no files", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    await expect(fetchArchive(archive, "/proc/sulcus/cifar", quiet)).rejects.toThrow(
      /^\/proc\/sulcus cannot be written: .*; (create|check|choose) /,
    );
    await expect(fetchArchive(archive, "/proc/sulcus", quiet)).rejects.toThrow(
      /^\/proc\/sulcus cannot be written: .*; (create|check|choose) /,
    );
    const file = join(await freshFolder(), "file");
    await writeFile(file, "text");
    await expect(fetchArchive(archive, file, quiet)).rejects.toThrow(
      `${file} cannot be read: a part of its path is a file, not a folder; check the path`,
    );
  });

  test("an archive for a place that is read-only", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    const folder = await freshFolder();
    await chmod(at(), 0o755);
    await chmod(folder, 0o555);
    await asOrdinaryUser(async () => {
      expect(await readdir(folder)).toEqual([]);
      for (const to of [join(folder, "cifar"), join(folder, "data", "cifar")]) {
        await expect(fetchArchive(archive, to, quiet)).rejects.toThrow(
          /cannot be written: the place is not writable for this user; check its permissions or choose another folder$/,
        );
      }
    });
    expect(await readdir(folder)).toEqual([]);
    await chmod(folder, 0o755);
  });

  test("an archive for a folder with other files, or with a damaged data set", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    const asked = server.requests();
    await expectFault(
      archive,
      StorageError,
      "CIFAR-10 is not fetched to FOLDER, which holds files but lacks data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, " +
        "data_batch_4.bin, data_batch_5.bin, batches.meta.txt; move that away or choose another folder",
      { before: { "test_batch.bin": "" } },
    );
    await expectFault(
      archive,
      StorageError,
      /^CIFAR-10 is not fetched to \S+, which holds a damaged one \(CIFAR-10 file \S+test_batch.bin has 4 bytes.*\); move that/,
      { before: { ...(smallSet as Record<string, string>), "test_batch.bin": "half" } },
    );
    expect(server.requests()).toBe(asked);
  });

  test.each(["archive.tar.gz", "file:///etc/hostname", "http://", "ftp://host/a"])("an address such as %s", (url) =>
    expectFault(
      archiveAt(url, new Uint8Array(3)),
      UsageError,
      `CIFAR-10: the address is "${url}", expected one with https:// or http://`,
    ),
  );

  test("an archive that is no longer wanted, before, during or after the download", async () => {
    const bytes = archiveOf(smallMembers);
    const archive = server.publish(bytes);
    for (const due of ["before", "during", "after"]) {
      const controller = new AbortController();
      const stop = () => controller.abort(new UsageError("enough"));
      if (due === "before") stop();
      server.answer((_, response) => {
        response.writeHead(200, { "content-length": bytes.length });
        if (due === "during") response.write(bytes.subarray(0, 20), stop);
        else response.end(bytes);
      });
      const onProgress = ({ received }: DownloadProgress) => {
        if (due === "after" && received === bytes.length) stop();
      };
      await expectFault(archive, UsageError, "enough", { control: { onProgress, signal: controller.signal } });
    }
  });
});
