import { mkdir } from "node:fs/promises";
import path from "node:path";
import { drawFigure } from "../../src/report/draw.ts";
import { writeWhole } from "../../src/runs/record/atomic-file.ts";
import type { Limits } from "../limits.ts";
import { scalingAxes } from "./axes.ts";
import { scalingFigure } from "./figure.ts";
import { measureScaling } from "./measure.ts";

/** Measures every axis and draws a figure of each, scaling-<axis>.svg, into the folder. */
export async function writeScaling(
  folder: string,
  limits: Limits,
  settings: { readonly provider: string; readonly quick: boolean },
) {
  await mkdir(folder, { recursive: true });
  const measured: Record<string, object> = {};
  for (const axis of scalingAxes) {
    console.log(`${axis.name}: ${axis.summary}`);
    const points = await measureScaling(axis, limits, settings);
    const figure = scalingFigure(axis, points);
    const file = path.join(folder, `${figure.name}.svg`);
    await writeWhole(file, await drawFigure(figure));
    console.table(points.map(({ value, ...times }) => ({ [axis.title]: value, ...inWords(times) })));
    console.log(`written: ${file}`);
    measured[axis.name] = points;
  }
  return measured;
}

const inWords = (times: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(times).map(([name, value]) => [name, `${value.toFixed(1)} ms`]));
