import { listed } from "../../../../report/numbers.ts";
import { textWidth } from "../../../../report/text-width.ts";
import type { AttentionExample } from "../../attention-record.ts";

/** Pixels that images take beside each other, at most. */
const WIDTH = 540;
/** Width of an image, at most and at least. */
const WIDEST = 84;
const NARROWEST = 44;
/** Between images, and between scenes. */
const GAP = 4;
const SPACE = 22;
/** A line of text. */
const LINE = 17;
/** Between lines of one text. */
export const LINE_HEIGHT = 13;
/** Size of text. */
export const TEXT = 11;
/** How far a text may reach beyond what it stands above. */
export const REACH = 1.1;
/** Left of the images, where rows are named. */
export const NAMES = 96;

/** What stands in the rows of a scene, from top to bottom. */
export const ROWS = [
  "objects",
  "scene",
  "glimpse",
  "gated",
  "attention",
  "inhibition",
  "attended",
  "reported",
] as const;
export type Row = (typeof ROWS)[number];
const IMAGES: readonly Row[] = ["scene", "gated", "attention", "inhibition"];

/** Where everything is drawn, in pixels from the upper left corner. */
export interface ExampleLayout {
  width: number;
  height: number;
  image: { width: number; height: number };
  /** The rows that there are. */
  rows: Row[];
  /** Width of all images of a scene. */
  block: number;
  /** Whether there is a line for each object, since all of them do not fit beside each other. */
  stacked: boolean;
  /** Scenes beside each other. */
  across: number;
  /** Middle of the images of a glimpse; of all of them where none is given. */
  x(scene: number, glimpse?: number): number;
  /** Middle of a row. */
  y(scene: number, row: Row): number;
}

/** Lays scenes out in lines of as many as there is room for, the glimpses of each in columns. */
export function exampleLayout(examples: readonly AttentionExample[]): ExampleLayout {
  const glimpses = Math.max(1, ...examples.map((example) => example.glimpses.length));
  const inhibited = examples.some((example) => example.glimpses.some(({ inhibition }) => inhibition));
  const rows = ROWS.filter((row) => row !== "inhibition" || inhibited);
  const [first] = examples as readonly [AttentionExample];
  // Two scenes fit beside each other unless that makes images too small.
  const half = Math.floor((WIDTH - SPACE) / 2 / glimpses) - GAP;
  const width = Math.min(WIDEST, Math.max(NARROWEST, half));
  const image = { width, height: Math.round((width * first.height) / first.width) };
  const column = image.width + GAP;
  const block = glimpses * column - GAP;
  const room = Math.max(1, Math.floor((WIDTH + SPACE) / (block + SPACE)));
  const lines = Math.ceil(examples.length / room);
  const across = Math.ceil(examples.length / lines);
  const stacked = examples.some(({ objects }) => textWidth(listed(objects), TEXT, false) > REACH * block);
  const most = Math.max(1, ...examples.map(({ objects }) => objects.length));
  const heightOf = (row: Row) => {
    if (IMAGES.includes(row)) return image.height + GAP;
    return row === "objects" && stacked ? LINE + (most - 1) * LINE_HEIGHT : LINE;
  };
  const tall = rows.reduce((sum, row) => sum + heightOf(row), 0);
  return {
    width: NAMES + across * (block + SPACE) - SPACE,
    height: lines * (tall + SPACE) - SPACE,
    image,
    rows,
    block,
    stacked,
    across,
    x(scene, glimpse) {
      const left = NAMES + (scene % across) * (block + SPACE);
      return left + (glimpse === undefined ? block / 2 : glimpse * column + image.width / 2);
    },
    y(scene, row) {
      const above = rows.slice(0, rows.indexOf(row)).reduce((sum, each) => sum + heightOf(each), 0);
      return Math.floor(scene / across) * (tall + SPACE) + above + heightOf(row) / 2;
    },
  };
}
