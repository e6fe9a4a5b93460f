import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { Figure, NumbersLine } from "./figure.ts";
import { FIGURE_WIDTH, THEME } from "./theme.ts";

/** A figure of one's own. */
export interface OwnFigure {
  /** Name of its files: lower-case letters, digits and "-". */
  readonly name: string;
  readonly title: string;
  /** What a reader should see in it; plain text. */
  readonly caption: string;
  /** What it shows, for a reader who cannot see it; default: its title and caption. */
  readonly description?: string;
  /**
   * A specification of [Vega-Lite](https://vega.github.io/vega-lite/): marks and encodings, layers, facets or concatenations. What it
   * leaves out is Sulcus's: data, fonts and colours of text (members of its own `config` win), and the width of a single view.
   */
  readonly spec: Readonly<Record<string, unknown>>;
  /** What is drawn, a record a line: the data of the specification, and the numbers of its CSV. */
  readonly data: readonly NumbersLine[];
}

/** Members of a specification that make it more than a single view, whose parts have widths of their own. */
const composed = ["concat", "hconcat", "vconcat", "facet", "repeat"];

/**
 * A figure of one's own, which looks like those of Sulcus, is written in the same formats and can stand in a report.
 *
 * ```ts
 * figure({
 *   name: "rates",
 *   title: "Mean rates",
 *   caption: "Mean rate of each population over test stimuli.",
 *   spec: { mark: "bar", encoding: { x: { field: "population", type: "nominal" }, y: { field: "rate", type: "quantitative" } } },
 *   data: [{ population: "v1", rate: 0.21 }, { population: "v2", rate: 0.4 }],
 * });
 * ```
 *
 * @throws UsageError where its name cannot name files, or data or specification are none
 */
export function figure({ name, title, caption, description, spec, data }: OwnFigure): Figure {
  if (typeof name !== "string" || !/^[a-z\d][a-z\d-]{0,80}$/.test(name))
    throw new UsageError(
      `figure ${shown(name)}: expected a name of lower-case letters, digits and "-", by which its files are called`,
    );
  const isLine = (line: unknown) => typeof line === "object" && line !== null && !Array.isArray(line);
  if (!Array.isArray(data) || !data.every(isLine))
    throw new UsageError(
      `figure "${name}", data: got ${shown(data)}, expected a list of records, such as [{ population: "v1", rate: 0.2 }]`,
    );
  if (!isLine(spec))
    throw new UsageError(
      `figure "${name}", spec: got ${shown(spec)}, expected a specification of Vega-Lite, such as { mark: "line", encoding: { ... } }`,
    );
  const { config, ...rest } = spec;
  const single = !composed.some((member) => Object.hasOwn(spec, member));
  return {
    name,
    title,
    caption,
    description: description ?? `${title}. ${caption}`,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      data: { values: data },
      ...(single ? { width: FIGURE_WIDTH } : {}),
      ...rest,
      config: { ...THEME, ...(config as object | undefined) },
    } as unknown as TopLevelSpec,
    numbers: data,
  };
}
