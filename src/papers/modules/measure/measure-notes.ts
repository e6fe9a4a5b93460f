import { DataError } from "../../../kinds/errors.ts";
import type { MeasureNote } from "../specialization-record.ts";

/** Notes of what measures lack, in the order in which it turned out. */
export interface MeasureNotes {
  readonly all: readonly MeasureNote[];
  add(note: MeasureNote): void;
  /**
   * What a measure says, or null, with a note of why, where the data do not allow it. Any other error is thrown on.
   *
   * @param what names the measure, and what it is about ("module-2"), which begins the note
   */
  attempt<T>(
    what: Pick<MeasureNote, "measure" | "step"> & { readonly about?: string | undefined },
    take: () => T | Promise<T>,
  ): Promise<T | null>;
}

export function measureNotes(): MeasureNotes {
  const all: MeasureNote[] = [];
  return {
    all,
    add: (note) => void all.push(note),
    async attempt({ about, ...what }, take) {
      try {
        return await take();
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        all.push({ ...what, note: about === undefined ? error.message : `${about}: ${error.message}` });
        return null;
      }
    },
  };
}
