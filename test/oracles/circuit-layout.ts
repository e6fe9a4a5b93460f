import type { InputDescription, PopulationDescription } from "../../src/circuits/description.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";

/** Rows, columns and channels of a described input or population; units in a row are channels of one position. */
export function mapOf({ map, units }: InputDescription | PopulationDescription): MapSize {
  return map ?? { height: 1, width: 1, channels: units! };
}

/** Units of a described input or population. */
export function unitsOf(part: InputDescription | PopulationDescription): number {
  const { height, width, channels } = mapOf(part);
  return height * width * channels;
}

/** Units after which a bias or gating vectors repeat: one a channel, or one a unit. */
export function periodOf(population: PopulationDescription, sharing: "channel" | "unit" | "none"): number {
  return sharing === "unit" ? unitsOf(population) : mapOf(population).channels;
}
