import { readFileSync, statSync } from "node:fs";
import { firstLine, UsageError } from "../kinds/errors.ts";
import { readYaml } from "../runs/record/yaml-text.ts";
import { shownPath } from "./folders.ts";

/** Reasons that a person can act on, by the code of the failed system call. */
const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, expected a YAML file",
  EACCES: "reading it is not permitted",
  ENOTDIR: "a part of the path is not a folder",
};

/** Bytes of the longest file of settings: a hundred times what the largest circuit at hand takes. */
const largestFile = 2 ** 20;

/**
 * What a YAML file of settings or a run holds, not yet validated. An empty file holds nothing.
 *
 * @param what which argument names the file, for messages: "--config"
 * @throws UsageError naming the file, and the line where its YAML is wrong.
 */
export function readConfigurationFile(name: string, what: string): Record<string, unknown> {
  const read = readYaml(textOf(name, what));
  if ("fault" in read) {
    const where = read.at ? `, line ${read.at.line}, column ${read.at.column}` : "";
    throw new UsageError(`${name}${where}: ${read.fault}`);
  }
  const content = read.value;
  if (content === null || content === undefined) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    const got = Array.isArray(content) ? "a list" : "a single value";
    throw new UsageError(`${name}: got ${got}, expected one setting a line, such as "epochs: 5"`);
  }
  return content as Record<string, unknown>;
}

function textOf(name: string, what: string): string {
  try {
    const found = statSync(name);
    // A device may never end, and a pipe may never begin.
    if (!found.isFile() && !found.isDirectory())
      throw new UsageError(`${what}: ${shownPath(name)} is a device or a pipe, expected a regular file in YAML`);
    const { size } = found;
    if (size > largestFile)
      throw new UsageError(
        `${what}: ${shownPath(name)} has ${size.toLocaleString("en")} bytes, expected settings in YAML of at most ${largestFile.toLocaleString("en")}`,
      );
    return readFileSync(name, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new UsageError(`${what}: cannot read ${shownPath(name)}: ${reasons[code] ?? firstLine(error)}`);
  }
}
