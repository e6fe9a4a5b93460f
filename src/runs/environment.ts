import { execFile } from "node:child_process";
import { cpus, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { packageVersion } from "./package-version.ts";

/** Versions, commit and machine in words, for the record of a run. */
export async function describeEnvironment(): Promise<Record<string, string>> {
  const commit = await currentCommit();
  const processors = cpus();
  return {
    sulcus: packageVersion(),
    ...(commit ? { commit } : {}),
    node: process.versions.node,
    machine: `${processors.length} x ${processors[0]?.model.trim() ?? "unknown processor"}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${platform()}`,
  };
}

/** The commit of the checkout that this file is part of; undefined where Sulcus was installed as a package. */
async function currentCommit(): Promise<string | undefined> {
  const folder = fileURLToPath(new URL("../..", import.meta.url));
  if (folder.includes("node_modules")) return undefined;
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, "rev-parse", "HEAD"]);
    return stdout.trim();
  } catch {
    return undefined;
  }
}
