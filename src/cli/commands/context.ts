import type { OpenBackend } from "../backend.ts";
import type { Streams } from "../streams.ts";

/** What every command works with. */
export interface Context {
  streams: Streams;
  open: OpenBackend;
}
