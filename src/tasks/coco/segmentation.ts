import type { RunLengths } from "./run-length.ts";

/** Outline of an object: polygons of its parts, each x0, y0, x1, y1, ..., or run lengths. */
export type Segmentation = readonly (readonly number[])[] | RunLengths;

/**
 * What an annotation gives as its outline.
 *
 * @returns "empty" where it gives none, "broken" where it is neither polygons of three corners or more nor run lengths
 */
export function segmentationOf(value: unknown): Segmentation | "empty" | "broken" {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) {
    if (value.every((part) => Array.isArray(part) && part.length === 0)) return "empty";
    return value.every((part) => numbers(part) && part.length >= 6 && part.length % 2 === 0) ? value : "broken";
  }
  if (typeof value !== "object") return "broken";
  const { size, counts } = value as Partial<Record<keyof RunLengths, unknown>>;
  if (!numbers(size) || size.length !== 2 || !(typeof counts === "string" || numbers(counts))) return "broken";
  return counts.length === 0 ? "empty" : { size: [size[0]!, size[1]!], counts };
}

const numbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isFinite);
