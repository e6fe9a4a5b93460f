import type { TopLevelSpec } from "vega-lite";

/** A line of a figure's numbers, by the names of its columns. */
export type NumbersLine = Readonly<Record<string, string | number | null | undefined>>;

/** A figure as plain data: what is drawn and what is said about it. */
export interface Figure {
  /** Name of its files, without extension; unique within a report. */
  name: string;
  title: string;
  /** What a reader should see in it; plain text. */
  caption: string;
  /** What it shows, for a reader who cannot see it. */
  description: string;
  /** A complete Vega-Lite specification, data included. */
  spec: TopLevelSpec;
  /**
   * What is drawn, in full precision, as whoever draws it anew wants it: where there are seeds, a line for each instead of
   * their mean. Empty where the figure shows images.
   */
  numbers: readonly NumbersLine[];
}
