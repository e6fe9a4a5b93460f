import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitted } from "../../src/report/html/fitted.ts";
import type { Table } from "../../src/report/html/table.ts";
import { tableMarkup } from "../../src/report/html/table.ts";
import { settingsTables } from "../../src/report/settings.ts";

const text = fc.string({ unit: fc.constantFrom("a", "1", " ", "\u00a0", "\n", "±"), maxLength: 40 });
const anyTable: fc.Arbitrary<Table> = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 4 }))
  .chain(([columns, rows]) =>
    fc.record({
      caption: text,
      columns: fc.array(text, { minLength: columns, maxLength: columns }),
      rows: fc.array(fc.record({ name: text, cells: fc.array(text, { minLength: columns, maxLength: columns }) }), {
        minLength: rows,
        maxLength: rows,
      }),
    }),
  );

/** Letters of the longest words of all columns beside each other, and of what surrounds them. */
function lettersOf({ columns, rows }: Table): number {
  const longest = (texts: readonly string[]) =>
    Math.min(30, Math.max(0, ...texts.flatMap((each) => each.split(/[ \n]/).map(({ length }) => length))));
  const widths = columns.map((column, at) => longest([column, ...rows.map(({ cells }) => cells[at]!)]) + 1.7);
  return widths.reduce((sum, width) => sum + width, longest(rows.map(({ name }) => name)));
}

describe("a table that is wider than a page", () => {
  it("becomes several of all rows, which together have every column once and in order", () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const parts = fitted(table);
        expect(parts.flatMap(({ columns }) => columns)).toEqual(table.columns);
        for (const part of parts) expect(part.rows.map(({ name }) => name)).toEqual(table.rows.map(({ name }) => name));
        for (const [row, { cells }] of table.rows.entries())
          expect(parts.flatMap((part) => part.rows[row]!.cells)).toEqual(cells);
        for (const part of parts)
          if (part.columns.length > 1) expect(lettersOf(part)).toBeLessThanOrEqual(52 / 0.62 + 1);
        if (parts.length > 1)
          expect(parts.map(({ caption }) => caption)).toEqual(
            parts.map((_, index) => `${table.caption} (part ${index + 1} of ${parts.length})`),
          );
      }),
    );
  });

  it("stays one where it fits, as four conditions of several seeds do", () => {
    const cells = Array.from({ length: 4 }, () => "83.22\u00a0±\u00a00.68\u00a0%");
    const table = { caption: "", columns: ["a", "b", "c", "d"], rows: [{ name: "time of a run (mean)", cells }] };
    expect(fitted(table)).toEqual([table]);
    const wide = { ...table, columns: [..."abcdefgh"], rows: [{ name: "test error", cells: [...cells, ...cells] }] };
    expect(fitted(wide).map(({ columns }) => columns.length)).toEqual([4, 4]);
  });

  it("breaks no word but one that is longer than any measured one", () => {
    const path = "/a/path/that/no/page/has/room/for/in/a/column/of/its/own";
    const markup = tableMarkup({ caption: "", columns: ["specialization"], rows: [{ name: "data", cells: [path] }] });
    expect(markup).toContain(`<td class="long">${path}</td>`);
    expect(markup).toContain('<th scope="col">specialization</th>');
  });
});

describe("settings", () => {
  const config = (density: number, seed: number) => ({
    seed,
    rate: 0.1,
    circuit: { projections: [{ pre: "a", post: "b", topology: { kind: "sparse", density } }], shape: [3, 4] },
  });
  const condition = (name: string, density: number) => ({
    name,
    runs: [1, 2].map((seed) => ({ config: config(density, seed) })) as never[],
  });

  it("that are nested have a row each, named by their path; those in common have one column", () => {
    const [differing, common] = settingsTables([condition("x", 0.1), condition("y", 1)]);
    expect(differing).toEqual({
      caption: "Settings that differ between conditions",
      columns: ["x", "y"],
      rows: [{ name: "circuit.projections.a->b.topology.density", cells: ["0.1", "1"] }],
    });
    expect(common).toEqual({
      caption: "Settings that all conditions have in common",
      columns: ["value"],
      rows: [
        { name: "seed", cells: ["1; 2"] },
        { name: "rate", cells: ["0.1"] },
        { name: "circuit.projections.a->b.pre", cells: ["a"] },
        { name: "circuit.projections.a->b.post", cells: ["b"] },
        { name: "circuit.projections.a->b.topology.kind", cells: ["sparse"] },
        { name: "circuit.shape", cells: ["3, 4"] },
      ],
    });
    expect(settingsTables([condition("x", 0.1)]).map(({ caption }) => caption)).toEqual(["Settings"]);
    expect(settingsTables([])).toEqual([]);
  });
});
