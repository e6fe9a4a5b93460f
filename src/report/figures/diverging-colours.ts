/** Channels from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Blue over white to orange-red: stops at equal distances from -limit to +limit. Both ends are equally dark, and blue
 * against orange is a difference that every common colour-vision deficiency keeps.
 */
const STOPS: readonly Rgb[] = [
  [5, 48, 97],
  [33, 102, 172],
  [103, 169, 207],
  [209, 229, 240],
  [255, 255, 255],
  [253, 219, 199],
  [239, 138, 98],
  [178, 60, 24],
  [103, 20, 6],
];

/** Colour of a weight that is not a number: a grey that no weight has. */
const NO_NUMBER: Rgb = [128, 128, 128];

/** Colour of a value in the symmetric range -limit to limit; beyond it, that of the nearer end. */
export function divergingColour(value: number, limit: number): Rgb {
  if (Number.isNaN(value)) return NO_NUMBER;
  const last = STOPS.length - 1;
  const position = Math.min(1, Math.max(0, 0.5 + value / (2 * limit))) * last;
  const index = Math.min(last - 1, Math.floor(position));
  const [from, to] = [STOPS[index] as Rgb, STOPS[index + 1] as Rgb];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * (position - index));
  return [mix(0), mix(1), mix(2)];
}

/** The same colours as a Vega scale, for the legend. */
export function divergingScale(limit: number) {
  const last = STOPS.length - 1;
  return {
    type: "linear" as const,
    domain: STOPS.map((_, index) => limit * ((2 * index) / last - 1)),
    range: STOPS.map(([red, green, blue]) => `rgb(${red},${green},${blue})`),
    interpolate: "rgb" as const,
  };
}
