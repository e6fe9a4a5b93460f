import type { LabelledImages } from "./images.ts";

/** A data set with a fixed test set, read from the files of one folder. */
export interface DataSet {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  /** What each class is called, by its label. */
  readonly classNames: readonly string[];
  readonly folder: string;
  /** Names of the files that were read, in that folder. */
  readonly files: readonly string[];
}
