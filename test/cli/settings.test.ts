import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readConfigurationFile } from "../../src/cli/configuration-file.ts";
import { resolveSettings, settingSchema } from "../../src/cli/settings.ts";
import { UsageError } from "../../src/kinds/errors.ts";
import { GevbConfig } from "../../src/papers/gevb/settings.ts";
import { GevbTablesConfig } from "../../src/papers/gevb/tables-settings.ts";
import { gevbOptions, misspelt, proposal } from "./arbitraries.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

const folder = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (text: string): string => {
  const name = join(folder, "settings.yaml");
  writeFileSync(name, text);
  return name;
};
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
};
const assignments = (...texts: string[]) => resolveSettings(GevbConfig, { assignments: texts });

describe("valid settings arrive identical in the backend", () => {
  const arrived = async (argv: string[]) => {
    const backend = new FakeBackend();
    const result = await sulcus(["run", "gevb", ...argv], backend);
    expect(result).toEqual({ code: 0, out: "", err: "" });
    return backend.requests[0]?.options;
  };
  const set = (options: object) =>
    Object.entries(options).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);

  test("as a configuration file", () =>
    fc.assert(
      fc.asyncProperty(gevbOptions, async (options) => {
        expect(await arrived(["--config", file(stringify(options))])).toEqual(options);
      }),
    ));

  test("as assignments, each with its --set or all after one", () =>
    fc.assert(
      fc.asyncProperty(gevbOptions, async (options) => {
        expect(await arrived(set(options))).toEqual(options);
        const all = set(options).filter((word) => word !== "--set");
        if (all.length > 0) expect(await arrived(["--set", ...all])).toEqual(options);
      }),
    ));

  test("as options, where there is an option", () =>
    fc.assert(
      fc.asyncProperty(gevbOptions, async (options) => {
        const named = [
          ...["dataset", "arch", "units", "rule", "sign"],
          ...["epochs", "seeds", "limit", "device", "provider"],
        ];
        const argv = Object.entries(options).flatMap(([key, value]) => {
          if (named.includes(key)) return [`--${key}`, String(value)];
          return key === "accelerators" && value === false ? ["--no-accelerators"] : set({ [key]: value });
        });
        // A list comes as the text that it was written as.
        expect(GevbConfig.parse(await arrived(argv))).toEqual(GevbConfig.parse(options));
      }),
    ));

  test("a later source wins over an earlier one, key by key", () =>
    fc.assert(
      fc.property(gevbOptions, gevbOptions, gevbOptions, (first, second, third) => {
        const texts = Object.entries(second).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
        const sources = {
          file: { name: "a.yaml", settings: first },
          assignments: texts,
          options: Object.entries(third),
        };
        expect(resolveSettings(GevbConfig, sources)).toEqual({ ...first, ...second, ...third });
      }),
    ));

  test("nothing said, nothing sent: the experiment fills in its own defaults", async () => {
    expect(await arrived([])).toEqual({});
  });
});

describe("wrong settings", () => {
  const keys = Object.keys(settingSchema(GevbConfig).properties ?? {});

  test("a misspelt key names the key that was meant, from any source", () =>
    fc.assert(
      fc.property(misspelt(keys), ({ given, meant }) => {
        const complaint = message(() => assignments(`${given}=1`));
        expect(meant).toContain(proposal(complaint));
        expect(complaint).toBe(
          `unknown setting "${given}" (did you mean "${proposal(complaint)}"?); known: ${keys.join(", ")}`,
        );
        const settings = { [given]: 1 };
        expect(message(() => resolveSettings(GevbConfig, { file: { name: "a.yaml", settings } }))).toBe(
          `a.yaml: ${complaint}`,
        );
      }),
    ));

  test("anything after --set either gives settings or one UsageError", () =>
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.string(), (key, value) => {
        try {
          assignments(`${key}=${value}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 1000 },
    ));

  test.each([
    ["epochs=ten", 'epochs: got "ten", expected a whole number from 1 to 1,000,000'],
    ["epochs=0", "epochs: got 0, expected a whole number from 1 to 1,000,000"],
    ["epochs=1.5", "epochs: got 1.5, expected a whole number from 1 to 1,000,000"],
    ["epochs=", "epochs: got nothing, expected a whole number from 1 to 1,000,000"],
    ["seeds=-1", "seeds.0: got -1, expected a whole number of at least 0"],
    ["seeds=[1, x]", 'seeds.1: got "x", expected a whole number of at least 0'],
    ["seeds=[]", "seeds: got [], expected a non-empty list of whole numbers of at least 0"],
    ["seeds=5..1", 'seeds: got "5..1", expected a range that rises, such as 1..5'],
    ["seeds=1..", 'seeds: got "1..", expected seeds such as 3, 1,3,5 or 1..5'],
    ["seeds=1..3,2", "seeds: got [1, 2, 3, 2], expected every entry once"],
    ["seeds=0..9007199254740992", 'seeds: got "0..9007199254740992", expected seeds from 0 to 9007199254740991'],
    ["seeds=1..1001", 'seeds: got "1..1001", expected at most 1000 seeds'],
    ["seed=3", `unknown setting "seed" (did you mean "seeds"?); known: ${keys.join(", ")}`],
    ["rule=bp,bp", 'rule: got ["bp", "bp"], expected every entry once'],
    ["dataset=minst", 'dataset: got "minst", expected one of mnist, cifar10 (did you mean "mnist"?)'],
    ["rate=.nan", "rate: got NaN, expected a finite number above 0"],
    ["rate=.inf", "rate: got Infinity, expected a finite number above 0"],
    ["rate=0", "rate: got 0, expected a finite number above 0"],
    ["accelerators=maybe", 'accelerators: got "maybe", expected true or false'],
    ["sign=mixd", 'sign: got "mixd", expected one of excitatory, mixed (did you mean "mixed"?)'],
    ["hidden=[]", "hidden: got [], expected a non-empty list of whole numbers from 1 to 1,000,000"],
    ["hidden=[4, x]", 'hidden.1: got "x", expected a whole number from 1 to 1,000,000'],
    ["hidden.7=3", '"hidden.7" cannot be set, since hidden is not set; set the whole of hidden'],
    ["rule.7=bp", 'rule: got the index "7", expected a whole number from 0 to 0'],
    ["rule.length=0", 'rule: got the index "length", expected a whole number from 0 to 0'],
    ["rate.x=3", '"rate.x" cannot be set, since rate is one value without parts'],
    ["limit.x=3", '"limit.x" cannot be set, since limit is not set; set the whole of limit'],
    ["data=2024", `data: got 2024, expected text in quotes, such as '"2024"'`],
    ["rule={a: 1}", "rule: got {a: 1}, expected a non-empty list of texts"],
    ["hidden=&a [*a]", "hidden.0: got [[[...]]], expected a whole number from 1 to 1,000,000"],
    ["hidden=*a", 'hidden: got "*a", expected a value in YAML, such as 12, text or [1, 2]'],
    ["hidden=[1", 'hidden: got "[1", expected a value in YAML, such as 12, text or [1, 2]'],
    ["epochs", '--set: got "epochs", expected key=value, such as --set epochs=5'],
    ["=5", '--set: got "=5", expected key=value, such as --set epochs=5'],
  ])("--set %s", (text, expected) => {
    expect(message(() => assignments(text))).toBe(expected);
  });

  test.each(["__proto__.a=1", "constructor.prototype.a=1", "toString=1"])("--set %s reaches no prototype", (text) => {
    expect(message(() => assignments(text))).toMatch(/^unknown setting/);
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test("a part of a list can be set, in a lower source or in the defaults", () => {
    expect(assignments("rule.0=bp")).toEqual({ rule: ["bp"] });
    expect(assignments("hidden=[2, 4, 6]", "hidden.2=8")).toEqual({ hidden: [2, 4, 8] });
    const settings = { hidden: [10, 20] };
    const resolved = resolveSettings(GevbConfig, { file: { name: "a.yaml", settings }, assignments: ["hidden.0=6"] });
    expect(resolved).toEqual({ hidden: [6, 20] });
    expect(settings).toEqual({ hidden: [10, 20] });
  });

  test("of an experiment with other choices name those", () => {
    const refused = (text: string) => message(() => resolveSettings(GevbTablesConfig, { assignments: [text] }));
    expect(refused("rule=gevb,fa")).toBe('rule.1: got "fa", expected one of gevb, dfa, bp (did you mean "dfa"?)');
    expect(refused("arch=denes")).toBe(
      'arch.0: got "denes", expected one of dense, conv, local (did you mean "dense"?)',
    );
    expect(refused("data.cifar=a")).toMatch(/^unknown setting "data.cifar" \(did you mean "cifar10"\?\)/);
    const settings = resolveSettings(GevbTablesConfig, { assignments: ["data.cifar10=b", "sign=mixed"] });
    expect(settings).toEqual({ data: { cifar10: "b" }, sign: "mixed" });
  });

  test("a long value is cut short", () => {
    expect(message(() => assignments(`epochs=${"x".repeat(500)}`)).length).toBeLessThan(150);
  });
});

describe("configuration files", () => {
  const complaintAbout = (text: string) => message(() => readConfigurationFile(file(text), "--config"));

  test("one without settings is fine", () => {
    expect(readConfigurationFile(file(""), "--config")).toEqual({});
    expect(readConfigurationFile(file("# only words\n"), "--config")).toEqual({});
  });

  test.each([
    ["epochs: 3\nrate: [1,\nseed: 2\n", 3],
    ["epochs: 3\nepochs: 4\n", 2],
    ["\tepochs: 3\n", 1],
    ["epochs: 3\n---\nepochs: 4\n", 2],
    ["\n\nrule: !foo gevb\n", 3],
  ])("%j names its wrong line", (text, line) => {
    expect(complaintAbout(text)).toMatch(new RegExp(`settings\\.yaml, line ${line}, column \\d+: .`));
  });

  test("content that is no settings", () => {
    expect(complaintAbout("[1]")).toMatch(/got a list, expected one setting a line/);
    expect(complaintAbout("hello")).toMatch(/got a single value, expected one setting a line/);
    expect(complaintAbout("a: *b")).toMatch(
      /settings\.yaml: "\*b" repeats an anchor that is not set before it; write the value itself, or quote the text$/,
    );
    const lines = [..."bcdefg"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdef"[index]}`)}]`);
    expect(complaintAbout(`a: &a [1,1,1,1,1,1,1,1,1]\n${lines.join("\n")}`)).toMatch(
      /settings\.yaml: its aliases repeat one another too often; write the values themselves$/,
    );
    expect(complaintAbout(`a: ${"[".repeat(9000)}${"]".repeat(9000)}`)).toMatch(/: it is nested too deeply$/);
    expect(complaintAbout("#".repeat(2 ** 20 + 1))).toMatch(
      /^--config: ".*settings\.yaml" has 1,048,577 bytes, expected settings in YAML of at most 1,048,576$/,
    );
  });

  test("files that cannot be read", () => {
    const missing = message(() => readConfigurationFile(join(folder, "none.yaml"), "--config"));
    expect(missing).toMatch(/^--config: cannot read ".*none\.yaml": there is no such file$/);
    expect(message(() => readConfigurationFile(folder, "--config"))).toMatch(/it is a folder, expected a YAML file$/);
    expect(message(() => readConfigurationFile("/dev/zero", "--config"))).toBe(
      '--config: "/dev/zero" is a device or a pipe, expected a regular file in YAML',
    );
    expect(message(() => readConfigurationFile("a\0b", "--config"))).toMatch(/^--config: cannot read "a\\u0000b"/);
  });

  test("a wrong value names the file", async () => {
    const result = await sulcus(["run", "gevb", "--config", file("epochs: ten\n")]);
    expect(result.code).toBe(2);
    expect(result.err).toMatch(
      /^sulcus: .*settings\.yaml: epochs: got "ten", expected a whole number from 1 to 1,000,000\n$/,
    );
  });
});
