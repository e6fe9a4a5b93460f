/** A start or end tag as a browser would read it. */
export interface Tag {
  name: string;
  end: boolean;
  empty: boolean;
  attributes: Record<string, string>;
}

const VOID = ["meta", "!doctype"];

/**
 * The tags of HTML or SVG that is written without comments; throws at a "<" that starts no well-formed tag, at an
 * ampersand that starts no entity and where tags do not nest.
 */
export function readTags(markup: string): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  let end = 0;
  for (const match of markup.matchAll(/<(\/?)([!a-zA-Z][\w:-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/g)) {
    checkText(markup.slice(end, match.index), open.at(-1));
    end = match.index + match[0].length;
    const [, slash, name = "", attributes = "", empty] = match;
    const tag = { name: name.toLowerCase(), end: slash !== "", empty: empty !== "", attributes: read(attributes) };
    tags.push(tag);
    if (tag.empty || VOID.includes(tag.name)) continue;
    if (!tag.end) open.push(tag.name);
    else if (open.pop() !== tag.name)
      throw new Error(`</${name}> closes something else, before "${markup.slice(end, end + 60)}"`);
  }
  checkText(markup.slice(end), undefined);
  if (open.length) throw new Error(`never closed: ${open.join(", ")}`);
  return tags;
}

/** What stands between the tags, entities resolved. */
export function readText(markup: string): string {
  return resolve(markup.replace(/<style>.*?<\/style>/s, "").replace(/<(?:[^">]|"[^"]*")*>/g, "\n"));
}

function read(attributes: string): Record<string, string> {
  return Object.fromEntries(
    [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, resolve(value ?? "")]),
  );
}

function checkText(text: string, inside: string | undefined): void {
  if (inside === "style") return;
  if (/<|&(?!#?\w+;)/.test(text)) throw new Error(`not text: "${text.slice(0, 80)}"`);
}

function resolve(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}
