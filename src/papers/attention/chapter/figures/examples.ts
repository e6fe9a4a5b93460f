import type { TopLevelSpec } from "vega-lite";
import { ShapeError } from "../../../../kinds/errors.ts";
import type { Figure } from "../../../../report/figures/figure.ts";
import { INK, THEME } from "../../../../report/figures/theme.ts";
import { listed, number } from "../../../../report/numbers.ts";
import type { AttentionExample } from "../../attention-record.ts";
import type { AttendedCondition } from "../attended.ts";
import { type ExampleLayout, exampleLayout, LINE_HEIGHT, NAMES, REACH, type Row, TEXT } from "./example-layout.ts";
import { ATTENDED_LOOK, ending, firstRuns } from "./look.ts";
import { sceneImage } from "./scene-image.ts";

/** Scenes of a figure, at most. */
const SCENES = 6;
const WRONG = ATTENDED_LOOK.range[1] as string;

const NAMES_OF_ROWS: Record<Row, string> = {
  objects: "objects",
  scene: "scene",
  glimpse: "",
  gated: "gated input",
  attention: "attention",
  inhibition: "inhibition\nof return",
  attended: "attended",
  reported: "reported",
};

/** A text or an image and where its middle is. */
interface Placed {
  x: number;
  y: number;
}
type Text = Placed & { text: string };

/** Some scenes through all glimpses, a figure for each condition: those of its first seed. */
export function attentionExampleFigures(attended: readonly AttendedCondition[]): Figure[] {
  const shown = firstRuns(attended).filter(({ run }) => run.record.examples.length > 0);
  return shown.map(({ label, run }, index) => {
    const examples = run.record.examples.slice(0, SCENES);
    for (const [scene, example] of examples.entries()) checkShape(label, scene, example);
    return {
      name: `attention-examples${ending(index, shown.length)}`,
      title: `Scenes glimpse by glimpse, ${label}`,
      caption: caption(examples, run.record.examples.length),
      description: `Images of ${examples.length} scenes, their gated input and attention at each glimpse: ${examples.map(inWords).join("; ")}.`,
      spec: spec(examples),
      numbers: examples.flatMap(({ objects, glimpses }, scene) =>
        glimpses.map(({ chosen, report: reported }, glimpse) => ({
          scene: scene + 1,
          objects: objects.join(" "),
          glimpse: glimpse + 1,
          attended: chosen,
          reported,
        })),
      ),
    };
  });
}

function spec(examples: readonly AttentionExample[]): TopLevelSpec {
  const layout = exampleLayout(examples);
  const images = imagesOf(examples, layout);
  const { texts, wrong } = textsOf(examples, layout);
  const place = (axis: "x" | "y") => ({ field: axis, type: "quantitative" as const, scale: null, axis: null });
  const layer = (values: readonly Placed[], mark: object, channels: object) => ({
    data: { values: [...values] },
    mark: mark as { type: "text" },
    encoding: { x: place("x"), y: place("y"), ...channels },
  });
  const text = { text: { field: "text", type: "nominal" as const } };
  const size = { type: "text", fontSize: TEXT, baseline: "middle", limit: REACH * layout.image.width };
  const lines = { lineBreak: "\n", lineHeight: LINE_HEIGHT };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    config: THEME,
    width: layout.width,
    height: layout.height,
    layer: [
      layer(images, { type: "image", ...layout.image, smooth: false }, { url: { field: "url", type: "nominal" } }),
      layer(images, { type: "rect", ...layout.image, filled: false, stroke: "#a0a0a0", strokeWidth: 0.5 }, {}),
      layer(objectsOf(examples, layout), { ...size, ...lines, limit: REACH * layout.block, color: INK }, text),
      layer(texts, { ...size, color: INK }, text),
      layer(wrong, { ...size, color: WRONG, fontWeight: "bold" }, text),
      layer(
        namesOf(examples, layout),
        {
          type: "text",
          align: "right",
          fontSize: TEXT,
          fontWeight: 600,
          baseline: "middle",
          color: INK,
          ...lines,
        },
        text,
      ),
      attentionLegend(),
    ],
  };
}

function imagesOf(examples: readonly AttentionExample[], { x, y }: ExampleLayout) {
  const range = rangeOf(examples);
  // What holds back is dark: attention of 1, and inhibition of 1, which sets attention to 1.
  const signal = { dark: 1, bright: -1 };
  const inhibited = { dark: 1, bright: 0 };
  return examples.flatMap((example, scene) => {
    const mask = { ...example, channels: 1 };
    return [
      { x: x(scene), y: y(scene, "scene"), url: sceneImage(example.scene, example, range) },
      ...example.glimpses.flatMap(({ gated, attention, inhibition }, glimpse) => {
        const at = (row: Row, url: string) => ({ x: x(scene, glimpse), y: y(scene, row), url });
        return [
          at("gated", sceneImage(gated, example, range)),
          at("attention", sceneImage(attention, mask, signal)),
          ...(inhibition ? [at("inhibition", sceneImage(inhibition, mask, inhibited))] : []),
        ];
      }),
    ];
  });
}

/** One scale for all scenes and gated inputs, so that the gate's work is seen; black is 0 unless there is less. */
function rangeOf(examples: readonly AttentionExample[]): { dark: number; bright: number } {
  const range = { dark: 0, bright: 0 };
  for (const { scene, glimpses } of examples)
    for (const image of [scene, ...glimpses.map(({ gated }) => gated)])
      for (const value of image) {
        if (value < range.dark) range.dark = value;
        if (value > range.bright && Number.isFinite(value)) range.bright = value;
      }
  return range.bright > range.dark ? range : { dark: 0, bright: 1 };
}

/** What each scene holds. */
function objectsOf(examples: readonly AttentionExample[], { x, y, stacked }: ExampleLayout): Text[] {
  return examples.map(({ objects }, scene) =>
    centred({ x: x(scene), y: y(scene, "objects"), text: stacked ? objects.join("\n") : listed(objects) }),
  );
}

/** The text with its lines about its place, where Vega would begin with the first. */
function centred({ text, y, ...rest }: Text): Text {
  return { ...rest, text, y: y - ((text.split("\n").length - 1) * LINE_HEIGHT) / 2 };
}

/** What stands at each glimpse; a wrong report apart. */
function textsOf(examples: readonly AttentionExample[], { x, y }: ExampleLayout): { texts: Text[]; wrong: Text[] } {
  const texts: Text[] = [];
  const wrong: Text[] = [];
  examples.forEach(({ glimpses }, scene) => {
    glimpses.forEach(({ report, chosen }, glimpse) => {
      const at = (row: Row, text: string) => ({ x: x(scene, glimpse), y: y(scene, row), text });
      texts.push(at("glimpse", `glimpse ${glimpse + 1}`), at("attended", chosen));
      (report === chosen ? texts : wrong).push(at("reported", report));
    });
  });
  return { texts, wrong };
}

/** Names of the rows, left of each line of scenes. */
function namesOf(examples: readonly AttentionExample[], { rows, across, y }: ExampleLayout): Text[] {
  return examples.flatMap((_, scene) =>
    scene % across > 0 ? [] : rows.map((row) => centred({ x: NAMES - 10, y: y(scene, row), text: NAMES_OF_ROWS[row] })),
  );
}

/** A square without a size: Vega draws a legend only for a scale that some mark uses. */
function attentionLegend() {
  return {
    data: { values: [{ attention: 0 }] },
    mark: { type: "square" as const, size: 0, opacity: 0 },
    encoding: {
      color: {
        field: "attention",
        type: "quantitative" as const,
        title: "attention: \u22121 lets most through, 1 least",
        scale: { domain: [-1, 1], range: ["#ffffff", "#000000"], interpolate: "rgb" as const },
        legend: {
          orient: "bottom" as const,
          titleOrient: "top" as const,
          titleLimit: 400,
          direction: "horizontal" as const,
          gradientLength: 180,
          gradientThickness: 12,
          gradientStrokeColor: "#6b6b6b",
          gradientStrokeWidth: 1,
          values: [-1, 0, 1],
        },
      },
    },
  };
}

function checkShape(label: string, scene: number, example: AttentionExample): void {
  const { height, width, channels, glimpses } = example;
  const owner = `Attention of ${label}, example ${scene + 1}`;
  if (channels !== 1 && channels !== 3)
    throw new ShapeError(`${owner}: got ${channels} channels, needs 1 (grey) or 3 (red, green and blue).`);
  const images = [
    { name: "scene", values: example.scene, size: height * width * channels },
    ...glimpses.flatMap(({ gated, attention, inhibition }, glimpse) => [
      { name: `gated input of glimpse ${glimpse + 1}`, values: gated, size: height * width * channels },
      { name: `attention of glimpse ${glimpse + 1}`, values: attention, size: height * width },
      ...(inhibition
        ? [{ name: `inhibition of glimpse ${glimpse + 1}`, values: inhibition, size: height * width }]
        : []),
    ]),
  ];
  const odd = images.find(({ values, size }) => values.length !== size);
  if (odd)
    throw new ShapeError(
      `${owner}: ${odd.name} has ${odd.values.length} values, needs ${odd.size} for an image of ${height} x ${width}.`,
    );
}

function inWords({ objects, glimpses }: AttentionExample): string {
  const each = glimpses.map(({ report, chosen }) => `attended ${chosen}, reported ${report}`);
  return `${listed(objects)} (${each.join("; ")})`;
}

function caption(examples: readonly AttentionExample[], all: number): string {
  const { dark, bright } = rangeOf(examples);
  const inhibited = examples.some(({ glimpses }) => glimpses.some(({ inhibition }) => inhibition));
  const wrong = examples.some(({ glimpses }) => glimpses.some(({ report, chosen }) => report !== chosen));
  return [
    "Each scene, and below it a column for each glimpse: what the first gate lets through at the last time step (gated input),",
    "and the attention that gates it, bright where it lets most through and dark where it holds back.",
    inhibited
      ? "Inhibition of return, after the glimpse, is dark where attention has been and shall not go again."
      : "There is no inhibition of return.",
    `Scenes and gated inputs share one scale from ${number(dark)} (black) to ${number(bright)} (white).`,
    "Attended is the object that the gated input is most like, of those not chosen before.",
    wrong ? "Wrong reports are bold and orange." : "",
    all > examples.length ? `The first ${examples.length} of ${all} scenes are shown.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
