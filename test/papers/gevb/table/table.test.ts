import { csvParse } from "d3-dsv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../../src/kinds/errors.ts";
import { tableFigure } from "../../../../src/papers/gevb/chapter/figures/table.ts";
import { tableCsv } from "../../../../src/papers/gevb/table/csv.ts";
import { tableLayouts } from "../../../../src/papers/gevb/table/layout.ts";
import { tableMarkdown } from "../../../../src/papers/gevb/table/markdown.ts";
import { tablesOf } from "../../../../src/papers/gevb/table/tables.ts";
import type { TableCell } from "../../../../src/papers/gevb/table-record.ts";
import { drawFigure } from "../../../../src/report/draw.ts";
import { anyTable, entryKey } from "../../../report/arbitraries.ts";
import { collectingLogger } from "../../../report/collecting-logger.ts";
import { readTags, readText } from "../../../report/markup.ts";
import { exampleTable } from "./example-table.ts";

const cells = exampleTable();

/** The cells that a CSV file describes, in the order of their first lines. */
function readCsv(text: string): TableCell[] {
  const found = new Map<string, TableCell>();
  for (const line of csvParse(text)) {
    const { dataset, arch, units, rule, sign, failure, paper_test_error: test, paper_train_error: train } = line;
    const paper = test ? { paper: { testError: Number(test), ...(train ? { trainError: Number(train) } : {}) } } : {};
    const cell = {
      dataset,
      arch,
      units,
      rule,
      sign,
      runs: [],
      ...(failure ? { failure } : {}),
      ...paper,
    } as unknown as TableCell;
    const known = found.get(entryKey(cell)) ?? cell;
    const [testError, trainError] = [line.test_error!, line.train_error!].map((text) =>
      text === "" ? null : Number(text),
    ) as [number | null, number | null];
    const epochs = Number(line.epochs);
    const runs = line.seed ? [...known.runs, { seed: Number(line.seed), testError, trainError, epochs }] : [];
    found.set(entryKey(cell), { ...known, runs });
  }
  return [...found.values()];
}

/** Cells of the lines of Markdown tables, backslashes taken off; what separates cells is a pipe without one. */
function readMarkdown(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => (line.match(/(?:\\.|[^|\\])+/gu) ?? []).map((each) => each.slice(1, -1).replace(/\\(.)/gu, "$1")));
}

describe("a table as CSV", () => {
  it("gives back its cells", () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        expect(readCsv(tableCsv(table))).toEqual(table);
      }),
    );
  });

  it("has a line a cell and seed, and one for a cell without", () => {
    const lines = tableCsv(cells.slice(14, 17)).split("\n");
    expect(lines[0]).toBe(
      "dataset,arch,units,rule,sign,seed,test_error,train_error,epochs,failure,paper_test_error,paper_train_error",
    );
    expect(lines[5]).toMatch(/^cifar10,dense,vector,gevb,mixed,5,0\.5\d+,0\.02\d+,190,,0\.4886,0\.0202$/);
    expect(lines[6]).toBe("cifar10,dense,vector,bp,mixed,,,,,,0.4598,");
    expect(lines[7]).toBe(
      'cifar10,local,conventional,dfa,excitatory,,,,,"the loss was lost at step 1,200",0.4118,0.1062',
    );
    expect(lines.slice(8)).toEqual([""]);
  });
});

describe("a table as Markdown", () => {
  it("has the paper's rows and columns, ours beside the paper's", () => {
    const lines = readMarkdown(tableMarkdown(cells));
    expect(lines.slice(0, 5)).toEqual([
      ["MNIST", "GEVB/DFA, W\u00a0\u2265\u00a00", "BP, W\u00a0\u2265\u00a00", "GEVB/DFA, mixed", "BP, mixed"],
      ["---", "---:", "---:", "---:", "---:"],
      expect.arrayContaining(["dense, vector"]),
      expect.arrayContaining(["dense, conventional"]),
      expect.arrayContaining(["conv, vector"]),
    ]);
    const plain = lines.flat().map((text) => text.replaceAll("\u00a0", " "));
    expect(plain).toContain("1.95 ± 0.04 (0.07), n = 5; paper 1.87 (0.06)");
    expect(plain).toContain("0.81, n = 1; paper 0.80");
    expect(plain).toContain("–; paper 45.98");
    expect(plain).toContain("failed: the loss was lost at step 1,200; paper 41.18 (10.62)");
  });

  it("reads back as rows, columns and numbers, whatever rules and reasons read", () => {
    const inOneLine = (text: string) => text.replace(/\s*[\r\n\u2028\u2029]\s*/g, " ");
    fc.assert(
      fc.property(anyTable, (table) => {
        const lines = readMarkdown(tableMarkdown(table));
        const layouts = tableLayouts(table);
        expect(lines).toHaveLength(layouts.reduce((sum, { rows }) => sum + rows.length + 2, 0));
        for (const { title, columns, rows } of layouts) {
          expect(lines.shift()).toEqual([title, ...columns].map(inOneLine));
          expect(lines.shift()).toHaveLength(columns.length + 1);
          for (const { name, cells: entries } of rows) {
            const [first, ...texts] = lines.shift() as [string, ...string[]];
            expect([first, texts.length]).toEqual([name, columns.length]);
            entries.forEach((cell, index) => {
              if (cell?.failure) expect(texts[index]).toContain(inOneLine(`failed: ${cell.failure}`).trimEnd());
              if (cell?.paper) expect(texts[index]).toContain(`paper\u00a0${(100 * cell.paper.testError).toFixed(2)}`);
              if (!cell) expect(texts[index]).toBe("\u2013");
            });
          }
        }
      }),
    );
  });
});

describe("the layout of a table", () => {
  it("shows every cell once", () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const shown = tableLayouts(table).flatMap(({ rows }) => rows.flatMap((row) => row.cells));
        expect(new Set(shown.filter((cell) => cell !== undefined))).toEqual(new Set(table));
        expect(shown.filter((cell) => cell !== undefined)).toHaveLength(table.length);
        for (const { columns, rows } of tableLayouts(table))
          for (const row of rows) expect(row.cells).toHaveLength(columns.length);
      }),
    );
  });

  it("keeps GEVB and DFA apart where a circuit learns by both", () => {
    const both: TableCell[] = [cells[0]!, { ...cells[0]!, rule: "dfa" }];
    expect(tableLayouts(both)[0]?.columns).toEqual(["GEVB, W\u00a0\u2265\u00a00", "DFA, W\u00a0\u2265\u00a00"]);
  });

  it("is refused for an entry or a seed that is there twice", () => {
    expect(() => tableLayouts([cells[0]!, cells[0]!])).toThrow(
      new UsageError(
        "Table cell mnist, dense, vector, gevb, excitatory: got it twice; give one cell with the runs of both.",
      ),
    );
    const [run] = cells[0]!.runs;
    expect(() => tableCsv([{ ...cells[0]!, runs: [run!, run!] }])).toThrow(
      new UsageError(
        "Table cell mnist, dense, vector, gevb, excitatory: got seed 1 twice; give each seed once, or another seed.",
      ),
    );
  });
});

describe("entries of a table", () => {
  const [first] = cells as [TableCell];
  const entry = (cell: Partial<TableCell>) =>
    tablesOf([{ ...first, ...cell }])[0]
      ?.rows[0]?.cells[0]?.replaceAll("\u00a0", " ")
      .split("\n");

  it("say of a seed without a number that it is not in the mean", () => {
    const runs = [0.01, 0.03, Number.NaN].map((testError, seed) => ({ seed, testError, trainError: 0, epochs: 1 }));
    expect(entry({ runs })).toEqual(["2.00 ± 1.41", "n = 2 of 3", "paper 1.87 (0.06)"]);
    expect(entry({ runs: runs.slice(2) })).toEqual(["no number", "n = 0 of 1", "paper 1.87 (0.06)"]);
  });

  it("give a reason beside what was run", () => {
    expect(entry({ runs: first.runs.slice(0, 1), failure: "seed 2 diverged" })?.slice(1)).toEqual([
      "n = 1",
      "failed: seed 2 diverged",
      "paper 1.87 (0.06)",
    ]);
  });
});

describe("the figure of a table", () => {
  it("compiles without a warning whatever the cells are", async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const log = collectingLogger();
        const figure = tableFigure(table);
        expect(figure === undefined).toBe(table.length === 0);
        if (!figure) return;
        const svg = await drawFigure(figure, log);
        expect(readTags(svg).length).toBeGreaterThan(20);
        expect(svg).not.toMatch(/[":, ](NaN|undefined|Infinity)[", ]/);
        expect(log.messages).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("has a dot for each cell that was run, a stroke for each number of the paper, and names the failed one", async () => {
    const figure = tableFigure(cells)!;
    const svg = await drawFigure(figure, collectingLogger());
    const words = readText(svg).split("\n");
    for (const word of ["MNIST", "CIFAR-10", "dense, vector", "test error (%)", "GEVB, mixed", "paper"])
      expect(words).toContain(word);
    expect(words).toContain("DFA, W\u00a0\u2265\u00a00: failed");
    const marks = svg.match(/class="mark-symbol role-mark[^"]*"[^>]*>.*?<\/g>/gs) ?? [];
    expect(marks.map((group) => group.match(/<path/g)?.length ?? 0).reduce((a, b) => a + b)).toBe(18 + 20);
    expect(figure.caption).toContain(
      "Dots are means over 1 to 5 seeds, bars \u00b11 SD. 18 of 20 combinations have been run; 1 failed.",
    );
  });
});
