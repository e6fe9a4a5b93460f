import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { misspelt, proposal } from "./arbitraries.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

const leaves = {
  "run gevb": [
    ...["dataset", "arch", "units", "rule", "sign", "epochs", "seed", "seeds", "limit", "device", "provider"],
    ...["no-accelerators", "representation", "out", "resume", "workers", "config", "set", "json", "help"],
  ],
  "run gevb-tables": [
    ...["dataset", "arch", "units", "rule", "sign", "epochs", "seed", "seeds", "limit", "device", "provider"],
    ...["out", "resume", "workers", "config", "set", "json", "help"],
  ],
  "run gevb-widths": [
    ...["widths", "depth", "batch", "sign", "initial", "seed", "seeds", "device", "provider", "out", "resume", "set"],
    ...["json", "help"],
  ],
  "run quickstart": [
    ...["seed", "seeds", "limit", "device", "provider", "out", "resume", "workers", "set", "json", "help"],
  ],
  "sweep gevb": [
    ...["dataset", "arch", "units", "gates", "rule", "sign", "limit", "epochs", "batch", "optimiser", "rate", "decay"],
    ...["seeds", "seed", "device", "provider", "out", "config", "set", "resume", "workers", "json", "help"],
  ],
  "run modules": [
    ...["density", "modules", "units", "steps", "task", "source", "rule", "epochs", "seed", "seeds", "device"],
    ...["provider", "out", "resume", "set", "json", "workers", "limit", "config", "help"],
  ],
  "sweep modules": [
    ...["density", "modules", "units", "steps", "task", "source", "gain", "leak", "noise", "from", "rule", "limit"],
    ...["epochs", "rate", "seeds", "seed", "device", "provider", "out", "config", "set", "resume", "workers", "json"],
    "help",
  ],
  "run attention": [
    ...["scenes", "digits", "strength", "iterations", "rule", "epochs", "from", "analyse", "seed", "seeds", "device"],
    ...["provider", "out", "resume", "set", "json", "workers", "limit", "config", "help"],
  ],
  "sweep attention": [
    ...["scenes", "digits", "strength", "iterations", "penalty", "feedback", "lateral", "gating"],
    ...["inhibition-of-return", "rule", "limit", "epochs", "rate", "seeds", "seed", "device", "provider", "out"],
    ...["config", "set", "resume", "workers", "json", "help"],
  ],
  list: ["json", "help"],
  devices: ["json", "help"],
  report: ["format", "width", "help"],
  weights: ["out", "use", "trust-changed", "help"],
  "data fetch": ["to", "url", "json", "help"],
  "data info": ["data", "json", "help"],
};

/** Wrong usage is one line on stderr without a trace, exit code 2, and no call of the backend. */
async function complaintAbout(argv: string[]): Promise<string> {
  const backend = new FakeBackend();
  const { code, out, err } = await sulcus(argv, backend);
  expect({ argv, code, out, lines: err.split("\n").length }).toEqual({ argv, code: 2, out: "", lines: 2 });
  expect(err).toMatch(/^sulcus: [^\n]+\n$/);
  expect(err).not.toMatch(/ {2,}at |undefined|\[object/);
  expect(backend.requests).toEqual([]);
  return err;
}

describe("wrong usage", () => {
  test.each(Object.entries(leaves))("a misspelt option of %s names the option that was meant", (command, names) =>
    fc.assert(
      fc.asyncProperty(misspelt(names), fc.constantFrom("", "=3"), async ({ given, meant }, value) => {
        const complaint = await complaintAbout([...command.split(" "), `--${given}${value}`]);
        expect(complaint).toContain(`unknown option "--${given}" of sulcus ${command}`);
        expect(meant).toContain(proposal(complaint));
      }),
      { numRuns: 60 },
    ),
  );

  test("a misspelt command or experiment names the one that was meant, even when help is asked for", () =>
    fc.assert(
      fc.asyncProperty(fc.boolean(), fc.boolean(), fc.nat(), async (nested, help, seed) => {
        const words = nested
          ? ["gevb", "gevb-tables", "quickstart"]
          : ["run", "sweep", "list", "devices", "report", "data"];
        const [{ given, meant }] = fc.sample(misspelt(words), { seed, numRuns: 1 }) as [
          { given: string; meant: string[] },
        ];
        fc.pre(given !== "help");
        const complaint = await complaintAbout([...(nested ? ["run"] : []), given, ...(help ? ["--help"] : [])]);
        expect(complaint).toContain(`unknown ${nested ? "experiment" : "command"} "${given}"`);
        expect(meant).toContain(proposal(complaint));
      }),
    ));

  test("whatever is written, nothing but a clean complaint or a clean run comes of it", () => {
    const known = [
      "run",
      "gevb",
      "quickstart",
      "list",
      "devices",
      "report",
      "data",
      "info",
      "--set",
      "--json",
      "--epochs",
      "--rule",
    ];
    const word = fc.oneof(fc.constantFrom(...known, "--", "-", "-x", "--seed=3", "epochs=2"), fc.string());
    return fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const { code, err } = await sulcus(argv);
        expect([0, 2]).toContain(code);
        expect(err).toMatch(code === 0 ? /^$/ : /^sulcus: [^\n]+\n$/);
        expect(err).not.toContain("internal error");
      }),
      { numRuns: 500 },
    );
  });

  test("a line break in a name stays out of the line", async () => {
    await complaintAbout(["run", "gevb", "--ep\nochs\u2028"]);
    await complaintAbout(["ru\r\nn"]);
    await complaintAbout(["run", "gevb", "--config", "a\nb"]);
  });

  test.each([
    [
      [],
      /^sulcus: no command after "sulcus", expected one of run, sweep, list, devices, record, report, weights, unlock, data; see sulcus --help/,
    ],
    [["--"], /no command after "sulcus"/],
    [
      ["run"],
      /no experiment after "sulcus run", expected one of quickstart, circuit, gevb, gevb-tables, gevb-widths, modules, attention; see sulcus run --help/,
    ],
    [
      ["run", "--epochs", "3", "gevb"],
      /option --epochs comes after the command it belongs to: sulcus run \S+ --epochs/,
    ],
    [["run", "gevb", "--hidden", "3"], /unknown option "--hidden".*; for other settings use --set key=value/],
    [["run", "gevb", "extra"], /got "extra" in addition, expected sulcus run gevb \[options\]/],
    [["run", "gevb", "--epochs"], /--epochs <n>: got nothing, expected a value/],
    [["run", "gevb", "--out", "--json"], /--out <dir>: got the option "--json" as its value/],
    [["run", "gevb", "--epochs", "ten"], /^sulcus: epochs: got "ten", expected a whole number from 1 to 1,000,000\n$/],
    [
      ["run", "gevb", "--seed", "[1"],
      /--seed: got "\[1", expected a whole number from 0 to 9007199254740991; for several/,
    ],
    [
      ["run", "gevb", "--seed", "1..5"],
      /--seed: got "1\.\.5", expected a whole number.*; for several seeds use --seeds/,
    ],
    [["run", "gevb", "--seed=-1"], /--seed: got "-1", expected a whole number from 0 to 9007199254740991/],
    [
      ["run", "gevb", "--seeds", "5..1"],
      /^sulcus: seeds: got "5\.\.1", expected a range that rises, such as 1\.\.5\n$/,
    ],
    [["run", "gevb", "--seeds", "1;3"], /seeds: got "1;3", expected seeds such as 3, 1,3,5 or 1\.\.5/],
    [["run", "gevb", "--seeds", "1,1"], /seeds: got \[1, 1\], expected every entry once/],
    [
      ["run", "quickstart", "--seed", "1", "--seeds", "1..5"],
      /--seed and --seeds cannot be given together; --seed 3 is one seed, --seeds 1\.\.5 are several/,
    ],
    [["run", "gevb-tables", "--sign", "inhibitory"], /sign\.0: got "inhibitory", expected one of excitatory, mixed/],
    [["run", "gevb", "--out", "package.json"], /--out: "package.json" is a file, expected a folder/],
    [
      ["run", "gevb", "--out", "package.json/x/y"],
      /--out: "package\.json", a part of "package\.json\/x\/y", is a file, expected a folder/,
    ],
    [["run", "gevb", "--out", ""], /--out: got "", expected the path of a folder/],
    [["run", "gevb", "--out="], /--out: got "", expected the path of a folder/],
    [["run", "gevb", "--out", "a\0b"], /"a\\u0000b" cannot be looked at: /],
    [["run", "gevb", "--json=yes"], /^sulcus: --json takes no value: got "yes", expected --json alone\n$/],
    [["run", "gevb", "--no-accelerators=a=b"], /--no-accelerators takes no value: got "a=b", expected/],
    [["list", "--json="], /--json takes no value: got "", expected --json alone/],
    [["run", "quickstart", "--rule", "bp"], /unknown option "--rule" of sulcus run quickstart/],
    [["report"], /<dir> is missing, expected sulcus report \[options\] <dir>/],
    [["report", "src", "test"], /got "test" in addition/],
    [["report", "no-such"], /report: "no-such" does not exist, expected the folder of a run/],
    [["report", "package.json"], /report: "package.json" is a file, expected the folder of a run/],
    [
      ["report", "package.json/x"],
      /report: "package\.json", a part of "package\.json\/x", is a file, expected the folder of a run/,
    ],
    [["report", ""], /report: got "", expected the path of the folder of a run/],
    [
      ["run", "gevb", "--resume", "package.json/x"],
      /--resume: "package\.json", a part of "package\.json\/x", is a file, expected the folder of a run/,
    ],
    [["data"], /no command after "sulcus data", expected one of fetch, info; see sulcus data --help/],
    [["data", "fech"], /unknown command "fech" \(did you mean "fetch"\?\); known: fetch, info/],
    [["data", "fetch"], /<name> is missing, expected sulcus data fetch \[options\] <name>/],
    [["data", "fetch", "cifar10", "--to", "--json"], /--to <dir>: got the option "--json" as its value/],
    [["data", "info", "--data", "there"], /--data: got "there" without the name of a data set, expected one before it/],
    [["run", "gevb", "--resume", "no-such"], /--resume: "no-such" does not exist, expected the folder of a run/],
    [
      ["run", "gevb", "--workers", "0"],
      /^sulcus: --workers: got "0", expected a whole number of at least 1; of use are as many as there are cores, here \d+\n$/,
    ],
    [["run", "gevb-tables", "--workers", "1.5"], /--workers: got "1\.5", expected a whole number of at least 1/],
    [
      ["sweep"],
      /no experiment after "sulcus sweep", expected one of circuit, gevb, modules, attention; see sulcus sweep --help/,
    ],
    [["sweep", "gebv"], /unknown experiment "gebv" \(did you mean "gevb"\?\); known: circuit, gevb/],
    [
      ["sweep", "--json"],
      /no experiment after "sulcus sweep", expected one of circuit, gevb, modules, attention, or --resume <dir>/,
    ],
    [["sweep", "--resume", "no-such"], /--resume: "no-such" does not exist, expected the folder of a run/],
    [
      ["sweep", "gevb", "--hidden", "8"],
      /unknown option "--hidden" of sulcus sweep gevb.*; for other settings use --set/,
    ],
    [
      ["sweep", "gevb", "--rate", "1..0.1:3"],
      /--rate: got "1\.\.0\.1:3", expected a range that rises, such as 0\.1\.\.1:3/,
    ],
    [["sweep", "gevb", "--rate", ""], /--rate: got "", expected values with commas between them, such as 0\.1,1/],
    [
      ["sweep", "gevb", "--rate", "1", "--seeds", "0"],
      /--seeds: got "0", expected at least 1 seed; the one seed 0 is --seed 0/,
    ],
    [
      ["sweep", "gevb", "--rate", "1", "--seeds", "3..1"],
      /seeds: got "3\.\.1", expected a range that rises, such as 1\.\.3/,
    ],
    [
      ["sweep", "gevb", "--rate", "1", "--set", "batch=no"],
      /batch: got "no", expected a whole number from 1 to 1,000,000/,
    ],
    [["sweep", "gevb", "--workers", "two"], /--workers: got "two", expected a whole number of at least 1/],
    [
      ["sweep", "gevb", "--resume", "src", "--rate", "1"],
      /--rate cannot be given with --resume, since a resumed run takes/,
    ],
  ])("%j", async (argv, expected) => {
    expect(await complaintAbout(argv)).toMatch(expected);
  });

  test.each([
    ["--rule", "bp"],
    ["--device", "cpu"],
    ["--no-accelerators"],
    ["--set", "epochs=3"],
    ["--config", "none.yaml"],
    ["--out", "elsewhere"],
  ])("--resume refuses %s", async (...option) => {
    const complaint = await complaintAbout(["run", "gevb", "--resume", "src", ...option]);
    expect(complaint).toContain(`${option[0]} cannot be given with --resume, since a resumed run takes its settings`);
  });

  test.each([
    [
      "--seed",
      "*a",
      '--seed: got "*a", expected a whole number from 0 to 9007199254740991; for several seeds use --seeds',
    ],
    ["--epochs", "*a", 'epochs: got "*a", expected a whole number from 1 to 1,000,000'],
    ["--set", "rate=*a", 'rate: got "*a", expected a value in YAML, such as 12, text or [1, 2]'],
    ["--set", `hidden=&a [${"[".repeat(9000)}${"]".repeat(9000)}]`, "hidden: got"],
    ["--set", `${"x".repeat(90_000)}=1`, "unknown setting"],
  ])("%s with a value that no person meant is told in a sentence of one line", async (option, value, told) => {
    const { code, err } = await sulcus(["run", "gevb", option, value]);
    expect([code, err.split("\n").length]).toEqual([2, 2]);
    expect(err).toContain(`sulcus: ${told}`);
    expect(err.length).toBeLessThan(1500);
  });

  test("what the backend finds wrong is wrong usage too", async () => {
    const { code, err } = await sulcus(["run", "gevb", "--rule", "unregistered"]);
    expect([code, err]).toEqual([2, 'sulcus: learning rule "unregistered" is not known; known: gevb, bp\n']);
  });
});

describe("help", () => {
  test.each(["", "run", "sweep", "data", ...Object.keys(leaves)])(
    "of sulcus %s has its usage, its options and an example",
    async (name) => {
      const words = name.split(" ").filter(Boolean);
      const { code, out, err } = await sulcus([...words, "--help"]);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toContain(`Usage: ${["sulcus", ...words].join(" ")} `);
      expect(out).toMatch(/\nExamples?:\n {2}sulcus /);
      for (const option of leaves[name as keyof typeof leaves] ?? []) expect(out).toContain(`--${option}`);
      expect(await sulcus(["help", ...words])).toEqual({ code, out, err });
    },
  );

  test("of an experiment lists the settings with their defaults", async () => {
    const { out } = await sulcus(["run", "gevb", "--help"]);
    expect(out).toMatch(/ epochs +a whole number from 1 to 1,000,000 \(default 20\)/);
    const quickstart = (await sulcus(["run", "quickstart", "-h"])).out;
    expect(quickstart).toMatch(/ epochs +a whole number from 1 to 1,000,000 \(default 1\)/);
    const tables = (await sulcus(["run", "gevb-tables", "-h"])).out;
    expect(tables).toMatch(/ rule +a non-empty list of any of gevb, dfa, bp \(default \["gevb","dfa","bp"\]\)/);
  });

  test("of report has the name of a run as runs are named", async () => {
    expect((await sulcus(["report", "--help"])).out).toMatch(/\n {2}sulcus report runs\/gevb\/\d{8}-\d{6}-1\n/);
  });

  test("every example is accepted", async () => {
    for (const name of [
      "",
      "run",
      "run gevb",
      "run gevb-tables",
      "run gevb-widths",
      "run quickstart",
      "list",
      "devices",
      "data",
      "data fetch",
      "data info",
    ]) {
      const { out } = await sulcus([...name.split(" ").filter(Boolean), "--help"]);
      const example = /Examples?:\n {2}sulcus (.*)\n/.exec(out)?.[1] ?? "";
      // As a shell takes it apart: what stands in quotes is one word with its neighbours.
      const words = [...example.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ""));
      expect(await sulcus(words)).toMatchObject({ code: 0, err: "" });
    }
  });
});
