/** Characters of a value that a message repeats at most, and of a message as a whole. */
const longestValue = 60;
const longestMessage = 2000;

/** Levels of lists and records that a message shows. */
const deepest = 2;

/**
 * A value that came from outside, as a message repeats it: on one line, short, and without anything that a terminal obeys.
 *
 * A text is quoted, and told with its length where it is cut: `"abc"`, `"abc..." (70,000 characters)`. Lists and
 * records read `[1, 2]` and `{name: "v1", units: 3}`, are cut at the same length and end in "..."; members that are
 * undefined are left out. What is not there reads "nothing".
 *
 * @param limit characters that are shown of it; default 60
 */
export function shown(value: unknown, limit = longestValue): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value !== "object") return scalar(value, limit);
  const text = nest(value, limit, 1);
  return text.length > limit ? `${escaped(text.slice(0, limit))}...` : text;
}

/** A text on one line: what a terminal would obey (line breaks, control characters, changes of direction) is escaped. */
export function escaped(text: string): string {
  return text.replace(obeyed, (character) => escapes[character] ?? unitsOf(character).map(escapedUnit).join(""));
}

/** A message on one line; of one that is too long to be read, the beginning and the end. */
export function readable(message: string): string {
  const text = escaped(message.length > 10 * longestMessage ? cut(message, 5 * longestMessage) : message);
  return text.length > longestMessage ? cut(text, longestMessage) : text;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** Control characters, marks of format, what Unicode has not assigned, and separators of lines. */
const obeyed = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** UTF-16 code units of a character, which JSON escapes one by one. */
const unitsOf = (character: string) => Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
const escapedUnit = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;

/** Three quarters of what may stay are of the beginning, the rest of the end, where messages say what to try. */
const cut = (text: string, length: number) =>
  `${text.slice(0, 0.75 * length)} ... ${text.slice(text.length - 0.25 * length)}`;

function scalar(value: unknown, limit: number): string {
  switch (typeof value) {
    case "string":
      return value.length > limit
        ? `${quoted(`${value.slice(0, limit)}...`)} (${value.length.toLocaleString("en")} characters)`
        : quoted(value);
    case "function":
      return "a function";
    case "bigint":
      return shortened(String(value), limit);
    default:
      return Object.is(value, -0) ? "-0" : escaped(shortened(String(value), limit));
  }
}

const quoted = (text: string) => escaped(JSON.stringify(text));

const shortened = (text: string, limit: number) => (text.length > limit ? `${text.slice(0, limit)}...` : text);

function member(value: unknown, limit: number, depth: number): string {
  if (value === null) return "null";
  return typeof value === "object" ? nest(value, limit, depth) : scalar(value, limit);
}

/** No more members are looked at than the limit has room for. */
function nest(value: object, limit: number, depth: number): string {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const [open, close] = isList ? "[]" : "{}";
  const members: string[] = [];
  let length = 0;
  for (const [key, inner] of entriesOf(value, isList)) {
    if (depth > deepest || length > limit) return `${open}${[...members, "..."].join(", ")}${close}`;
    const text = member(inner, limit, depth + 1);
    members.push(isList ? text : `${named(key)}: ${text}`);
    length += members.at(-1)!.length + 2;
  }
  return open + members.join(", ") + close;
}

function* entriesOf(value: object, isList: boolean): Generator<[string, unknown]> {
  if (isList) {
    for (const inner of value as Iterable<unknown>) yield ["", inner];
    return;
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) yield [key, inner];
  }
}

const named = (key: string) => (/^[\w-]{1,30}$/.test(key) ? key : scalar(key, 30));
