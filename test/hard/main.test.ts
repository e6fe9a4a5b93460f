import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { expect, test } from "vitest";

const bin = resolve("src/cli/main.ts");

/** Runs the real command in a process of its own; with `deaf`, nobody reads its stdout. */
function run(argv: string[], deaf = false): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", bin, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  const texts = { out: "", err: "" };
  if (deaf) child.stdout.destroy();
  else child.stdout.on("data", (data) => (texts.out += data));
  child.stderr.on("data", (data) => (texts.err += data));
  return new Promise((done) => child.on("close", (code) => done({ code, ...texts })));
}

/** Files and packages that a file loads before its first line runs. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!existsSync(file)) return seen;
  for (const [, from] of readFileSync(file, "utf8").matchAll(
    /^(?:import|export) (?!type )(?:[^;"]*? from )?"([^"]+)";/gm,
  )) {
    loadedBy(from?.startsWith(".") ? resolve(dirname(file), from) : (from ?? ""), seen);
  }
  return seen;
}

test("the start loads neither the toolkit nor what it stands on", () => {
  const started = [...loadedBy(bin), ...loadedBy(resolve("src/cli/command.ts"))];
  const loaded = [...new Set(started)].map((file) => file.replace(`${process.cwd()}/`, ""));
  expect(loaded).toContain("src/cli/commands/list.ts");
  const foreign = loaded.filter((file) => !file.startsWith("src/cli/") && !file.startsWith("node:"));
  expect(foreign.sort()).toEqual([
    "commander",
    "fastest-levenshtein",
    "src/compute/node-version.ts",
    "src/kinds/errors.ts",
    "src/kinds/families.ts",
    "src/kinds/shown.ts",
    "src/runs/execution/stop-signals.ts",
    "src/runs/package-version.ts",
    "src/runs/resume-command.ts",
    "src/training/interrupted.ts",
  ]);
});

test("the process exits with the code of the command", async () => {
  const [help, wrong] = await Promise.all([run(["--help"]), run(["rnu"])]);
  expect(help).toMatchObject({ code: 0, err: "" });
  expect(help.out).toContain("Usage: sulcus");
  expect(wrong.code).toBe(2);
  expect(wrong.err).toMatch(/^sulcus: unknown command "rnu" \(did you mean "run"\?\)[^\n]*\n$/);
});

test("a reader that goes away leaves no trace", async () => {
  expect(await run(["run", "gevb", "--help"], true)).toEqual({ code: 0, out: "", err: "" });
});
