import { describe, expect, it } from "vitest";
import { StorageError } from "../../../src/kinds/errors.ts";
import { storageFailure } from "../../../src/runs/record/storage-failure.ts";

const refusal = (code: string) => Object.assign(new Error(`${code}: as the system puts it`), { code, syscall: "open" });

describe("a refusal of the system", () => {
  it.each([
    [
      "written",
      "ENOSPC",
      "a/b cannot be written: the disk is full; free some space or choose a folder on another disk",
    ],
    ["written", "EDQUOT", "a/b cannot be written: the disk quota is used up; free some space"],
    ["written", "EACCES", "a/b cannot be written: the place is not writable for this user; check its permissions"],
    ["written", "EPERM", "a/b cannot be written: the place is not writable for this user; check its permissions"],
    ["read", "EACCES", "a/b cannot be read: this user may not read it; check its permissions"],
    [
      "written",
      "EROFS",
      "a/b cannot be written: the place is not writable: its file system is read-only; choose another",
    ],
    [
      "written",
      "ENOENT",
      "a/b cannot be written: the folder it belongs in does not exist or takes no files; create that folder",
    ],
    ["read", "ENOENT", "a/b cannot be read: it does not exist; check the path"],
    ["written", "ENOTDIR", "a/b cannot be written: a part of its path is a file, not a folder; check the path"],
    ["written", "EEXIST", "a/b cannot be written: something else of that name is in the way; move that away"],
    ["read", "EISDIR", "a/b cannot be read: there is a folder of that name; check the path"],
    [
      "written",
      "EFBIG",
      "a/b cannot be written: it is larger than this file system or user limit allows; choose another",
    ],
    ["written", "ENAMETOOLONG", "a/b cannot be written: its name is too long; choose a shorter one"],
    ["read", "EMFILE", "a/b cannot be read: too many files are open; close other programs or raise the limit"],
    ["written", "EIO", "a/b cannot be written: the disk reported a fault; check the disk"],
    ["written", "ELOOP", "a/b cannot be written: ELOOP: as the system puts it; choose another folder"],
  ] as const)("%s, %s, is told in words", (action, code, text) => {
    const cause = refusal(code);
    const failure = storageFailure(action, "a/b", cause) as StorageError;
    expect(failure).toBeInstanceOf(StorageError);
    expect(failure.message.startsWith(text)).toBe(true);
    expect(failure.cause).toBe(cause);
  });

  it("is not what any other error is: that comes back as it is", () => {
    const wrongArgument = Object.assign(new TypeError("a defect"), { code: "ERR_INVALID_ARG_TYPE" });
    for (const other of [wrongArgument, new StorageError("told already"), "text", undefined]) {
      expect(storageFailure("read", "a/b", other)).toBe(other);
    }
  });
});
