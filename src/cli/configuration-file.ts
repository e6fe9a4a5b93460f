import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { UsageError } from "../compute/errors.ts";

/** Reasons that a person can act on, by the code of the failed system call. */
const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, expected a YAML file",
  EACCES: "reading it is not permitted",
  ENOTDIR: "a part of the path is not a folder",
};

/**
 * The settings in a YAML file, not yet validated. An empty file has none.
 *
 * @throws UsageError naming the file, and the line where its YAML is wrong.
 */
export function readConfigurationFile(name: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new UsageError(`--config: cannot read ${JSON.stringify(name)}: ${reasons[code] ?? (error as Error).message}`);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const wrong = document.errors[0] ?? document.warnings[0];
  if (wrong) {
    const { line, col } = lineCounter.linePos(wrong.pos[0]);
    // YAML's own sentence on this one speaks to programmers.
    const reason = wrong.code === "MULTIPLE_DOCS" ? "a second YAML document starts, expected one" : wrong.message;
    throw new UsageError(`${name}, line ${line}, column ${col}: ${reason}`);
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    const got = Array.isArray(content) ? "a list" : "a single value";
    throw new UsageError(`${name}: got ${got}, expected one setting a line, such as "epochs: 5"`);
  }
  return content as Record<string, unknown>;
}
