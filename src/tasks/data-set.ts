import type { LabelledImages } from "./images/images.ts";

/** Labelled images with a fixed test set. */
export interface TrainingAndTestImages {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  /** What each class is called, by its label. */
  readonly classNames: readonly string[];
}

/** A data set that is read from the files of one folder. */
export interface DataSet extends TrainingAndTestImages {
  readonly folder: string;
  /** Names of the files that were read, in that folder. */
  readonly files: readonly string[];
}
