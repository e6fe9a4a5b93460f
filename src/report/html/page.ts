import type { Condition } from "../conditions.ts";
import type { Contents } from "../contents.ts";
import { explanation } from "../explanation.ts";
import type { Figure } from "../figures/figure.ts";
import type { ReportData } from "../report-data.ts";
import { settingsTables } from "../settings.ts";
import { escapeMarkup } from "./escape.ts";
import { fitted } from "./fitted.ts";
import { STYLE } from "./style.ts";
import { definitionsMarkup, tableMarkup } from "./table.ts";

/** A figure and its drawing. */
export interface DrawnFigure {
  figure: Figure;
  svg: string;
}

/** The report as one HTML page that needs nothing else: no script, no font, no picture from anywhere. */
export function reportPage(data: ReportData, contents: Contents, figures: readonly DrawnFigure[]): string {
  const title = escapeMarkup(data.title);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>
${STYLE}
</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="byline">${created(data.created)}</p>
</header>
<main>
${contents.warnings
  .map((text) => `<p class="warning" role="note">${escapeMarkup(text)}</p>\n`)
  .join("")}<p>${escapeMarkup(explanation(data.experiment, contents, contents.words))}</p>
${command(data.command)}<section aria-labelledby="results">
<h2 id="results">Results</h2>
${contents.tables.flatMap(fitted).map(tableMarkup).join("\n")}
</section>
<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
${figures.map(figureMarkup).join("\n")}
</section>
${configuration(contents.conditions)}${environment(data.environment)}</main>
</body>
</html>
`;
}

function figureMarkup({ figure, svg }: DrawnFigure, index: number): string {
  const caption = `<strong>Figure ${index + 1}. ${escapeMarkup(figure.title)}.</strong> ${escapeMarkup(figure.caption)}`;
  return `<figure>\n<div class="card">${svg}</div>\n<figcaption>${caption}</figcaption>\n</figure>`;
}

function created(iso: string): string {
  const time = new Date(iso);
  // A report must not fail for its date line; what is no date is shown as it came.
  if (Number.isNaN(time.getTime())) return escapeMarkup(iso);
  const exact = time.toISOString();
  return `<time datetime="${exact}">${exact.slice(0, 10)}, ${exact.slice(11, 16)} UTC</time>`;
}

function command(line: string | undefined): string {
  return line ? `<pre aria-label="command"><code>${escapeMarkup(line)}</code></pre>\n` : "";
}

function configuration(conditions: readonly Condition[]): string {
  const tables = settingsTables(conditions);
  if (tables.length === 0) return "";
  return `<section aria-labelledby="configuration">
<h2 id="configuration">Configuration</h2>
<details>
<summary>All settings, defaults included</summary>
${tables.flatMap(fitted).map(tableMarkup).join("\n")}
</details>
</section>
`;
}

function environment(entries: Readonly<Record<string, string>>): string {
  if (Object.keys(entries).length === 0) return "";
  return `<section aria-labelledby="environment">
<h2 id="environment">Environment</h2>
${definitionsMarkup(entries)}
</section>
`;
}
