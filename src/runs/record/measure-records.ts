import type { Library } from "../../kinds/library.ts";
import type { MeasureRecords } from "../../training/measure.ts";
import { writeFailedMeasures } from "./failed-measures-file.ts";
import { type ResultFile, resultFile } from "./result-file.ts";

/** The file of a run folder that holds what a measure recorded: NAME.json. */
export function measureFile(measure: string, library: Library): ResultFile<object> {
  const { record } = library.get("measure", measure);
  return resultFile(`${measure}.json`, `a record of measure "${measure}"`, record);
}

/** Records of measures in a run folder. Throws as `ResultFile` does. */
export const measureRecords = (folder: string, library: Library): MeasureRecords => ({
  has: (measure) => measureFile(measure, library).has(folder),
  write: (measure, record) => measureFile(measure, library).write(folder, record),
  writeFailed: (failed) => writeFailedMeasures(folder, failed),
});

/** What every measure of a library has left in a run folder, by its name. Throws as `ResultFile` does. */
export async function readMeasures(folder: string, library: Library): Promise<Record<string, object>> {
  const records: Record<string, object> = {};
  for (const { kind } of library.list("measure")) {
    const file = measureFile(kind, library);
    if (await file.has(folder)) records[kind] = await file.read(folder);
  }
  return records;
}
