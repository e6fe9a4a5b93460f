/** "nobody" on Linux and elsewhere. */
const nobody = 65534;

/**
 * Does some work as a user who is held to the permissions of files: root, as whom tests run in many a container, reads and
 * writes everything. The whole process is that user until the work is done; what the work needs has to be loaded before.
 */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.setegid!(nobody);
  process.seteuid!(nobody);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}
