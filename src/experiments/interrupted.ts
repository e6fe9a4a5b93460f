import { SulcusError } from "../compute/errors.ts";

/** A run that was asked to stop, and did so after saving; it goes on from its folder. */
export class InterruptedError extends SulcusError {
  override name = "InterruptedError";
  /** Run folder that holds the checkpoint. */
  readonly folder: string;

  /** @param folder Run folder that holds the checkpoint. */
  constructor(folder: string) {
    super(`interrupted; the run goes on from ${folder}`);
    this.folder = folder;
  }
}
