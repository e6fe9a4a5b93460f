/** Widths of Helvetica's letters (Arial, Arimo and Liberation Sans have the same), thousandths of the size of the text. */
const WIDTHS: readonly (readonly [width: number, letters: string])[] = [
  [191, "'"],
  [222, "ijl"],
  [260, "|"],
  [278, "ft.,:;/\\![] \u00a0I"],
  [333, "r()-`\u00b7"],
  [334, "{}"],
  [355, '"'],
  [389, "*"],
  [400, "°"],
  [500, "cksvxyzJ"],
  [556, "abdeghnopqu0123456789#$?_\u2013L"],
  [549, "±\u2265\u2264"],
  [584, "+=<>~×\u2212"],
  [611, "FTZ"],
  [667, "ABEKPSVXY&"],
  [722, "wCDHNRU"],
  [778, "GOQ"],
  [833, "mM"],
  [889, "%"],
  [944, "W"],
  [1000, "\u2026\u2014\u2192"],
  [1015, "@"],
];
const widthOfLetter = new Map(WIDTHS.flatMap(([width, letters]) => [...letters].map((letter) => [letter, width])));
/** Of a letter that is not among them, such as those of other scripts. */
const OTHER = 900;
/** How much wider bold text is, and fonts that stand in for Helvetica where it is missing. */
const [BOLD, ROOM] = [1.07, 1.06];

/** Width of a line of text in a figure, in units of its size: from letters' widths, the same on every machine. */
export function textWidth(text: string, size: number, bold: boolean): number {
  const letters = [...text].reduce((sum, letter) => sum + (widthOfLetter.get(letter) ?? OTHER), 0);
  return (letters / 1000) * size * (bold ? BOLD : 1) * ROOM;
}
