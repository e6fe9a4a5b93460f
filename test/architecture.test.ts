import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));

const engine = [
  "kinds",
  "compute",
  "arrays",
  "neurons",
  "circuits",
  "plasticity",
  "tasks",
  "analysis",
  "records",
  "training",
];

/** Rooms, which are the folders and files of src, and the rooms that each may import from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  kinds: [],
  platform: [],
  compute: ["kinds", "platform"],
  arrays: ["kinds", "platform", "compute"],
  neurons: ["kinds", "compute"],
  circuits: ["kinds", "compute", "arrays", "neurons"],
  plasticity: ["kinds", "compute", "neurons", "circuits", "tasks", "records"],
  tasks: ["kinds", "platform", "compute", "arrays"],
  analysis: ["kinds", "compute"],
  records: ["kinds", "analysis"],
  training: engine,
  report: ["kinds", "analysis", "records"],
  runs: [...engine, "report"],
  measures: [...engine, "report"],
  papers: [...engine, "report", "runs", "measures"],
  "library.ts": [...engine, "measures", "papers"],
  "built-in.ts": [...engine, "library.ts"],
  "figures.ts": ["report", "measures", "papers"],
  "node-library.ts": ["kinds", "runs", "papers", "library.ts"],
  "built-in-runs.ts": [...engine, "report", "runs", "node-library.ts"],
  "cell-worker.ts": ["runs", "node-library.ts"],
  cli: ["kinds", "compute", "records", "training", "report", "runs", "papers", "node-library.ts"],
};

/** Imports that point the wrong way and wait to be turned. Nothing may be added here. */
const stillCrossing: readonly string[] = [];

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
const roomOf = (file: string) => file.split("/")[0]!;
/** The paper that a file belongs to; none of the files that lie beside the papers' folders. */
const paperOf = (file: string) => /^papers\/([^/]+)\//.exec(file)?.[1];

/** Whether one file may import another: rooms as in `allowed`, and no paper anything of another or beside them. */
function fits(file: string, target: string): boolean {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from !== to) return allowed[from]!.includes(to);
  return paperOf(file) === undefined || paperOf(file) === paperOf(target);
}

/** Circles of a graph, each from the node where it was entered back to that node. */
function circlesIn(edges: ReadonlyMap<string, Iterable<string>>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (node: string, trail: readonly string[]) => {
    if (trail.includes(node)) {
      circles.push([...trail.slice(trail.indexOf(node)), node].join(" -> "));
      return;
    }
    if (done.has(node)) return;
    for (const target of edges.get(node) ?? []) visit(target, [...trail, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return circles;
}

test("every import points the way that the plan of the house allows", () => {
  const wrong: string[] = [];
  for (const [file, targets] of imports) {
    if (file === "index.ts" || file === "node.ts") continue;
    expect(Object.keys(allowed), file).toContain(roomOf(file));
    for (const target of targets) if (!fits(file, target)) wrong.push(`${file} -> ${target}`);
  }
  expect([...new Set(wrong)].sort()).toEqual(stillCrossing);
  expect(files.length).toBeGreaterThan(80);
});

test("imports name files that exist", () => {
  for (const [file, targets] of imports) for (const target of targets) expect(files, file).toContain(target);
});

test("no files import each other in a circle", () => {
  expect(circlesIn(imports)).toEqual([]);
});

test("no folders of a room import each other in a circle", () => {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    const from = path.posix.dirname(file);
    const others = targets
      .filter((target) => roomOf(target) === roomOf(file))
      .map((target) => path.posix.dirname(target));
    // The files at the top of a folder and its folders are one thing, which may name its parts and be named by them.
    const beside = others.filter((to) => !`${to}/`.startsWith(`${from}/`) && !`${from}/`.startsWith(`${to}/`));
    folders.set(from, new Set([...(folders.get(from) ?? []), ...beside]));
  }
  expect(circlesIn(folders)).toEqual([]);
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
