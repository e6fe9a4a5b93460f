import { resolve } from "node:path";
import type { Task } from "../tasks/task.ts";
import type { RunDescription } from "../training/run-description.ts";
import { writeNpz } from "./record/npz.ts";

/**
 * The description by which a run's task is loaded again. Arrays that a program gave are written to the folder; a file of data is
 * named with its checksum, so that a change of it is noticed.
 *
 * @param folder of the run, or of the collection whose runs share the task
 * @throws StorageError where the arrays cannot be written
 */
export async function keepTask<Described extends Pick<RunDescription, "task">>(
  { keep }: Pick<Task, "keep">,
  description: Described,
  folder: string,
): Promise<Described> {
  if (!keep) return description;
  const task = await keep(async (name, arrays) => {
    const file = resolve(folder, name);
    await writeNpz(file, arrays);
    return file;
  });
  return { ...description, task };
}
