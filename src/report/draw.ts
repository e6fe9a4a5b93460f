import { type LoggerInterface, logger, parse, View, Warn } from "vega";
import { compile } from "vega-lite";
import type { Figure } from "./figures/figure.ts";
import { escapeMarkup, withoutControlCharacters } from "./html/escape.ts";

/** A tag with its attributes, whatever is in their quotes. */
const TAG = /<(?:[^"'>]|"[^"]*"|'[^']*')*>/g;

/**
 * The figure as SVG, the same bytes for the same figure.
 *
 * @param log where Vega tells what it does not like about the specification; by default the console
 */
export async function drawFigure(figure: Figure, log: LoggerInterface = logger(Warn)): Promise<string> {
  const { spec } = compile(figure.spec, { logger: log });
  const view = new View(parse(spec), { renderer: "none", logger: log });
  try {
    const svg = withoutControlCharacters(await view.toSVG());
    return described(uniqueIds(svg, figure.name), figure);
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

/** One image to a screen reader, with a description instead of its parts. */
function described(svg: string, { description }: Figure): string {
  // By a function: in a replacement text, "$&" would mean something.
  return svg.replace(/^<svg /, () => `<svg role="img" aria-label="${escapeMarkup(description)}" `);
}
