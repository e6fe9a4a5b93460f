import type { TopLevelSpec } from "vega-lite";

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
}
