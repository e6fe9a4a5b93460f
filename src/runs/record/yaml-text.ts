import { LineCounter, parseDocument, type ScalarTag, stringify, type Tags } from "yaml";
import { firstLine } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** What a text in YAML says, or what is wrong with it, as a clause, and where. */
type YamlText =
  | { readonly value: unknown }
  | { readonly fault: string; readonly at?: { readonly line: number; readonly column: number } };

/** Reads a text in YAML 1.2, as plain data. Whatever is wrong comes back as a fault; nothing is thrown. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const wrong = document.errors[0] ?? document.warnings[0];
    if (wrong) {
      const { line, col } = lines.linePos(wrong.pos[0]);
      return { fault: faultOf(wrong), at: { line, column: col } };
    }
    return { value: document.toJS() };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** The library's own sentence, or ours where that one speaks to programmers. */
function faultOf(error: unknown): string {
  const said = firstLine(error);
  if ((error as { code?: unknown }).code === "MULTIPLE_DOCS") return "a second YAML document starts, expected one";
  const [, alias] = /^Unresolved alias .*: (.*)$/.exec(said) ?? [];
  if (alias !== undefined)
    return `${shown(`*${alias}`)} repeats an anchor that is not set before it; write the value itself, or quote the text`;
  if (said.startsWith("Excessive alias count"))
    return "its aliases repeat one another too often; write the values themselves";
  return said === "Maximum call stack size exceeded" ? "it is nested too deeply" : said.replace(/:$/, "");
}

/**
 * Plain data as YAML that readers of YAML 1.2 and of YAML 1.1 (PyYAML) take alike: texts that either would read as
 * something else (`on`, `N`, `1_000`, `1:30`, `0o7`, dates) are quoted, and numbers with an exponent have a point
 * (`1.0e-7`).
 */
export function writeYaml(data: unknown): string {
  const tags = (known: Tags): Tags => [...known.filter((tag) => !isReplaced(tag)), text, number];
  return stringify(data, { aliasDuplicateObjects: false, lineWidth: 0, customTags: tags });
}

const replaced = ["str", "int", "float"].map((name) => `tag:yaml.org,2002:${name}`);
const isReplaced = (tag: Tags[number]) => typeof tag === "object" && replaced.includes(tag.tag);

const text: ScalarTag = {
  tag: "tag:yaml.org,2002:str",
  default: true,
  identify: (value) => typeof value === "string",
  resolve: (source) => source,
  stringify: ({ value }) => written(value as string),
};

const number: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => typeof value === "number",
  test: /^$/,
  resolve: Number,
  stringify: ({ value }) => writtenNumber(value as number),
};

/**
 * Texts of letters and what is harmless between them, which no reader takes for anything else unless it is one of the
 * words.
 */
const harmless = /^[A-Za-z/](?:[\w ./>+-]*[\w./>+-])?$/;
const words = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i;

/** What JSON leaves as it is, and a reader of YAML takes for a line break or refuses. */
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function written(value: string): string {
  if (harmless.test(value) && !words.test(value)) return value;
  return JSON.stringify(value).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function writtenNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Object.is(value, -0)) return "-0.0";
  return String(value).replace(/^(-?\d+)e/, "$1.0e");
}
