import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { versionComplaint } from "../../src/compute/node-version.ts";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));

/** Whether a version is one that "^20.15 || >=22.2" allows, as npm reads it. */
const allowed = (major: number, minor: number) =>
  (major === 20 && minor >= 15) || major > 22 || (major === 22 && minor >= 2);

test("versions of Node that package.json allows are taken, all others refused with a sentence", () => {
  expect(manifest.engines.node).toBe("^20.15 || >=22.2");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), fc.nat(30), fc.nat(30), (major, minor, patch) => {
      const version = `${major}.${minor}.${patch}`;
      const complaint = versionComplaint(version);
      if (allowed(major, minor)) expect(complaint).toBeUndefined();
      else
        expect(complaint).toContain(`needs Node >= 20.15 (of Node 22: >= 22.2; not 21), and this is Node ${version};`);
    }),
  );
});

test("the README names the same versions", () => {
  expect(readFileSync("README.md", "utf8")).toContain("Node >= 20.15 (of Node 22: >= 22.2)");
});

/** This Node under another version. */
const old = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process.versions, "node", { value: "18.20.8" });',
)}`;
const sentence =
  "needs Node >= 20.15 (of Node 22: >= 22.2; not 21), and this is Node 18.20.8; install a newer one from https://nodejs.org, or choose one with your version manager (nvm install 22)";

test("the command says so and does nothing else", () => {
  const words = ["--import", "tsx", "--import", old, resolve("src/cli/main.ts"), "list"];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([1, "", `sulcus: ${sentence}\n`]);
});

test("the library refuses to be imported", () => {
  const code = `await import(${JSON.stringify(resolve("src/index.ts"))})`;
  const words = ["--import", "tsx", "--import", old, "--input-type=module", "-e", code];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain(`Error: Sulcus ${sentence}\n`);
});

test("what an old Node reads has neither imports nor syntax that it does not know", () => {
  for (const file of ["src/cli/main.ts", "src/compute/node-version.ts"]) {
    const text = readFileSync(file, "utf8");
    expect(text).not.toMatch(/\?\?|\?\.|^await|#\w+[ =(;]|\bstatic\b/m);
    const imported = [...text.matchAll(/^import .*"(.*)";$/gm)].map(([, name]) => name);
    expect(imported).toEqual(file.endsWith("main.ts") ? ["../compute/node-version.ts"] : []);
  }
});
