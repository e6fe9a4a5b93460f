import module from "node:module";
import { extname } from "node:path";

/** What modules import of Sulcus, and where this copy of it lies; `.ts` in the source, `.js` in the build. */
const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ sulcus: "../../index", "sulcus/node": "../../node" }).map(([name, path]) => [
    name,
    new URL(path + extname(import.meta.url), import.meta.url).href,
  ]),
);

/** Hooks for Node before 22.15, which run in a thread of their own and therefore are a text. */
const hooks = `let entries;
export const initialize = (given) => { entries = given; };
export const resolve = (name, context, next) => next(Object.hasOwn(entries, name) ? entries[name] : name, context);`;

let served = false;

/**
 * From now on a module that imports "sulcus", wherever it lies, gets the Sulcus that is running: a file outside of any project
 * finds it, and one in a project with a copy of its own does not load that copy, whose tensors this one would not know.
 */
export function serveOwnPackage(): void {
  if (served) return;
  served = true;
  const { registerHooks } = module as { registerHooks?: (hooks: Hooks) => void };
  if (registerHooks) registerHooks({ resolve: (name, context, next) => next(entries[name] ?? name, context) });
  else module.register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: entries });
}

/** The part of Node's synchronous hooks that is used. */
interface Hooks {
  resolve(name: string, context: unknown, next: (name: string, context: unknown) => unknown): unknown;
}
