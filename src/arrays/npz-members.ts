import type { ByteSource } from "./byte-source.ts";
import type { NpyContents } from "./npy-array.ts";
import { readZipDirectory } from "./zip-directory.ts";
import { openMember } from "./zip-member.ts";

/** End of the names of a .npz file's members. */
export const npySuffix = ".npy";

/** A .npz file, which is a zip file of .npy arrays. */
export interface NpzMembers {
  /** Names of all members, those that are no arrays among them. */
  readonly names: readonly string[];
  /** @param name one of `names`. Throws DataError where the member is damaged, encrypted or packed in an unknown way. */
  open(name: string): Promise<NpyContents>;
}

/**
 * The members of a .npz file.
 *
 * @param path what messages call it
 * @throws DataError where it is not a zip file, is truncated or damaged
 */
export async function npzMembers(file: ByteSource, path: string): Promise<NpzMembers> {
  const members = await readZipDirectory(file, path);
  return {
    names: [...members.keys()],
    open: async (name) => {
      const member = members.get(name)!;
      return { size: member.size, ...(await openMember(file, path, member)) };
    },
  };
}
