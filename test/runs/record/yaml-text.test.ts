import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readYaml, writeYaml } from "../../../src/runs/record/yaml-text.ts";
import { skipped } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const at = temporaryFolder();

/** Texts that one reader of YAML or another takes for something else. */
const odd = fc.oneof(
  fc.constantFrom(
    ...[
      "on",
      "Off",
      "y",
      "N",
      "yes",
      "NO",
      "true",
      "False",
      "null",
      "Null",
      "~",
      "",
      " ",
      "-",
      "?",
      "=",
      "<<",
      "---",
      "...",
    ],
    ...[
      "1e-7",
      "1_000",
      "0o7",
      "0x1F",
      "0b1",
      "010",
      "1:30",
      "190:20:30",
      "1.",
      ".5",
      "+1",
      "-0",
      ".inf",
      "-.INF",
      ".nan",
    ],
    ...[
      "2026-11-27",
      "2026-11-27T10:00:00Z",
      "2026-11-27 10:00:00",
      "!tag",
      "&a",
      "*a",
      "@x",
      "`x",
      "%x",
      "{",
      "[",
      "#",
      "a #b",
    ],
    ...[
      "a: b",
      "a:",
      "- a",
      "|",
      ">",
      "'",
      '"',
      "\\",
      "\t",
      "a\nb",
      "a\r\nb",
      "\u0085",
      "\u2028",
      "\ufeff",
      "\u007f",
      "\ud800",
      "😀",
    ],
    ...["v1->v2", "runs/a b", "e1", "inf", "nan", "Infinity"],
  ),
  fc.stringMatching(/^[-+.\w:,]{1,8}$/),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const numbers = fc.oneof(
  fc.constantFrom(
    1e-7,
    1e-8,
    1e21,
    -1e22,
    5e-324,
    1.5e-10,
    0,
    -0,
    2 ** 53,
    1e20,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
  fc.double(),
  fc.integer(),
);
const data = fc.letrec((part) => ({
  value: fc.oneof({ maxDepth: 3 }, odd, numbers, fc.boolean(), fc.constant(null), part("list"), part("record")),
  list: fc.array(part("value"), { maxLength: 4 }),
  record: fc.dictionary(odd, part("value"), { maxKeys: 4 }),
})).record;

describe("plain data as YAML", () => {
  test("come back as they were, from a reader of YAML 1.2 and from one of YAML 1.1", () => {
    fc.assert(
      fc.property(data, (value) => {
        const text = writeYaml(value);
        expect(readYaml(text)).toEqual({ value });
        expect(parse(text, { version: "1.1", merge: true })).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test("are lines that people read: what needs no quotes has none", () => {
    expect(
      writeYaml({
        name: "v1->v2",
        rule: { kind: "by-pathway", rate: 1e-7 },
        hidden: [8, 0.5],
        on: "on",
        data: "/data/mnist",
      }),
    ).toBe(
      'name: v1->v2\nrule:\n  kind: by-pathway\n  rate: 1.0e-7\nhidden:\n  - 8\n  - 0.5\n"on": "on"\ndata: /data/mnist\n',
    );
  });
});

const hasPyYaml = (() => {
  try {
    execFileSync("python3", ["-c", "import yaml"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(skipped(!hasPyYaml, "YAML as PyYAML reads it, which is not installed"))(
  "PyYAML reads the same",
  async () => {
    const samples = fc.sample(data, { numRuns: 300, seed: 7 });
    await writeFile(at("samples.json"), JSON.stringify(samples.map((value) => writeYaml(value))));
    const script = `
import json, sys, yaml
print(json.dumps([yaml.safe_load(text) for text in json.load(open(sys.argv[1]))]))`;
    const read = execFileSync("python3", ["-c", script, at("samples.json")], { encoding: "utf8", maxBuffer: 1 << 26 });
    // JSON of Python has NaN and Infinity as words.
    const plain = (value: unknown): unknown =>
      typeof value === "number" && !Number.isFinite(value)
        ? `number ${value}`
        : Array.isArray(value)
          ? value.map(plain)
          : value !== null && typeof value === "object"
            ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
            : value;
    const back = JSON.parse(read.replaceAll(/(?<=[[:,] ?)(NaN|-?Infinity)(?=[,\]}])/g, '"number $1"'));
    expect(back).toEqual(samples.map(plain));
  },
);

describe("a text that is not YAML", () => {
  test.each<[string, string]>([
    ["*a", '"*a" repeats an anchor that is not set before it; write the value itself, or quote the text'],
    ["a: *b", '"*b" repeats an anchor that is not set before it; write the value itself, or quote the text'],
    ["a: 1\n---\nb: 2", "a second YAML document starts, expected one"],
    [`${"[".repeat(20_000)}${"]".repeat(20_000)}`, "it is nested too deeply"],
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefg"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdef"[index]}`)}]`).join("\n")}`,
      "its aliases repeat one another too often; write the values themselves",
    ],
  ])("%#: is told in one clause", (text, fault) => {
    expect(readYaml(text)).toMatchObject({ fault });
  });

  test("is told where", () => {
    expect(readYaml("a: 1\nb: [")).toEqual({ fault: expect.any(String), at: { line: 2, column: 5 } });
  });

  test("never throws, and is told on one line", () => {
    const parts = fc.constantFrom(
      "*a",
      "&a ",
      "[",
      "]",
      "{",
      "}",
      ": ",
      "- ",
      "\n",
      "  ",
      "!",
      "|",
      ">",
      "'",
      '"',
      "a",
      "?",
      "%",
      "\t",
      "<<: ",
      ",",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (some) => {
        const read = readYaml(some.join(""));
        if ("fault" in read) expect(read.fault).not.toMatch(/[\p{Cc}]/u);
        else expect(read).toHaveProperty("value");
      }),
      { numRuns: 500 },
    );
  });
});
