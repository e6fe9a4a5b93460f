import { join } from "node:path";
import type { Figure } from "../report/figures/figure.ts";
import { checkWidth, type FigureFiles, readFormat } from "../report/files/figure-format.ts";
import { reportWriter } from "./report-writer.ts";

/** Where figures are written, and in which formats. */
export interface FigureOptions extends Pick<FigureFiles, "formats" | "width"> {
  /** Default: the working directory. */
  readonly folder?: string;
}

/**
 * Writes a figure, or several, as NAME.vl.json and in each format that is asked for.
 *
 * ```ts
 * await writeFigure(figures.learningCurves(await loadRuns("runs/gevb/20241124-120000-1")), { formats: ["pdf", "csv"], width: 85 });
 * ```
 *
 * @param figures what is undefined is left out, as figures are of which there is nothing to show
 * @returns paths of the files
 * @throws UsageError for a format or width that figures cannot have; StorageError when a file cannot be written
 */
export async function writeFigure(
  figures: Figure | undefined | readonly (Figure | undefined)[],
  { folder = ".", ...files }: FigureOptions = {},
): Promise<string[]> {
  checkFiles(files);
  const { writeFigure: write } = await import("../report/files/write-figure.ts");
  const writer = reportWriter(folder, undefined);
  const paths: string[] = [];
  const noting = async (path: string, content: string | Uint8Array) => {
    await writer(path, content);
    paths.push(path);
  };
  for (const figure of [figures].flat() as (Figure | undefined)[])
    if (figure !== undefined) await write(join(folder, figure.name), figure, files, { write: noting });
  return paths;
}

/** @throws UsageError unless formats and width are such as figures can have */
export function checkFiles({ formats, width }: Pick<FigureFiles, "formats" | "width">): void {
  for (const format of formats ?? []) readFormat(format);
  if (width !== undefined) checkWidth(width);
}
