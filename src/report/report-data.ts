import type { Chapter } from "./chapter.ts";
import type { RunRecord } from "./run-record.ts";

/** Everything a report shows. Two reports of equal data are equal byte for byte. */
export interface ReportData {
  title: string;
  /** Name of the experiment: "gevb". */
  experiment: string;
  /** The command that repeats it. */
  command?: string;
  /** When, ISO 8601. */
  created: string;
  /** Versions and the machine in words. */
  environment: Record<string, string>;
  /** In the order of tables and legends; none where a chapter shows something without them. */
  runs: RunRecord[];
  /** What is shown besides training: chapters of the experiment, then of the measures. */
  chapters?: readonly Chapter[];
}

/** Puts a whole file in place: either all of `content` ends up under `path` or nothing does. */
export type Writer = (path: string, content: string | Uint8Array) => Promise<void>;
