import { type FileHandle, open, readFile } from "node:fs/promises";
import { DataError, StorageError } from "../../compute/errors.ts";
import type { Evaluation } from "../../report/learning-record.ts";
import { writeWhole } from "./atomic-file.ts";
import { checked, evaluationSchema } from "./event-schemas.ts";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";

/**
 * Appends one evaluation as a line and flushes it to the disk, so that it outlives a kill or a power cut right after.
 *
 * @throws StorageError when the file cannot be written (it is then as before), or when its last line is torn: cut that
 * with {@link truncateAfterStep} first, else the two would run together.
 */
export async function appendMetrics(path: string, evaluation: Evaluation): Promise<void> {
  const line = Buffer.from(`${toExactJson(evaluation)}\n`, "utf8");
  let file: FileHandle | undefined;
  try {
    file = await open(path, "a+");
    const { size } = await file.stat();
    if (!(await endsWithLine(file, size))) {
      throw new StorageError(
        `${path} ends in a torn line, so no evaluation can follow it; resume the run with --resume`,
      );
    }
    try {
      let written = 0;
      while (written < line.length) written += (await file.write(line, written)).bytesWritten;
      await file.datasync();
    } catch (error) {
      await file.truncate(size).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw storageFailure("written", path, error);
  } finally {
    await file?.close();
  }
}

async function endsWithLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last.toString("latin1") === "\n";
}

/**
 * All evaluations of a metrics.jsonl, in order. A torn last line, as a run killed in mid-write leaves it, is passed over.
 *
 * @throws StorageError when the file cannot be read; DataError naming file and line when another line is not an evaluation.
 */
export async function readMetrics(path: string): Promise<Evaluation[]> {
  return (await readLines(path)).map((line) => line.evaluation);
}

/**
 * Keeps the evaluations up to a step and drops the rest and a torn last line, so that a resumed run writes on from where
 * its checkpoint is. The file is replaced as a whole or not at all; a missing file stays missing.
 *
 * @param step training steps done at the checkpoint; an evaluation at this very step is kept.
 * @throws StorageError when the file cannot be read or written; DataError as {@link readMetrics}.
 */
export async function truncateAfterStep(path: string, step: number): Promise<void> {
  let lines: Line[];
  try {
    lines = await readLines(path);
  } catch (error) {
    // Killed before the first evaluation.
    if (error instanceof StorageError && systemCode(error.cause) === "ENOENT") return;
    throw error;
  }
  const kept = lines.filter((line) => line.evaluation.step <= step);
  await writeWhole(path, kept.map((line) => `${line.text}\n`).join(""));
}

interface Line {
  text: string;
  evaluation: Evaluation;
}

async function readLines(path: string): Promise<Line[]> {
  const content = await readFile(path, "utf8").catch((error: unknown) => {
    throw storageFailure("read", path, error);
  });
  const texts = content.split("\n");
  // What follows the last line break: nothing, a line that lacks only its break, or a torn one.
  const tail = texts.pop() as string;
  const lines = texts.map((text, index) => {
    const parsed = parse(text);
    if (typeof parsed !== "string") return { text, evaluation: parsed };
    throw new DataError(`${path}, line ${index + 1}, is not an evaluation: ${parsed}; mend or remove that line`);
  });
  const last = parse(tail);
  return typeof last === "string" ? lines : [...lines, { text: tail, evaluation: last }];
}

/** The evaluation of a line, or what is wrong with it. */
function parse(text: string): Evaluation | string {
  let value: unknown;
  try {
    value = fromExactJson(text);
  } catch {
    return "it is not whole JSON";
  }
  const result = checked<Evaluation>(evaluationSchema, value);
  return "fault" in result ? result.fault : result.value;
}
