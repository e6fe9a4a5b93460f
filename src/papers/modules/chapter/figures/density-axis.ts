import type { CurveAxis } from "../../../../report/figures/curve-panels.ts";
import type { DensityPoint } from "../density-points.ts";

/** Share of the axis that a label takes: of the narrowest panel some 45 of 200 pixels. */
const LABEL = 0.225;
/** Powers of ten that find room beside each other. */
const DECADES = 5;

/** A logarithmic axis of densities, and where on it a density is drawn. */
export interface DensityAxis extends CurveAxis {
  scale: { type: "log"; domain: [number, number]; nice: boolean; padding: number };
  /** At itself, but for 0, which lies left of all others. */
  place(density: number): number;
}

/**
 * The axis of inter-module densities: powers of ten, "1 connection" at the density that a single one has, and 0 on the left
 * edge where some circuit has no connection between modules.
 */
export function densityAxis(points: readonly DensityPoint[]): DensityAxis {
  const positive = points.flatMap(({ density }) => (density > 0 ? [density] : []));
  const least = Math.min(...positive, 0.1);
  const decades = -Math.log10(least);
  const none = points.some(({ density }) => density === 0)
    ? least * 10 ** -((decades * LABEL) / (1 - LABEL))
    : undefined;
  const singles = [...new Set(points.flatMap(({ single, density }) => (single ? [density] : [])))];
  const special = [...(none === undefined ? [] : [none]), ...singles];
  const apart = -Math.log10(none ?? least) * LABEL;
  const every = decades > DECADES ? 2 : 1;
  const exponents = Array.from({ length: Math.floor(decades / every + 1e-9) + 1 }, (_, index) => -every * index);
  const ticks = exponents
    .map((exponent) => Number(`1e${exponent}`))
    .filter((tick) => special.every((each) => Math.abs(Math.log10(tick / each)) >= apart - 1e-9));
  const labels = [
    ...(none === undefined ? [] : [{ at: none, text: "'0'" }]),
    ...singles.map((at) => ({ at, text: "['1 con-', 'nection']" })),
    // "1" could be taken for a single connection.
    { at: 1, text: "'1.0'" },
  ];
  const labelExpr = labels.reduceRight(
    (otherwise, { at, text }) => `abs(datum.value / ${at} - 1) < 0.001 ? ${text} : ${otherwise}`,
    "format(datum.value, datum.value < 0.0005 ? '.0e' : '~g')",
  );
  return {
    title: "inter-module density",
    key: "density",
    scale: { type: "log", domain: [none ?? least, 1], nice: false, padding: 10 },
    axis: { values: [...special, ...ticks].sort((a, b) => a - b), labelExpr, labelOverlap: false, grid: false },
    place: (density) => (density > 0 ? density : (none as number)),
  };
}
