/** A place in two plain values where they differ; a value that one of them lacks is undefined. */
interface Difference {
  /** As in JavaScript, "projections[0].weight"; empty when the values differ as a whole. */
  path: string;
  here: unknown;
  there: unknown;
}

/** The first place where two JSON-like values differ, in the order of the keys of `here`; undefined when they are equal. */
export function firstDifference(here: unknown, there: unknown, path = ""): Difference | undefined {
  if (Object.is(here, there)) return undefined;
  if (!isNest(here) || !isNest(there) || Array.isArray(here) !== Array.isArray(there)) return { path, here, there };
  for (const key of new Set([...Object.keys(here), ...Object.keys(there)])) {
    const inner = Array.isArray(here) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const difference = firstDifference(own(here, key), own(there, key), inner);
    if (difference !== undefined) return difference;
    // Both undefined, but only one has the key: the one place where "absent" and "undefined" would pass for equal.
    if (Object.hasOwn(here, key) !== Object.hasOwn(there, key)) {
      return { path: inner, here: undefined, there: undefined };
    }
  }
  return undefined;
}

type Nest = Record<string, unknown>;

function isNest(value: unknown): value is Nest {
  return typeof value === "object" && value !== null;
}

function own(nest: Nest, key: string): unknown {
  return Object.hasOwn(nest, key) ? nest[key] : undefined;
}
