import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";

/** One image as the binary format has it: planes[channel][1024 positions, row by row]. */
export interface PlanarImage {
  label: number;
  planes: readonly Uint8Array[];
}

const plane = fc.uint8Array({ minLength: 1024, maxLength: 1024 });

/** Some images of any content. */
export const planarImages: fc.Arbitrary<PlanarImage[]> = fc.array(
  fc.record({ label: fc.integer({ min: 0, max: 9 }), planes: fc.tuple(plane, plane, plane) }),
  { minLength: 1, maxLength: 3 },
);

/** The bytes of a file of these images. */
export function cifarBytes(images: readonly PlanarImage[]): Uint8Array {
  return Uint8Array.from(images.flatMap(({ label, planes }) => [label, ...planes.flatMap((levels) => [...levels])]));
}

/** `count` images of one colour each; the label of image n is n modulo 10. */
export function plainImages(count: number, [red, green, blue] = [255, 128, 0]): PlanarImage[] {
  const planes = [red, green, blue].map((level) => new Uint8Array(1024).fill(level!));
  return Array.from({ length: count }, (_, index) => ({ label: index % 10, planes }));
}

/** Writes files into a folder, which is made where it is missing. */
export async function putFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) await writeFile(join(folder, name), contents);
}
