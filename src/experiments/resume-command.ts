/** The command that goes on with a run, ready to be pasted into a shell. */
export function resumeCommand(experiment: string, folder: string): string {
  const quoted = /^[\w@%+=:,./~-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return `sulcus run ${experiment} --resume ${quoted}`;
}
