import { StorageError } from "../../kinds/errors.ts";

/** What was being done when the system refused. */
type StorageAction = "read" | "written";

interface Words {
  cause: string;
  remedy: string;
}

const elsewhere = "choose another folder";

const notAllowed: Record<StorageAction, Words> = {
  read: { cause: "this user may not read it", remedy: "check its permissions" },
  written: { cause: "the place is not writable for this user", remedy: `check its permissions or ${elsewhere}` },
};

const absent: Record<StorageAction, Words> = {
  read: { cause: "it does not exist", remedy: "check the path" },
  written: {
    cause: "the folder it belongs in does not exist or takes no files",
    remedy: `create that folder or ${elsewhere}`,
  },
};

/** System error codes in words; a code that is not here is told in the system's own words. */
function wordsFor(code: string, action: StorageAction): Words | undefined {
  switch (code) {
    case "ENOSPC":
      return { cause: "the disk is full", remedy: "free some space or choose a folder on another disk" };
    case "EDQUOT":
      return { cause: "the disk quota is used up", remedy: "free some space or choose a folder on another disk" };
    case "EACCES":
    case "EPERM":
      return notAllowed[action];
    case "EROFS":
      return { cause: "the place is not writable: its file system is read-only", remedy: elsewhere };
    case "ENOENT":
      return absent[action];
    case "ENOTDIR":
      return { cause: "a part of its path is a file, not a folder", remedy: "check the path" };
    case "EEXIST":
      return { cause: "something else of that name is in the way", remedy: `move that away or ${elsewhere}` };
    case "EISDIR":
      return { cause: "there is a folder of that name", remedy: "check the path" };
    case "EFBIG":
      return { cause: "it is larger than this file system or user limit allows", remedy: elsewhere };
    case "ENAMETOOLONG":
      return { cause: "its name is too long", remedy: "choose a shorter one" };
    case "EMFILE":
    case "ENFILE":
      return { cause: "too many files are open", remedy: "close other programs or raise the limit (ulimit -n)" };
    case "EIO":
      return { cause: "the disk reported a fault", remedy: `check the disk or ${elsewhere}` };
    default:
      return undefined;
  }
}

/** The code of a system error ("ENOSPC"), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Node's own argument errors carry a code too (ERR_...), but no system call: those are defects, not circumstances.
  return typeof code === "string" && typeof syscall === "string" ? code : undefined;
}

/**
 * The error to throw when the system refused to read or write `path`.
 *
 * @returns a StorageError with file, cause in words and what to try for a system error; anything else as it came, so
 * that an error of the caller's own code keeps its meaning.
 */
export function storageFailure(action: StorageAction, path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const { cause, remedy } = wordsFor(code, action) ?? { cause: (error as Error).message, remedy: elsewhere };
  return new StorageError(`${path} cannot be ${action}: ${cause}; ${remedy}`, { cause: error });
}
