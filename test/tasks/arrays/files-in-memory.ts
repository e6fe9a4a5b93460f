import { UsageError } from "../../../src/kinds/errors.ts";
import type { Description, Part } from "../../../src/kinds/kind.ts";
import { builtIn } from "../../../src/library.ts";
import { sequentialBatches } from "../../../src/tasks/batches.ts";
import type { Sources } from "../../../src/tasks/sources.ts";
import { loadTask, type Task, type WriteArrays } from "../../../src/tasks/task.ts";
import type { TrialSet } from "../../../src/tasks/trials.ts";
import { npzBytes } from "./numpy-bytes.ts";

/** Sources of a page: files that lie in memory. */
export function filesInMemory(files: Readonly<Record<string, Uint8Array | string>>): Sources {
  const missing = () => Object.assign(new Error("none"), { code: "ENOENT" });
  return {
    async read(file) {
      const contents = files[file];
      if (contents === undefined) throw missing();
      return new Uint8Array(typeof contents === "string" ? Buffer.from(contents) : contents);
    },
    size: async (file) => files[file]?.length,
    list: async (folder) =>
      Object.keys(files).flatMap((file) => (file.startsWith(folder) ? [file.slice(folder.length)] : [])),
  };
}

export const load = (description: Description, files: Readonly<Record<string, Uint8Array | string>> = {}, seed = 1) =>
  loadTask(description, seed, builtIn, filesInMemory(files));

/** The description by which a task is loaded again; what it writes is put among files. */
export async function kept(task: Task, files: Record<string, Uint8Array>): Promise<Part> {
  if (!task.keep) throw new UsageError("the task is not kept");
  const write: WriteArrays = async (name, arrays) => {
    files[`/run/${name}`] = npzBytes(
      Object.fromEntries(
        Object.entries(arrays).map(([own, { shape, data }]) => [
          own,
          { shape, values: [...data], type: data instanceof Float32Array ? "f4" : "u4" },
        ]),
      ),
    );
    return `/run/${name}`;
  };
  return task.keep(write);
}

/** Everything that the trials of a set show, ask and say, by trial. */
export function contents(trials: TrialSet) {
  if (trials.count === 0) return [];
  return [...sequentialBatches(trials, { batch: 1 })].map(({ stimuli, targets, factors }) => ({
    stimuli: stimuli.map((steps) => steps.map((values) => [...values])),
    targets: targets.map(({ values, weights }) => ({
      values: values.map((row) => [...row]),
      weights: weights?.map((row) => [...row]),
    })),
    factors: Object.fromEntries(Object.entries(factors).map(([name, values]) => [name, values[0]])),
  }));
}

export const contentsOf = ({ training, validation, test }: Task) => [training, validation, test].map(contents);
