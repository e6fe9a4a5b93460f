/** The part of svg-to-pdfkit that is used. Its package has no types. */
declare module "svg-to-pdfkit" {
  export default function drawSvg(
    document: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options: {
      /** Size of the drawing, points. */
      width: number;
      height: number;
      /** The file of the font for a text. */
      fontCallback(family: string, bold: boolean, italic: boolean): string;
    },
  ): void;
}
