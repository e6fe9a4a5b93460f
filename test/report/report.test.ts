import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/kinds/errors.ts";
import { tableChapters } from "../../src/papers/gevb/chapter/table-chapter.ts";
import { figure } from "../../src/report/figures/own-figure.ts";
import type { ReportData } from "../../src/report/report-data.ts";
import { writeReport } from "../../src/report/write-report.ts";
import { exampleTable } from "../papers/gevb/table/example-table.ts";
import { CASES } from "./cases.ts";
import { collectingLogger } from "./collecting-logger.ts";
import { BP, exampleReport, exampleRun, exampleSeeds, GEVB } from "./example-data.ts";
import { readTags, readText } from "./markup.ts";

/** The reports of cases, each drawn once. */
const drawnCases = new Map<string, ReturnType<typeof written>>();
function ofCase(name: string) {
  const drawn = drawnCases.get(name) ?? written(CASES[name]!);
  drawnCases.set(name, drawn);
  return drawn;
}

/** Writes the report into memory. */
async function written(data: ReportData) {
  const files = new Map<string, string>();
  const log = collectingLogger();
  const write = async (path: string, content: string | Uint8Array) => {
    files.set(path, content.toString());
  };
  const path = await writeReport("run", data, { write, log });
  return { files, page: files.get(path) ?? "", warnings: log.messages };
}

/** Names and attribute names of all tags that are not part of a drawing. */
function skeleton(page: string): string[] {
  let inside = 0;
  return readTags(page).flatMap((tag) => {
    if (tag.name === "svg") inside += tag.end ? -1 : 1;
    return inside ? [] : [`${tag.end ? "/" : ""}${tag.name} ${Object.keys(tag.attributes).join(" ")}`];
  });
}

/** Texts that would do harm as markup, as a key or as a pattern. */
const harmful = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  "</svg></title></style><b>",
  "&lt; & &amp; <!-- ]]>",
  "\u0000\u001b\ud800\uffff",
  "__proto__",
  "constructor",
  "$& $1 $`",
];
const markup = fc.oneof(fc.constantFrom(...harmful), fc.string({ unit: "binary", minLength: 1, maxLength: 12 }));

/** The report with a text in every place that takes one. */
function filledWith(text: string): ReportData {
  const base = exampleRun({ ...GEVB, label: text, rule: text, evaluations: 2, projections: [text], fields: true });
  const fields = base.receptiveFields!;
  const run = {
    ...base,
    config: { sign: text, [`key ${text}`]: text, list: [text, { text }] },
    receptiveFields: {
      ...fields,
      projection: text,
      units: fields.units.slice(0, 1).map((unit) => ({ ...unit, name: text })),
    },
  };
  return {
    title: text,
    experiment: text,
    command: `sulcus ${text}`,
    created: text,
    environment: { [`name ${text}`]: text },
    runs: [run],
  };
}

describe("a report", () => {
  for (const name of Object.keys(CASES)) {
    it(`of ${name} is well-formed, names no number that is none, loads nothing, and refers to ids that are there once`, async () => {
      const { page, warnings, files } = await ofCase(name);
      for (const [path, content] of files) {
        if (!path.endsWith(".svg")) continue;
        expect(readTags(content).length).toBeGreaterThan(20);
        expect(content).not.toMatch(/NaN|Infinity|undefined|\[object/);
      }
      const tags = readTags(page);
      expect(warnings).toEqual([]);
      expect(readText(page)).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
      expect(page.replace(/ xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:|@import|url\((?!#)/);
      for (const { name: tag, attributes } of tags) {
        expect(["script", "link", "iframe", "object"]).not.toContain(tag);
        const source = attributes.src ?? attributes.href ?? attributes["xlink:href"];
        if (source !== undefined) expect(source).toMatch(/^data:image\/png;base64,[\w+/=]+$/);
      }
      const ids = tags.flatMap(({ attributes }) => attributes.id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
      const references = [...page.matchAll(/url\(#([^)]+)\)|aria-labelledby="([^"]+)"/g)].map(([, a, b]) => a ?? b);
      for (const reference of references) expect(ids).toContain(reference);
    });
  }

  it("shows any text as text, wherever it stands", async () => {
    const plain = skeleton((await written(filledWith("x"))).page);
    await fc.assert(
      fc.asyncProperty(markup, async (text) => {
        const { page, warnings } = await written(filledWith(text));
        expect(skeleton(page)).toEqual(plain);
        for (const { attributes } of readTags(page)) {
          expect(Object.keys(attributes).filter((name) => name.startsWith("on"))).toEqual([]);
        }
        expect(warnings).toEqual([]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
        expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
      }),
      // The first report holds all harmful texts at once; those that are keys come by themselves.
      { numRuns: 12, examples: [[harmful.join(" ")], ["__proto__"], ["constructor"]] },
    );
  });

  it("prints labels as they are", async () => {
    const label = "GEVB <W & b> \"quoted\" 'too'";
    const { page } = await written(exampleReport([exampleRun({ ...BP, label })]));
    expect(readText(page)).toContain(`Experiment gevb: one run, ${label}.`);
  });

  it("of the same data is the same, byte for byte", async () => {
    const first = await ofCase("two runs");
    const second = await written({ ...exampleReport(), runs: structuredClone(exampleReport().runs) });
    expect(second.files).toEqual(first.files);
  });

  it("lies beside its figures and their specifications", async () => {
    const { files } = await ofCase("two runs");
    const names = ["errors", "learning-curves", "alignment", "sign-agreement", "receptive-fields"];
    const figures = names.flatMap((name) =>
      // Images have no numbers beside them.
      ["vl.json", "svg", ...(name === "receptive-fields" ? [] : ["csv"])].map((end) =>
        join("run", "figures", `${name}.${end}`),
      ),
    );
    expect([...files.keys()]).toEqual([...figures, join("run", "report.html")]);
    for (const name of names) {
      const spec = JSON.parse(files.get(join("run", "figures", `${name}.vl.json`)) ?? "");
      expect(spec.$schema).toBe("https://vega.github.io/schema/vega-lite/v6.json");
    }
  });

  it("tells what was run and what came out", async () => {
    const text = readText((await ofCase("two runs")).page);
    expect(text).toContain(
      "Experiment gevb: 2 runs, GEVB and BP. The circuit has 2 hidden populations of 1,024 and 512 units.",
    );
    expect(text).toContain("Each was trained for 10 epochs (4,690 steps), all random numbers from seed 1.");
    const cells = text.split(/\n+/);
    // Of single seeds with the confidence interval of 10,000 stimuli below.
    expect(cells.slice(cells.indexOf("test error"), cells.indexOf("test error") + 5)).toEqual([
      "test error",
      "1.88\u00a0%",
      "95\u00a0%\u00a0CI 1.6\u00a0to\u00a02.2\u00a0%",
      "1.50\u00a0%",
      "95\u00a0%\u00a0CI 1.3\u00a0to\u00a01.8\u00a0%",
    ]);
    expect(cells).toEqual(
      expect.arrayContaining(["37.9°,\u00a099.6\u00a0%", "0°,\u00a0100\u00a0%", "29.6 ms", "2 min 26 s"]),
    );
    expect(cells).toContain("excitatory (W\u00a0\u2265\u00a00)");
    expect(cells).toContain("2025-03-04, 15:16 UTC");
  });

  it("leaves angles of more than four projections to their figure", async () => {
    const caption = "Angle between update and gradient at the end";
    const { page, files } = await ofCase("six projections");
    expect(page).not.toContain(caption);
    expect([...files.keys()]).toContain(join("run", "figures", "alignment.svg"));
    expect((await ofCase("two runs")).page).toContain(caption);
  });

  it("counts runs of one label", async () => {
    const { page } = await ofCase("runs of one label");
    expect(readText(page)).toContain("4 runs, GEVB, GEVB (2), BP and BP (2).");
  });

  it("gives mean and SD over seeds, and how many", async () => {
    const seeds = exampleSeeds(GEVB, 5);
    const text = readText((await written(exampleReport([...seeds, ...exampleSeeds(BP, 5)]))).page);
    expect(text).toContain("Experiment gevb: 10 runs, GEVB and BP with 5 seeds each.");
    expect(text).toContain("with seeds 1 to 5 for all random numbers");
    expect(text).toMatch(/test error\n+1\.89\u00a0±\u00a00\.08\u00a0%\n/);
    expect(text).toContain("38.0\u00a0±\u00a01.6°,\u00a099.6\u00a0%");
  });

  it("of a table alone has the table, its figure and its files", async () => {
    const { page, files } = await written({ ...exampleReport([]), chapters: tableChapters(exampleTable()) });
    const names = [
      "figures/table.vl.json",
      "figures/table.svg",
      "figures/table.csv",
      "table.md",
      "table.csv",
      "report.html",
    ];
    expect([...files.keys()]).toEqual(names.map((name) => join("run", ...name.split("/"))));
    const text = readText(page);
    expect(text).toContain(
      "Experiment gevb: 20 combinations of architecture, units, learning rule and sign of weights, 18 of them run, 71 runs in all; 1 failed.",
    );
    expect(text).toContain("1.95\u00a0±\u00a00.04\u00a0(0.07)\nn\u00a0=\u00a05\npaper\u00a01.87\u00a0(0.06)");
    expect(text).not.toContain("Settings");
  });

  it("puts the settings that differ first", async () => {
    const { page } = await ofCase("two runs");
    const settings = page.slice(page.indexOf("<details>"));
    const [differing, common] = settings.split("<table>").slice(1) as [string, string];
    expect(readText(differing).split(/\n+/).slice(1, -1)).toEqual([
      "Settings that differ between runs",
      ...["GEVB", "BP", "rule", "gevb", "bp"],
    ]);
    expect(readText(common)).toContain("Settings that all runs have in common");
    expect(readText(common)).toMatch(/\nhidden\n+1024, 512\n/);
  });

  it("with two figures of one name is refused, whose files would be the same", async () => {
    const chapter = { figures: () => [figure({ name: "errors", title: "", caption: "", spec: {}, data: [] })] };
    const twice = { ...exampleReport(), chapters: [chapter] };
    await expect(writeReport("run", twice, { write: async () => {} })).rejects.toThrow(
      new UsageError(
        'Figure "errors": two figures of one report have this name, by which their files are called; give one of them another name',
      ),
    );
  });

  it("of no run is refused", async () => {
    const write = async () => {};
    await expect(writeReport("run", exampleReport([]), { write })).rejects.toThrow(
      new UsageError(
        'Report "Global error-vector broadcasting on MNIST" has no runs, and no chapter of it shows anything without them; it needs at least one run',
      ),
    );
  });
});
