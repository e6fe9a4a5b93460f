import fc from "fast-check";
import PDFDocument from "pdfkit";
import { describe, expect, it } from "vitest";
import { fontFiles } from "../../src/report/files/fonts.ts";
import { textWidth } from "../../src/report/text-width.ts";

const LETTERS = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  ..." .,:;/\\!?()[]{}-_'\"|`*°<>=+~±×\u2212\u2265\u2264%&#$@\u2013\u2014\u2026\u2192\u00a0\u00b7",
];

describe("the width of a text", () => {
  it("is the sum of its letters' widths in the font that figures are set in, and a little room", () => {
    const document = new PDFDocument({ size: [10, 10] }).font(fontFiles.regular).fontSize(1000);
    const widths = LETTERS.map((letter) => [letter, Math.round(textWidth(letter, 1000, false) / 1.06)]);
    expect(widths).toEqual(LETTERS.map((letter) => [letter, Math.round(document.widthOfString(letter))]));
  });

  it("grows with the size, with every letter, and where text is bold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (text, size) => {
        const width = textWidth(text, size, false);
        expect(textWidth(text, 2 * size, false)).toBeCloseTo(2 * width, 9);
        expect(textWidth(`${text}x`, size, false)).toBeCloseTo(width + textWidth("x", size, false), 9);
        expect(textWidth(text, size, true)).toBeGreaterThanOrEqual(width);
      }),
    );
  });
});
