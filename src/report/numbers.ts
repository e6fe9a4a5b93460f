/** What stands where a number is missing or not finite. */
export const MISSING = "\u2013";

/** Digits that a reader can use: three significant ones below 100, whole numbers above, no exponent in between. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return MISSING;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(digits - 1).replace("e+", "e");
  if (size >= 100) return whole(value);
  return String(Number(value.toPrecision(digits)));
}

/** An integer with a comma at every thousand: the same on every machine, unlike toLocaleString. */
export function whole(value: number): string {
  if (!Number.isFinite(value)) return MISSING;
  return Math.round(value)
    .toFixed(0)
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A mean of a record as a number; one that is undefined is NaN, which figures leave out and tables show as missing. */
export const orNaN = (value: number | null): number => value ?? Number.NaN;

/** A share, 0 to 1, in per cent with two decimals, as error rates are given in the literature: "1.87 %". */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)}\u00a0%` : MISSING;
}

/** A share, 0 to 1, in per cent, rounded down, so that "100 %" is said of all and never of almost all. */
export function share(value: number): string {
  return Number.isFinite(value) ? `${Math.floor(1000 * value + 1e-9) / 10}\u00a0%` : MISSING;
}

/** A count and the share that it is: "19 of 20 (95 %)"; no more digits than so few can have. */
export function shareOf(count: number, all: number): string {
  return all > 0 ? `${whole(count)} of ${whole(all)} (${number(percentOf(count / all), 2)}\u00a0%)` : MISSING;
}

/** A share in per cent, rounded so that "100 %" is said of all and never of almost all. */
function percentOf(part: number): number {
  return part < 1 ? Math.min(99, Math.round(100 * part)) : 100;
}

/**
 * A mean and its standard deviation, their common unit said once: "1.87 ± 0.05 %".
 *
 * @param format number and unit as text; asked for two digits of the deviation
 */
export function plusMinus(
  { mean, deviation }: { mean: number; deviation: number },
  format: (value: number, digits?: number) => string,
): string {
  const [middle, half] = [format(mean), format(deviation, 2)];
  const unit = /(?:[ \u00a0][^\d\s]+|°)$/.exec(half)?.[0] ?? "";
  return `${unit && middle.endsWith(unit) ? middle.slice(0, -unit.length) : middle}\u00a0\u00b1\u00a0${half}`;
}

/** An angle in degrees: "83.2°", and 0 without decimals, since back-propagation is exactly aligned. */
export function degrees(angle: number): string {
  if (!Number.isFinite(angle)) return MISSING;
  return angle === 0 ? "0°" : `${angle < 0.1 ? number(angle, 2) : angle.toFixed(1)}°`;
}

/** "10", or "10 to 20" where values differ. */
export function range(values: readonly number[], format: (value: number) => string): string {
  const [low, high] = [format(Math.min(...values)), format(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

/** Seconds as a person says them: "0.8 s", "42 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return MISSING;
  if (seconds < 10) return `${number(seconds, 2)} s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${whole(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
