import { type GivenFiles, readGivenFiles } from "../circuits/given-files.ts";
import type { Library } from "../kinds/library.ts";
import { diskSources } from "../tasks/disk-sources.ts";
import type { RunDescription } from "../training/run-description.ts";

/** What the files of the disk hold that a run's circuit names. Throws as `readGivenFiles` does. */
export const readCircuitFiles = ({ circuit }: Pick<RunDescription, "circuit">, library: Library): Promise<GivenFiles> =>
  readGivenFiles(circuit, library, diskSources().read);
