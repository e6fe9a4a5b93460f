import type { RunRecord } from "./run-record.ts";

/** What all runs have in common, or nothing. */
export function agreed<T>(runs: readonly RunRecord[], value: (run: RunRecord) => T): T | undefined {
  const values = runs.map(value);
  const same = values.every((each) => JSON.stringify(each) === JSON.stringify(values[0]));
  return same ? values[0] : undefined;
}
