/**
 * The command that goes on with a run, or with a collection or sweep, ready to be pasted into a shell.
 *
 * @param workers how many runs of a collection shall go on at a time
 */
export function resumeCommand(folder: string, workers = 1): string {
  return `sulcus run --resume ${shellWord(folder)}${workers > 1 ? ` --workers ${workers}` : ""}`;
}

/** A path as a word of a shell. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
