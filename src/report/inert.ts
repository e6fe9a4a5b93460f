/**
 * The text with an invisible end if it names something that every object inherits: Vega looks values up in plain
 * objects, and a run called "constructor" would stop it.
 */
export function inert(text: string): string {
  return text in Object.prototype ? `${text}\u200b` : text;
}
