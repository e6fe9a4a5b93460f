import { UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";

/**
 * A copy of a plain value in which the part at a path is replaced: `assigned([1024, 512], ["1"], 256)` is [1024, 256].
 * Parts of an object may be new, parts of a list may not.
 *
 * @param name Dotted name of the value, for messages.
 * @throws UsageError where the path leads into something that has no such part.
 */
export function assigned(current: unknown, path: readonly string[], value: unknown, name: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = `${name}.${key}`;
  if (Array.isArray(current)) {
    const index = Number(key);
    if (!/^\d+$/.test(key) || index >= current.length) {
      const last = current.length - 1;
      throw new UsageError(`${name}: got the index ${shown(key)}, expected a whole number from 0 to ${last}`);
    }
    return current.with(index, assigned(current[index], rest, value, inner));
  }
  if (typeof current === "object" && current !== null) {
    const part = Object.hasOwn(current, key) ? (current as Record<string, unknown>)[key] : undefined;
    // A computed key makes an own property even of "__proto__".
    return { ...current, [key]: assigned(part, rest, value, inner) };
  }
  if (current === undefined)
    throw new UsageError(`${shown(inner)} cannot be set, since ${name} is not set; set the whole of ${name}`);
  throw new UsageError(`${shown(inner)} cannot be set, since ${name} is one value without parts`);
}
