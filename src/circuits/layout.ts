import { type MapSize, unitsOfMap } from "../compute/kernels/window.ts";
import type { InputDescription, PopulationDescription } from "./description.ts";

/** How the units of an input or population are laid out; units in a row are a map of one position, each a channel. */
export interface Layout {
  readonly units: number;
  readonly map: MapSize;
  readonly dimension: number;
}

/** The layout of a described input (scalar units) or population. */
export function layoutOf(part: InputDescription | PopulationDescription): Layout {
  const map = part.map ?? { height: 1, width: 1, channels: part.units! };
  return { map, units: unitsOfMap(map), dimension: "dimension" in part ? part.dimension : 1 };
}
