/**
 * The command that goes on with a run, or with a collection or sweep, ready to be pasted into a shell.
 *
 * @param workers how many runs of a collection shall go on at a time
 */
export function resumeCommand(experiment: string, folder: string, workers = 1): string {
  const quoted = /^[\w@%+=:,./~-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return `sulcus run ${experiment} --resume ${quoted}${workers > 1 ? ` --workers ${workers}` : ""}`;
}
