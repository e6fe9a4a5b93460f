import { escapeMarkup } from "./escape.ts";

/** Letters of a word from which on it may be broken: a path, or a text of a user's own. */
export const LONG_WORD = 30;

/** A table whose first column names what stands in each row; everything is plain text. */
export interface Table {
  caption: string;
  columns: readonly string[];
  rows: readonly { name: string; cells: readonly string[]; emphasis?: boolean }[];
}

/** The table as HTML, in a box of its own that scrolls sideways on a phone. */
export function tableMarkup({ caption, columns, rows }: Table): string {
  const heads = columns.map((column) => `<th scope="col"${breakable(column)}>${escapeMarkup(column)}</th>`).join("");
  const lines = rows.map(({ name, cells, emphasis }) => {
    const data = cells.map((cell) => `<td${breakable(cell)}>${escapeMarkup(cell)}</td>`).join("");
    const row = `<th scope="row"${breakable(name)}>${escapeMarkup(name)}</th>`;
    return `<tr${emphasis ? ' class="emphasis"' : ""}>${row}${data}</tr>`;
  });
  const label = escapeMarkup(caption);
  // The caption stays in view while the table scrolls under it. Focusable, so that a keyboard can scroll it as well.
  return `<div class="scroll" role="region" aria-label="${label}" tabindex="0">
<table>
<caption><span>${label}</span></caption>
<thead><tr><td></td>${heads}</tr></thead>
<tbody>
${lines.join("\n")}
</tbody>
</table>
</div>`;
}

/** Lets a text be broken anywhere if it holds a word that is longer than any that was measured. */
function breakable(text: string): string {
  return text.split(/\s/).some((word) => word.length > LONG_WORD) ? ' class="long"' : "";
}

/** Names and what they stand for. */
export function definitionsMarkup(entries: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(entries).map(
    ([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`,
  );
  return `<dl>\n${pairs.join("\n")}\n</dl>`;
}
