import type { RunListener } from "./events.ts";

/** A listener that says nothing: `run(description, { onEvent: silent })`. */
export const silent: RunListener = () => {};
