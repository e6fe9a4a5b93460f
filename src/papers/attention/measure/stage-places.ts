import { poolSide } from "../../../circuits/ready-made/attention/attention-options.ts";
import type { MapSize } from "../../../compute/kernels/window.ts";
import type { AttentionStage } from "./attention-parts.ts";

/** Where a stage's filtered map looks at: the middle of a position's receptive field is start + step position, pixels. */
export interface StagePlaces {
  readonly map: MapSize;
  readonly start: number;
  readonly step: number;
}

/** Of every stage, from filters without padding and pools side by side. */
export function placesOf(stages: readonly AttentionStage[]): StagePlaces[] {
  let start = 0;
  let step = 1;
  return stages.map(({ gated, filtered }) => {
    const side = gated.map.height - filtered.map.height + 1;
    const places = { map: filtered.map, start: start + (step * (side - 1)) / 2, step };
    start = places.start + (step * (poolSide - 1)) / 2;
    step *= poolSide;
    return places;
  });
}

/** Positions of the map whose receptive field has its middle on a pixel that is asked for. */
export function positionsAt({ map, start, step }: StagePlaces, scene: MapSize, wanted: ReadonlySet<number>): number[] {
  const pixelOf = (position: number, size: number) => Math.min(size - 1, Math.floor(start + step * position));
  const positions: number[] = [];
  for (let row = 0; row < map.height; row++)
    for (let column = 0; column < map.width; column++)
      if (wanted.has(pixelOf(row, scene.height) * scene.width + pixelOf(column, scene.width)))
        positions.push(row * map.width + column);
  return positions;
}

/** The position whose receptive field has its middle nearest to a point, in pixels from the first pixel's middle. */
export function positionNear({ map, start, step }: StagePlaces, point: { row: number; column: number }): number {
  const near = (place: number, size: number) => Math.min(size - 1, Math.max(0, Math.round((place - start) / step)));
  return near(point.row, map.height) * map.width + near(point.column, map.width);
}
