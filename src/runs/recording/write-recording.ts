import { rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ArrayHeader, elementCount } from "../../arrays/npy-header.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { RecordingRecord } from "../../records/recording-record.ts";
import { heed } from "../../training/heed.ts";
import type { Quantity } from "../../training/recording/probe.ts";
import type { RecordingLayout } from "../../training/recording/recording-layout.ts";
import type { RecordingStream } from "../../training/recording/recording-stream.ts";
import { writeWhole } from "../record/atomic-file.ts";
import { toExactJson } from "../record/exact-json.ts";
import { exists, makeFolder } from "../record/make-folder.ts";
import { largestNpz, npzBytes, writeNpz } from "../record/npz.ts";
import { storageFailure } from "../record/storage-failure.ts";
import { type SpooledArrays, spoolArrays } from "./spooled-arrays.ts";

/** How arrays are written: all in one .npz file, or each in a .npy file of its own, which NumPy can map into memory. */
export const recordingFormats = ["npz", "npy"] as const;
export type RecordingFormat = (typeof recordingFormats)[number];

/** What a recording left on the disk. */
export interface WrittenRecording {
  /** The .npz file, or the folder of .npy files. */
  readonly path: string;
  /** The .json file that says what they hold. */
  readonly record: string;
  readonly trials: number;
  /** Bytes of all arrays. */
  readonly bytes: number;
}

/** What the record says besides the arrays, and what values of a quantity are measured in. */
export interface About extends Omit<RecordingRecord, "arrays" | "factors" | "trials"> {
  readonly unitOf: (what: Quantity) => string;
}

type SpooledHeader = ArrayHeader & { readonly type: "float32" | "uint32" };

/** Paths of a recording. */
export function recordingPaths(
  path: string,
  format: RecordingFormat,
): { readonly arrays: string; readonly record: string } {
  if (format === "npy") return { arrays: path, record: join(path, "recording.json") };
  if (!path.endsWith(".npz"))
    throw new UsageError(
      `the recording ${path} has no name of a .npz file; let it end in .npz, or choose format npy, which makes a folder`,
    );
  return { arrays: path, record: `${path.slice(0, -".npz".length)}.json` };
}

/**
 * Records trials to the disk. All is written beside its place first and then renamed, the record last, so that a recording which
 * is stopped or fails leaves nothing; the memory it takes does not grow with the trials. The same recording leaves the
 * same bytes.
 *
 * @throws UsageError where something lies there already, or the arrays are more than a .npz file holds; StorageError when
 *   the disk refuses; InterruptedError when the signal aborts; what the stream throws
 */
export async function writeRecording(
  stream: RecordingStream,
  about: About,
  { path, format, signal }: { path: string; format: RecordingFormat; signal?: AbortSignal | undefined },
): Promise<WrittenRecording> {
  const paths = recordingPaths(path, format);
  for (const taken of new Set([paths.arrays, paths.record]))
    if (await exists(taken))
      throw new UsageError(`${taken} is there already; give the recording another place, or remove it`);
  const headers = headersOf(stream);
  const bytes = [...headers.values()].reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
  if (format === "npz") refuseLarge(path, headers);
  const folder = format === "npy" ? path : dirname(path);
  const files: ReadonlyMap<string, string> = format === "npy" ? fileNames([...headers.keys()]) : new Map();
  const record = recordOf(stream, about, headers, files);
  const made = await makeFolder(folder);
  /** What is to be removed again where something fails. */
  const left: string[] = [];
  try {
    const spool = await spoolArrays(
      [...headers].map(([name, header]) => ({
        name,
        ...header,
        path: files.has(name) ? join(folder, files.get(name)!) : path,
        header: format === "npy",
      })),
    );
    try {
      await fill(spool, stream);
      if (format === "npz") {
        const streamed = [...headers].map(([name, header]) => [
          name,
          { ...header, parts: heeding(spool.read(name), signal) },
        ]);
        await writeNpz(path, Object.fromEntries(streamed));
        left.push(path);
      } else
        for (const [name, file] of files) {
          await moveTo(join(folder, file), spool.partial(name));
          left.push(join(folder, file));
        }
      await writeWhole(paths.record, `${toExactJson(record, 2)}\n`);
    } finally {
      await spool.discard();
    }
  } catch (error) {
    // Whether what is left can be removed as well is of no further interest; folders in which something else lies stay.
    for (const file of left) await rm(file, { force: true }).catch(() => {});
    for (const each of made.toReversed()) await rmdir(each).catch(() => {});
    throw error;
  }
  return { path, record: paths.record, trials: stream.trials, bytes };
}

async function fill(spool: SpooledArrays, stream: RecordingStream): Promise<void> {
  for (const [name, values] of Object.entries(stream.parameters)) await spool.append(name, values);
  for await (const { arrays, factors } of stream.parts()) {
    for (const [name, rows] of Object.entries(arrays)) await spool.append(name, rows);
    for (const { name, whole } of stream.factors)
      await spool.append(name, whole ? Uint32Array.from(factors[name]!) : factors[name]!);
  }
  await spool.finish();
}

async function* heeding(parts: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    await heed(signal);
    yield part;
  }
}

async function moveTo(path: string, partial: string): Promise<void> {
  await rename(partial, path).catch((error: unknown) => {
    throw storageFailure("written", path, error);
  });
}

function headersOf({ arrays, factors }: RecordingLayout): ReadonlyMap<string, SpooledHeader> {
  return new Map([
    ...arrays.map(({ name, shape }): [string, SpooledHeader] => [name, { type: "float32", shape: [...shape] }]),
    ...factors.map(({ name, whole, shape }): [string, SpooledHeader] => [
      name,
      { type: whole ? "uint32" : "float32", shape: [...shape] },
    ]),
  ]);
}

function refuseLarge(path: string, headers: ReadonlyMap<string, ArrayHeader>): void {
  const bytes = npzBytes(Object.fromEntries(headers));
  if (bytes <= largestNpz) return;
  const gigabytes = (count: number) => (count / 1e9).toFixed(1);
  throw new UsageError(
    `the recording ${path} takes ${gigabytes(bytes)} GB, and a .npz file holds ${gigabytes(largestNpz)} GB at most; choose format npy, or record fewer trials, time steps or units`,
  );
}

/** Files of arrays by their names, in which some characters mean something to a disk. */
function fileNames(names: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of names) {
    const plain = name
      .replaceAll("->", "-to-")
      .replaceAll("/", ".")
      .replaceAll(/[^\w.-]/g, "_");
    const taken = new Set(files.values());
    let file = `${plain}.npy`;
    for (let count = 2; taken.has(file); count++) file = `${plain}-${count}.npy`;
    files.set(name, file);
  }
  return files;
}

function recordOf(
  { arrays, factors, trials }: RecordingLayout,
  { unitOf, ...about }: About,
  headers: ReadonlyMap<string, SpooledHeader>,
  files: ReadonlyMap<string, string>,
): RecordingRecord {
  const placeOf = (name: string) => {
    const { shape, type } = headers.get(name)!;
    return { ...(files.has(name) ? { file: files.get(name)! } : {}), shape, type };
  };
  return {
    ...about,
    trials,
    arrays: Object.fromEntries(
      arrays.map(({ name, of, what, axes, steps, units, map }) => [
        name,
        {
          ...placeOf(name),
          axes: [...axes],
          of,
          what,
          unit: unitOf(what),
          ...(steps ? { steps: [...steps] } : {}),
          ...(units ? { units: [...units] } : {}),
          ...(map ? { map } : {}),
        },
      ]),
    ),
    factors: Object.fromEntries(factors.map(({ name, axes }) => [name, { ...placeOf(name), axes: [...axes] }])),
  };
}
