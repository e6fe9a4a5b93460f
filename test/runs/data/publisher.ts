import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { afterAll, beforeAll } from "vitest";
import type { Archive } from "../../../src/runs/data/archive.ts";
import { cifar10Files, loadCifar10 } from "../../../src/tasks/images/cifar10.ts";
import { cifarBytes, plainImages } from "../../tasks/images/cifar10.ts";

/** A member of an archive; of a link, `contents` is where it leads. */
export interface Member {
  path: string;
  contents: Uint8Array | string;
  type?: "File" | "SymbolicLink" | "Directory";
}

/** A tar archive of any members, also of those that no honest program writes, in gzip's format but not made smaller. */
export function archiveOf(members: readonly Member[]): Uint8Array {
  const blocks = members.flatMap(({ path, contents, type = "File" }) => {
    const body = type === "File" ? Buffer.from(contents) : Buffer.alloc(0);
    const header = Buffer.alloc(512);
    const linkpath = type === "SymbolicLink" ? String(contents) : "";
    new Header({ path, type, size: body.length, mode: 0o644, linkpath, mtime: new Date(0) }).encode(header);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 0 });
}

/** What the small data set of these tests holds, by the name of the file. */
export const smallSet: Readonly<Record<string, Uint8Array | string>> = {
  ...Object.fromEntries(
    cifar10Files.training.map((file, index) => [file, cifarBytes(plainImages(1 + index, [index, 2, 3]))]),
  ),
  [cifar10Files.test]: cifarBytes(plainImages(2)),
  [cifar10Files.classNames]: "ant\nbee\ncow\ndog\nelk\nfox\ngnu\nhen\nibis\njay\n",
};

/** The members of the small data set, in the folder that they have in the archive. */
export const smallMembers: Member[] = Object.entries(smallSet).map(([name, contents]) => ({
  path: `cifar-10-batches-bin/${name}`,
  contents,
}));

/** Where an archive of these bytes is to be had. */
export function archiveAt(url: string, bytes: Uint8Array): Archive {
  return {
    title: "CIFAR-10",
    url,
    md5: createHash("md5").update(bytes).digest("hex"),
    inside: "cifar-10-batches-bin",
    members: Object.keys(smallSet),
    read: (directory) => loadCifar10({ directory }),
  };
}

/** A server on this machine for the tests of a file, which answers as the latest call of `answer` says. */
export function publisher() {
  let listener: RequestListener = (_, response) => response.writeHead(500).end();
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
  afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
  return {
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.tar.gz`,
    requests: () => requests,
    answer: (next: RequestListener) => {
      listener = next;
    },
    /** Answers with these bytes, and says how many they are. */
    publish(bytes: Uint8Array): Archive {
      listener = (_, response) => response.writeHead(200, { "content-length": bytes.length }).end(bytes);
      return archiveAt(this.url(), bytes);
    },
  };
}
