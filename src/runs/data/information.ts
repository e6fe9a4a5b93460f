import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError, lookUp } from "../../kinds/errors.ts";
import { type ImageStatistics, imageStatistics } from "../../tasks/images/image-statistics.ts";
import { dataSets } from "./data-sets.ts";

/** What is known of a data set on this machine. */
export interface DataSetInformation {
  readonly name: string;
  readonly folder: string;
  /** Names of its files there. */
  readonly files: readonly string[];
  /** What these files take on disk. */
  readonly bytes: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Names of the classes, by label. */
  readonly classes: readonly string[];
  readonly training: ImageStatistics;
  readonly test: ImageStatistics;
}

/** A data set that cannot be read here. */
export interface MissingDataSet {
  readonly name: string;
  /** Why not, and what to do about it. */
  readonly missing: string;
}

/**
 * Reads a data set and describes it.
 *
 * @param directory folder of its files; absent: where they are looked for
 * @throws UsageError where no data set has the name; DataError as its loader does
 */
export async function dataSetInformation(name: string, directory?: string): Promise<DataSetInformation> {
  const { training, test, classNames, folder, files } = await lookUp("data set", name, dataSets).load({ directory });
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  const { height, width, channels } = training;
  return {
    name,
    folder,
    files,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    height,
    width,
    channels,
    classes: classNames,
    training: imageStatistics(training),
    test: imageStatistics(test),
  };
}

/** All data sets where they are looked for, those that cannot be read with the reason. */
export async function surveyDataSets(): Promise<(DataSetInformation | MissingDataSet)[]> {
  const found = [];
  for (const name of Object.keys(dataSets)) {
    try {
      found.push(await dataSetInformation(name));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      found.push({ name, missing: error.message });
    }
  }
  return found;
}
