import type { AttentionSettings } from "../../src/circuits/ready-made/attention/attention-options.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { partOf } from "../../src/kinds/kind.ts";

/** Values of a map, row by row, channels last. */
interface MapOf extends MapSize {
  readonly values: Float64Array;
}

type Parameters = ReadonlyMap<string, ArrayLike<number>>;

/** What happens in one iteration; indices are stages from 0. */
export interface Iteration {
  readonly gated: readonly Float64Array[];
  readonly pooled: readonly Float64Array[];
  readonly report: Float64Array;
  /** Undefined where the circuit has none. */
  readonly attention: readonly (Float64Array | undefined)[];
}

const gains: Readonly<Record<string, (drive: number) => number>> = {
  relu: (drive) => Math.max(drive, 0),
  "leaky-relu": (drive) => (drive > 0 ? drive : 0.05 * drive),
  softplus: (drive) => Math.log1p(Math.exp(drive)),
};

/**
 * A glimpse of an attention circuit at one scene by plain loops in float64, as its equations say it.
 *
 * @param parameters by the names that the circuit has for them
 * @param inhibition of the input of each stage, 0 or 1; zeros where a scene is new
 */
export function attentionLoop(
  settings: AttentionSettings,
  parameters: Parameters,
  scene: ArrayLike<number>,
  inhibition: readonly ArrayLike<number>[],
): Iteration[] {
  const { stages, image, iterations, strength, feedback, lateral, gating } = settings;
  const weight = (name: string) => parameters.get(`${name}/weight`)!;
  const bias = (name: string) => parameters.get(`${name}/bias`)!;
  let attention: (Float64Array | undefined)[] = stages.map(() => undefined);
  return Array.from({ length: iterations }, () => {
    const gated: MapOf[] = [];
    const filtered: MapOf[] = [];
    const pooled: MapOf[] = [];
    let below: MapOf = { ...image, values: Float64Array.from(scene) };
    for (const [index, { channels, kernel, gain }] of stages.entries()) {
      const signal = gating ? attention[index] : undefined;
      const values = below.values.map((rate, unit) => rate * (1 - strength * (signal?.[unit] ?? 0)));
      const turnedDown = { ...below, values };
      const name = `v${index + 1}`;
      const drive = convolve(turnedDown, weight(`gated-${index + 1}->${name}`), channels, kernel);
      const map = {
        ...drive,
        values: drive.values.map((v, at) => gains[partOf(gain).kind]!(v + bias(name)[at % channels]!)),
      };
      gated.push(turnedDown);
      filtered.push(map);
      below = pool(map, settings.pooling);
      pooled.push(below);
    }
    const top = pooled.at(-1)!;
    const report = product(weight(`pooled-${stages.length}->report`), top.values, bias("report"));
    const tanh = (values: Float64Array) => values.map(Math.tanh);
    let above: MapOf | undefined;
    if (feedback)
      above = { ...top, values: tanh(product(weight("report->feedback-top"), report, bias("feedback-top"))) };
    const next: (Float64Array | undefined)[] = stages.map(() => undefined);
    if (feedback || lateral)
      for (let index = stages.length - 1; index >= 0; index--) {
        const { kernel } = stages[index]!;
        const entrance = gated[index]!;
        const name = `feedback-${index + 1}`;
        const sum = new Float64Array(entrance.values.length).map((_, at) => bias(name)[at % entrance.channels]!);
        const sources = [
          ...(above ? [[`descending-${index + 1}`, above] as const] : []),
          ...(lateral ? [[`lateral-${index + 1}`, pooled[index]!] as const] : []),
        ];
        for (const [source, map] of sources)
          scatter(spread(map, filtered[index]!), weight(`${source}->${name}`), kernel, entrance, sum);
        const signal = tanh(sum);
        if (feedback) above = { ...entrance, values: signal };
        next[index] = signal.map((rate, unit) => (inhibition[index]![unit] ? 1 : rate));
      }
    attention = next;
    return {
      gated: gated.map(({ values }) => values),
      pooled: pooled.map(({ values }) => values),
      report,
      attention,
    };
  });
}

/** Filters [channels, side, side, channels below] over a map. */
function convolve(
  { height, width, channels: depth, values }: MapOf,
  weight: ArrayLike<number>,
  channels: number,
  side: number,
): MapOf {
  const [rows, columns] = [height - side + 1, width - side + 1];
  const drive = new Float64Array(rows * columns * channels);
  for (let r = 0; r < rows; r++)
    for (let s = 0; s < columns; s++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < side; y++)
          for (let x = 0; x < side; x++)
            for (let d = 0; d < depth; d++)
              drive[(r * columns + s) * channels + c]! +=
                weight[((c * side + y) * side + x) * depth + d]! * values[((r + y) * width + s + x) * depth + d]!;
  return { height: rows, width: columns, channels, values: drive };
}

/** Adds what every unit of a map sends to the units of a larger one under its window, [channels, side, side, channels of map]. */
function scatter(
  { height, width, channels: depth, values }: MapOf,
  weight: ArrayLike<number>,
  side: number,
  { width: columns, channels }: MapOf,
  sum: Float64Array,
): void {
  for (let r = 0; r < height; r++)
    for (let s = 0; s < width; s++)
      for (let d = 0; d < depth; d++)
        for (let y = 0; y < side; y++)
          for (let x = 0; x < side; x++)
            for (let c = 0; c < channels; c++) {
              // Seen from the receiving unit, places of the window count from the other end.
              const place = (side - 1 - y) * side + (side - 1 - x);
              sum[((r + y) * columns + s + x) * channels + c]! +=
                weight[(c * side * side + place) * depth + d]! * values[(r * width + s) * depth + d]!;
            }
}

function pool({ height, width, channels, values }: MapOf, how: "max" | "average"): MapOf {
  const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
  const pooled = new Float64Array(rows * columns * channels).map((_, at) => {
    const site = Math.floor(at / channels);
    const [row, column] = [Math.floor(site / columns), site % columns];
    const rates = [0, 1].flatMap((y) =>
      [0, 1].map((x) => values[((2 * row + y) * width + 2 * column + x) * channels + (at % channels)]!),
    );
    return how === "max" ? Math.max(...rates) : rates.reduce((sum, rate) => sum + rate, 0) / 4;
  });
  return { height: rows, width: columns, channels, values: pooled };
}

/** A map in the size of a larger one, each site from the nearest. */
function spread({ height, width, channels, values }: MapOf, to: MapSize): MapOf {
  const larger = new Float64Array(to.height * to.width * channels).map((_, at) => {
    const site = Math.floor(at / channels);
    const row = Math.floor((Math.floor(site / to.width) * height) / to.height);
    const column = Math.floor(((site % to.width) * width) / to.width);
    return values[(row * width + column) * channels + (at % channels)]!;
  });
  return { height: to.height, width: to.width, channels, values: larger };
}

function product(weight: ArrayLike<number>, values: Float64Array, bias: ArrayLike<number>): Float64Array {
  return new Float64Array(bias.length).map((_, row) =>
    values.reduce((sum, value, column) => sum + weight[row * values.length + column]! * value, bias[row]!),
  );
}

/** What an evaluation of a glimpse at one scene with all its objects is to say. */
export interface Verdict {
  /** The object chosen, -1 where none is left. */
  readonly chosen: number;
  readonly classLoss: number;
  readonly maskLoss: number;
}

/**
 * Judges a glimpse by the images that attention to each object would leave.
 *
 * @param left whether each object is in the scene and was not taken before
 */
export function judgeGlimpse(
  { gated, report }: Iteration,
  scene: ArrayLike<number>,
  objects: readonly {
    readonly alone: ArrayLike<number>;
    readonly label: number;
    readonly weight: number;
    readonly left: boolean;
  }[],
  { strength, penalty }: { readonly strength: number; readonly penalty: number },
): Verdict {
  const shown = gated[0]!;
  const errors = objects.map(({ alone }) => {
    const squares = shown.map((rate, unit) => {
      const target = (1 - strength) * scene[unit]! + strength * alone[unit]!;
      return (rate - target) ** 2;
    });
    return squares.reduce((sum, square) => sum + square, 0) / shown.length;
  });
  const open = objects.flatMap(({ left }, index) => (left ? [index] : []));
  if (open.length === 0) return { chosen: -1, classLoss: 0, maskLoss: 0 };
  const chosen = open.reduce((best, index) => (errors[index]! < errors[best]! ? index : best));
  const { label, weight } = objects[chosen]!;
  const total = report.reduce((sum, score) => sum + Math.exp(score), 0);
  return {
    chosen,
    classLoss: weight * (Math.log(total) - report[label]!),
    maskLoss: penalty * errors[chosen]!,
  };
}
