import type { RunEvent } from "../../training/events.ts";

/** Tells a person or a program what a run does while it does it. */
export interface Narrator {
  tell(event: RunEvent): void;
  /** A sentence about the run that is no event of it. */
  note(text: string): void;
  /** Leaves the terminal as it was; nothing is told afterwards. */
  close(): void;
}
