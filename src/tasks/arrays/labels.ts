import { isText, type LoadedArray, placeOf } from "../../arrays/loaded-array.ts";
import { DataError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** Labels of one or several targets that share their classes. */
export interface Labels {
  /** What each class is called, by its label. */
  readonly classNames: readonly string[];
  /** Label of each place of each array, 0 ... classes - 1. */
  readonly labels: readonly Float32Array[];
  /** How values became labels, where they were something else; absent: they were labels. */
  readonly note?: string;
}

/** Names that a message or a note repeats at most. */
const mostNamed = 10;

/**
 * Labels of arrays of names or whole numbers. Whole numbers of which none is missing from 0 to the largest are labels as they are.
 * All else is sorted, numbers by size and names by code point, and the first becomes class 0.
 *
 * @param arrays by the name that messages call them
 * @param classNames what the classes are called, by label: then numbers are labels from 0 to classes - 1 and texts are among
 *   these names; absent: found in the arrays
 * @param axes what the axes count
 * @throws DataError naming the place of a value that is no label, or where there are fewer than two classes
 */
export function labelsOf(
  arrays: ReadonlyMap<string, LoadedArray>,
  axes: readonly string[],
  classNames?: readonly string[],
): Labels {
  for (const [where, array] of arrays) checkWhole(where, array, axes);
  if (classNames) return { classNames, labels: [...arrays].map((entry) => namedLabels(entry, axes, classNames)) };

  const found = new Set<number | string>();
  for (const { values } of arrays.values()) for (let at = 0; at < values.length; at++) found.add(values[at]!);
  const classes = [...found].sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : a < b ? -1 : 1));
  const [first] = arrays.keys();
  if (classes.length < 2) {
    throw new DataError(
      `${first}: every label is ${shown(classes[0])}; a choice takes at least two classes, so look at what the labels are, ` +
        'or name all classes by classes, or take values by as: "values"',
    );
  }
  const asTheyAre = classes.every((value, label) => value === label);
  const labelOf = new Map(classes.map((value, label) => [value, label]));
  const labels = [...arrays.values()].map(({ values }) =>
    Float32Array.from({ length: values.length }, (_, at) => labelOf.get(values[at]!)!),
  );
  const names = classes.map(String);
  if (asTheyAre) return { classNames: names, labels };
  const told = names
    .slice(0, mostNamed)
    .map((name) => shown(name))
    .join(", ");
  const more = names.length > mostNamed ? ", ..." : "";
  return {
    classNames: names,
    labels,
    note: `labels ${told}${more} of ${first} are classes 0 to ${names.length - 1}, sorted`,
  };
}

function checkWhole(where: string, array: LoadedArray, axes: readonly string[]): void {
  if (isText(array)) return;
  const values = array.values as ArrayLike<number>;
  for (let at = 0; at < values.length; at++) {
    if (Number.isSafeInteger(values[at])) continue;
    throw new DataError(
      `${where}: ${placeOf(at, array.shape, axes)} is ${values[at]}, and labels are whole numbers or names; ` +
        'for values set as: "values"',
    );
  }
}

function namedLabels(
  [where, array]: readonly [string, LoadedArray],
  axes: readonly string[],
  classNames: readonly string[],
): Float32Array {
  const { values, shape } = array;
  const labelOf = new Map(classNames.map((name, label) => [name, label]));
  return Float32Array.from({ length: values.length }, (_, at) => {
    const value = values[at]!;
    const label = typeof value === "string" ? labelOf.get(value) : value;
    if (label !== undefined && label >= 0 && label < classNames.length) return label;
    const expected =
      typeof value === "string"
        ? `one of ${classNames
            .slice(0, mostNamed)
            .map((name) => shown(name))
            .join(", ")}`
        : `a label from 0 to ${classNames.length - 1}, for the ${classNames.length} classes that are named`;
    throw new DataError(
      `${where}: ${placeOf(at, shape, axes)} is ${shown(value)}, expected ${expected}; name all classes by classes, by label`,
    );
  });
}
