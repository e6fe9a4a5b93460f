import * as vega from "vega";
import { type LoggerInterface, logger, parse, View, Warn } from "vega";
import { compile } from "vega-lite";
import { firstLine, UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import type { Figure } from "./figures/figure.ts";
import { escapeMarkup, withoutControlCharacters } from "./html/escape.ts";
import { textWidth } from "./text-width.ts";

/** A text as Vega draws it. */
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  /** Pixels from which on it is cut off. */
  readonly limit?: number;
}

/** How Vega measures text; its types leave it out. */
const { textMetrics } = vega as unknown as { textMetrics: { width(item: TextItem, text: unknown): number } };

// Without a canvas Vega takes every letter to be as wide as 0.8 of its height, half as much again as letters are: titles
// would lie apart and labels be left out for want of room.
textMetrics.width = ({ fontSize = 11, fontWeight, limit }, text) => {
  const width = textWidth(String(text ?? "").trim(), fontSize, fontWeight === "bold" || Number(fontWeight) >= 600);
  return limit !== undefined && limit > 0 ? Math.min(width, limit) : width;
};

/** A tag with its attributes, whatever is in their quotes. */
const TAG = /<(?:[^"'>]|"[^"]*"|'[^']*')*>/g;

/**
 * The figure as SVG, the same bytes for the same figure.
 *
 * @param log where Vega tells what it does not like about the specification; by default the console
 * @throws UsageError naming the figure where Vega-Lite can make nothing of its specification
 */
export async function drawFigure(figure: Figure, log: LoggerInterface = logger(Warn)): Promise<string> {
  let view: View;
  try {
    view = new View(parse(compile(figure.spec, { logger: log }).spec), { renderer: "none", logger: log });
  } catch (error) {
    throw new UsageError(
      `figure ${shown(figure.name)}: Vega-Lite cannot draw its spec (${firstLine(error)}); look at marks and encodings, as the editor at https://vega.github.io/editor shows them`,
      { cause: error },
    );
  }
  try {
    const svg = withoutControlCharacters(await view.toSVG());
    return described(uniqueIds(undashed(svg), figure.name), figure);
  } finally {
    view.finalize();
  }
}

/**
 * Ids named after the figure and numbered from 0. Vega counts its own on through the life of the process, so that the
 * same figure would come out differently the second time, and two figures in one page could share an id.
 */
function uniqueIds(svg: string, name: string): string {
  const tags = svg.match(TAG) ?? [];
  const ids = tags.flatMap((tag) => tag.match(/(?<= id=")[^"]+/)?.[0] ?? []);
  const renamed = new Map([...new Set(ids)].map((id, index) => [id, `${name}-${index}`]));
  const rename = (id: string) => renamed.get(id) ?? id;
  // In tags only: a label may read like a reference.
  return svg.replace(TAG, (tag) => tag.replace(/(?<= id=")[^"]+|(?<="url\(#)[^)"]+/g, rename));
}

/** Lines without the dashes that leave them whole, which PDF does not know. */
function undashed(svg: string): string {
  return svg.replace(TAG, (tag) => tag.replace(/ stroke-dasharray="1,0"/, ""));
}

/** One image to a screen reader, with a description instead of its parts. */
function described(svg: string, { description }: Figure): string {
  // By a function: in a replacement text, "$&" would mean something.
  return svg.replace(/^<svg /, () => `<svg role="img" aria-label="${escapeMarkup(description)}" `);
}
