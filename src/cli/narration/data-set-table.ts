import type { DataSetInformation, MissingDataSet } from "../../runs/data/information.ts";
import { megabytes } from "../../runs/narration/wording.ts";
import { aligned } from "./table.ts";

/** A data set in words: where it lies, how many images of which class it has, and how bright they are. */
export function dataSetTable(data: DataSetInformation | MissingDataSet): string {
  if ("missing" in data) return `${data.name}: cannot be read\n  ${data.missing}`;
  const { name, folder, files, bytes, height, width, channels, classes, training, test } = data;
  const levels = channels === 1 ? "grey levels" : "colours";
  const channelNames = channels === 3 ? [" red", " green", " blue"] : Array.from({ length: channels }, () => "");
  const row = (label: string, of: (set: typeof training) => string) => [label, of(training), of(test)];
  const table = aligned([
    ["class", "training", "test"],
    ...classes.map((each, label) => row(each, ({ perClass }) => String(perClass[label]))),
    row("all", ({ count }) => String(count)),
    ...channelNames.map((channel, index) => row(`mean${channel}`, ({ mean }) => mean[index]!.toFixed(4))),
    ...channelNames.map((channel, index) => row(`SD${channel}`, (set) => set.standardDeviation[index]!.toFixed(4))),
  ]);
  return [
    `${name}: images of ${height} x ${width} pixels in ${levels}, ${classes.length} classes`,
    `  folder  ${folder} (${megabytes(bytes)})`,
    `  files   ${files.join(", ")}`,
    ...table.split("\n").map((line) => `  ${line}`),
    "  mean and SD are those of the pixels, from 0 (black) to 1",
  ].join("\n");
}
