/** At most so many of the values, evenly spaced in their order, the first and the last among them. */
export function evenly<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values];
  const at = (index: number) => Math.round((index * (values.length - 1)) / Math.max(1, most - 1));
  return Array.from({ length: most }, (_, index) => values[at(index)] as T);
}
