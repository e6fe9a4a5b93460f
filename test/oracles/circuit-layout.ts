import type { InputDescription, PopulationDescription } from "../../src/circuits/description.ts";

/** Rows, columns and channels of a described input or population; units in a row are channels of one position. */
export function mapOf({ map, units }: InputDescription | PopulationDescription) {
  return map ?? { height: 1, width: 1, channels: units! };
}

/** Units of a described input or population. */
export function unitsOf(part: InputDescription | PopulationDescription): number {
  const { height, width, channels } = mapOf(part);
  return height * width * channels;
}
