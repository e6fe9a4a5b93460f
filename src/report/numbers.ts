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

/** A share, 0 to 1, in per cent with two decimals, as error rates are given in the literature: "1.87 %". */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)}\u00a0%` : MISSING;
}

/** An angle in degrees: "83.2°", and 0 without decimals, since back-propagation is exactly aligned. */
export function degrees(angle: number): string {
  if (!Number.isFinite(angle)) return MISSING;
  return angle === 0 ? "0°" : `${angle < 0.1 ? number(angle, 2) : angle.toFixed(1)}°`;
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
