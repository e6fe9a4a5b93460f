import * as z from "zod";
import { AlignmentByProjection } from "../../records/learning-record.ts";
import { spread } from "../../report/spread.ts";

/** Alignment of a rule with the gradient in one network at its start; a line of metrics.jsonl. */
export const WidthAlignment = z.object({
  /** Units of every hidden population. */
  width: z.int().min(0),
  seed: z.int().min(0),
  /** By projection, "pre->post", in the order of activity. */
  alignment: AlignmentByProjection,
});
export type WidthAlignment = z.infer<typeof WidthAlignment>;

/** Networks that differ in width and seed alone. */
export interface WidthSeries {
  /** Hidden populations. */
  depth: number;
  /** Stimuli whose mean update was compared. */
  batch: number;
  sign: string;
  /** "on-off" or "he". */
  initial: string;
  networks: readonly WidthAlignment[];
}

/** What the seeds of a width agree on, for one projection. */
export interface WidthPoint {
  projection: string;
  width: number;
  /** Seeds measured, and those of them whose update and gradient have directions to compare. */
  seeds: number;
  compared: number;
  /**
   * Mean angle and its standard deviation over the latter, degrees; the deviation 0 for a single seed, both NaN for
   * none.
   */
  angle: number;
  deviation: number;
  /** Mean share of weights whose update and gradient have the same sign, 0 to 1; NaN where no seed compares. */
  signAgreement: number;
}

/** Points by projection, then by rising width. */
export function widthPoints({ networks }: WidthSeries): WidthPoint[] {
  const projections = [...new Set(networks.flatMap(({ alignment }) => Object.keys(alignment)))];
  const widths = [...new Set(networks.map(({ width }) => width))].sort((a, b) => a - b);
  return projections.flatMap((projection) =>
    widths.flatMap((width) => {
      const found = networks.flatMap((network) => {
        const own = network.width === width && Object.hasOwn(network.alignment, projection);
        return own ? [network.alignment[projection]!] : [];
      });
      if (found.length === 0) return [];
      const { mean: angle, deviation, count: compared } = spread(found.map((each) => each.angle));
      const { mean: signAgreement } = spread(found.map((each) => each.signAgreement));
      return [{ projection, width, seeds: found.length, compared, angle, deviation, signAgreement }];
    }),
  );
}

/**
 * The angle, degrees, that no width goes below for the projection onto the last hidden population; undefined where none is
 * known. There the gradient is the update times each unit's own readout weight, which no sum averages out: with weights w of
 * one distribution the cosine tends to E[w] / sqrt(E[w^2]). ON/OFF: w = max(Z, 0), 1 / sqrt(pi). He: w = |Z|, sqrt(2 / pi).
 */
export function widthLimit({ sign, initial }: Pick<WidthSeries, "sign" | "initial">): number | undefined {
  if (sign !== "excitatory") return undefined;
  const cosine = initial === "on-off" ? 1 / Math.sqrt(Math.PI) : Math.sqrt(2 / Math.PI);
  return (Math.acos(cosine) * 180) / Math.PI;
}

/** "", or ", 4 of 5 seeds" where some had no direction to compare. */
export const comparedInWords = ({ compared, seeds }: WidthPoint): string =>
  compared < seeds ? `, ${compared} of ${seeds} seeds` : "";

/** A line a width: angle and share of equal signs of every projection, as Markdown. */
export function widthMarkdown(series: WidthSeries): string {
  const points = widthPoints(series);
  const projections = [...new Set(points.map(({ projection }) => projection))];
  const widths = [...new Set(points.map(({ width }) => width))];
  const seeds = (width: number) =>
    Math.max(...points.filter((point) => point.width === width).map((each) => each.seeds));
  const cell = (projection: string, width: number) => {
    const point = points.find((each) => each.projection === projection && each.width === width);
    if (!point) return "";
    if (point.compared === 0) return "-";
    const deviation = point.compared > 1 ? ` ± ${point.deviation.toFixed(1)}` : "";
    return `${point.angle.toFixed(1)}${deviation} (${(100 * point.signAgreement).toFixed(1)} %)${comparedInWords(point)}`;
  };
  const head = ["width", "seeds", ...projections.map((projection) => `${projection}: angle in degrees (equal signs)`)];
  const rows = widths.map((width) => [
    String(width),
    String(seeds(width)),
    ...projections.map((projection) => cell(projection, width)),
  ]);
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}
