/** Lengths of runs of 0 and 1 in turn down the columns of a mask, [height, width], row-major. */
export function countsOf(mask: ArrayLike<number>, height: number, width: number): number[] {
  const counts = [0];
  for (let place = 0; place < height * width; place++) {
    const value = mask[(place % height) * width + Math.floor(place / height)]!;
    if (value !== (counts.length - 1) % 2) counts.push(0);
    counts[counts.length - 1]!++;
  }
  return counts;
}

/** The compressed form of lengths, as the COCO API writes it. */
export function compress(counts: readonly number[]): string {
  let text = "";
  counts.forEach((count, place) => {
    let rest = place > 2 ? count - counts[place - 2]! : count;
    for (let more = true; more; ) {
      const group = rest & 31;
      rest >>= 5;
      more = group & 16 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode(48 + group + (more ? 32 : 0));
    }
  });
  return text;
}
