import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));

/** Folders that each folder may import from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  compute: [],
  neurons: ["compute"],
  circuits: ["compute", "neurons"],
  plasticity: ["compute", "neurons", "circuits"],
  tasks: ["compute"],
  analysis: ["compute"],
  report: ["compute", "analysis"],
  experiments: ["compute", "neurons", "circuits", "plasticity", "tasks", "analysis", "report"],
  cli: ["compute", "experiments", "report"],
};

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.includes("assembly") && !file.endsWith(".generated.ts"))
  .map((file) => file.replaceAll("\\", "/"));

/** Files under src that a file imports, also by dynamic import and for types alone. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, target]) => path.posix.normalize(path.posix.join(path.posix.dirname(file), target!)))
    .filter((target) => !target.endsWith(".generated.ts"));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));
const folderOf = (file: string) => file.split("/")[0]!;

test("every import points the way that the plan of the house allows", () => {
  const wrong: string[] = [];
  for (const [file, targets] of imports) {
    if (file === "index.ts") continue;
    expect(Object.keys(allowed), file).toContain(folderOf(file));
    for (const target of targets) {
      const folder = folderOf(target);
      if (folder !== folderOf(file) && !allowed[folderOf(file)]!.includes(folder)) wrong.push(`${file} -> ${target}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(files.length).toBeGreaterThan(80);
});

test("imports name files that exist", () => {
  for (const [file, targets] of imports) for (const target of targets) expect(files, file).toContain(target);
});

test("no files import each other in a circle", () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("names say what things are", () => {
  for (const file of files) expect(path.basename(file), file).not.toMatch(/^(utils?|helpers?|managers?|misc|common)\b/);
});

test("no test replaces modules, which all files of a process share", () => {
  const tests = fileURLToPath(new URL("./", import.meta.url));
  const replacing = readdirSync(tests, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => /\bvi\.(mock|doMock|resetModules)\(/.test(readFileSync(path.join(tests, file), "utf8")));
  expect(replacing).toEqual([]);
});
