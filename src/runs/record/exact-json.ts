/**
 * JSON that gives back every number. JSON itself has no NaN, no infinities and no -0, and JavaScript writes null or 0 for
 * them, so that the state of a run would not come back as it was. Here they are the strings "NaN", "Infinity", "-Infinity" and
 * "-0", which Python's float() understands as well; a genuine string of that wording gets a backslash in front.
 */
const special = /^(NaN|-?Infinity|-0)$/;
const escaped = /^\\+(NaN|-?Infinity|-0)$/;

/** @param indent blanks a level for people to read; absent: one line. */
export function toExactJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, part: unknown) => encode(part), indent);
}

/** @throws SyntaxError of JSON.parse when the text is not JSON. */
export function fromExactJson(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => decode(part));
}

function encode(part: unknown): unknown {
  if (typeof part === "number") {
    if (Object.is(part, -0)) return "-0";
    return Number.isFinite(part) ? part : String(part);
  }
  return typeof part === "string" && (special.test(part) || escaped.test(part)) ? `\\${part}` : part;
}

function decode(part: unknown): unknown {
  if (typeof part !== "string") return part;
  if (special.test(part)) return Number(part);
  return escaped.test(part) ? part.slice(1) : part;
}
