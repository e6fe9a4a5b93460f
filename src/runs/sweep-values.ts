/** One value of a setting that is swept; what it means is for the schema of the experiment to say. */
export type SweepValue = number | string | boolean;

/** More values than this are taken for a slip. */
const mostValues = 1000;

const number = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?`;
const oneNumber = new RegExp(`^${number}$`, "i");
const range = new RegExp(String.raw`^(${number})\.\.(${number})(?::(.*))?$`, "i");

/**
 * The values that a text names: parts with commas between them, each a number, true, false, any other text ("conv", "1c"),
 * a range of whole numbers ("1..5"), or "a..b:n": n points from a to b, both included, whose logarithms are evenly spaced.
 * Points between the ends are rounded to three significant digits, or to four where three cannot tell them apart, so that
 * they can be read and typed again. A value that comes twice counts once.
 *
 * @param counted what is written behind a whole number that stands by itself, where it is a count and no value: "1" is "1c"
 * @returns the values in the order of the text, or what the text should have been, in words that fit after "expected"
 */
export function parseSweepValues(text: string, counted = ""): SweepValue[] | string {
  const values = new Set<SweepValue>();
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") return "values with commas between them, such as 0.1,1 or 0.001..1:4";
    const found = counted !== "" && /^[1-9]\d*$/.test(part) ? [`${part}${counted}`] : valuesIn(part);
    if (typeof found === "string") return found;
    for (const value of found) values.add(value);
    if (values.size > mostValues) return `at most ${mostValues} values`;
  }
  return [...values];
}

function valuesIn(part: string): SweepValue[] | string {
  if (oneNumber.test(part)) return Number.isFinite(Number(part)) ? [withoutSign(Number(part))] : "finite numbers";
  if (part === "true" || part === "false") return [part === "true"];
  const ends = range.exec(part);
  if (!ends) return [part];
  const [, from, to, points] = ends as unknown as [string, string, string, string | undefined];
  const [first, last] = [withoutSign(Number(from)), withoutSign(Number(to))];
  if (first > last) return `a range that rises, such as ${to}..${from}${points === undefined ? "" : `:${points}`}`;
  if (points === undefined) return wholeNumbers(first, last);
  const count = /^\s*\d+\s*$/.test(points) ? Number(points) : 0;
  if (count < 2 || count > mostValues)
    return `a whole number of points from 2 to ${mostValues}, such as ${from}..${to}:4`;
  if (first <= 0)
    return "a range above 0, since its points are spaced by their logarithms; name others one by one, such as 0,0.1..1:4";
  return logarithmic(first, last, count) ?? `fewer points, since so many from ${from} to ${to} cannot be told apart`;
}

/** Minus zero is zero. */
const withoutSign = (value: number) => (value === 0 ? 0 : value);

function wholeNumbers(first: number, last: number): number[] | string {
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last))
    return `whole numbers as its ends, or a number of points after it: ${first}..${last}:4`;
  if (last - first >= mostValues) return `at most ${mostValues} values`;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Undefined where rounding, or a range without width, leaves fewer points than that. */
function logarithmic(first: number, last: number, count: number): number[] | undefined {
  const step = (Math.log(last) - Math.log(first)) / (count - 1);
  for (const digits of [3, 4]) {
    const between = Array.from({ length: count - 2 }, (_, index) =>
      Number(Math.exp(Math.log(first) + (index + 1) * step).toPrecision(digits)),
    );
    const points = [first, ...between, last];
    if (points.every((point, index) => index === 0 || point > points[index - 1]!)) return points;
  }
  return undefined;
}
