import type { KindIn } from "../../kinds/kind.ts";
import type { Library } from "../../kinds/library.ts";
import { type ResultFile, resultFile } from "./result-file.ts";

/** The file of a run folder that holds what a measure recorded: NAME.json. */
export const measureFile = ({ kind, record }: Pick<KindIn<"measure">, "kind" | "record">): ResultFile<object> =>
  resultFile(`${kind}.json`, `a record of measure "${kind}"`, record);

/** What every measure of a library has left in a run folder, by its name. Throws as `ResultFile` does. */
export async function readMeasures(folder: string, library: Library): Promise<Record<string, object>> {
  const records: Record<string, object> = {};
  for (const measure of library.list("measure")) {
    const file = measureFile(measure);
    if (await file.has(folder)) records[measure.kind] = await file.read(folder);
  }
  return records;
}
