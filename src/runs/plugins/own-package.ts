import module from "node:module";
import { extname } from "node:path";

/** What modules import of Sulcus, and where this copy of it lies; `.ts` in the source, `.js` in the build. */
const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ sulcus: "../../node", "sulcus/node": "../../node" }).map(([name, path]) => [
    name,
    new URL(path + extname(import.meta.url), import.meta.url).href,
  ]),
);

/** Whether TypeScript is left to the package tsx, which takes a file beside no package.json for CommonJS: it is a module here. */
const unread = !process.features.typescript;

/** Hooks for Node before 22.15, which run in a thread of their own and therefore are a text. */
const hooks = `let entries;
export const initialize = (given) => { entries = given; };
export const resolve = async (name, context, next) => {
  const found = await next(Object.hasOwn(entries, name) ? entries[name] : name, context);
  const url = ${String(asImporter)}(name, found.url, context.parentURL);
  return { ...found, url, ...(${String(ownTypeScript)}(url) ? { format: "module" } : {}) };
};`;

/** Whether an address is of a TypeScript file outside of packages. */
function ownTypeScript(url: string): boolean {
  return url.startsWith("file:") && /\.m?ts(\?|$)/.test(url) && !url.includes("/node_modules/");
}

/**
 * The address of what a module imports by a relative path: where the module was imported anew under its checksum, so are its
 * other files, which may be what has changed.
 */
function asImporter(name: string, url: string, importer: string | undefined): string {
  const anew = /^\.\.?\//.test(name) && !url.includes("?") && /\?sha256=[0-9a-f]+$/.exec(importer ?? "");
  return anew ? url + anew[0] : url;
}

let serving = false;

/**
 * From now on a module that imports "sulcus", wherever it lies, gets the Sulcus that is running: a file outside of any project
 * finds it, and one in a project with a copy of its own does not load that copy, whose tensors this one would not know.
 *
 * @param anew whether hooks were added since the last time, which would come first
 */
export function serveOwnPackage(anew = false): void {
  if (serving && !anew) return;
  serving = true;
  const { registerHooks } = module as { registerHooks?: (hooks: Hooks) => void };
  if (registerHooks) registerHooks({ resolve: resolveOwn });
  else module.register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: entries });
}

const resolveOwn: Hooks["resolve"] = (name, context, next) => {
  const found = next(entries[name] ?? name, context);
  const url = asImporter(name, found.url, context.parentURL);
  return { ...found, url, ...(unread && ownTypeScript(url) ? { format: "module" } : {}) };
};

/** The part of Node's synchronous hooks that is used. */
interface Hooks {
  resolve(
    name: string,
    context: { readonly parentURL?: string },
    next: (name: string, context: unknown) => { readonly url: string },
  ): { readonly url: string };
}
