import { firstLine, SulcusError } from "./errors.ts";
import type { Library, Origin } from "./kind.ts";
import { shown } from "./shown.ts";

/** A module, by what messages call it: `plug-in "oja"`. */
interface NamedModule {
  readonly called: string;
  readonly origin: Origin | undefined;
}

/** A line of a module, as an error's stack names it. */
interface Place {
  readonly called: string;
  readonly file: string;
  /** "12:5"; a syntax error tells the line alone. */
  readonly line: string;
}

/**
 * An error as it is told where it came out of a plug-in: `plug-in "oja" (/home/me/oja.ts:12:5): x is not a function`. The line is
 * the innermost one of the plug-in's own on the stack. What Sulcus throws on purpose below a line of a plug-in keeps its
 * class. Any other error, and an interruption, comes back as it is.
 *
 * @param used plug-ins that it may have come from; only those that were loaded from a module can be recognised
 */
export const namingPlugin = (error: unknown, { used }: Pick<Library, "used">): unknown =>
  namingModule(
    error,
    used.map(({ plugin, origin }) => ({ called: `plug-in ${shown(plugin.name)}`, origin })),
  );

/** The same of modules by whatever name. */
export function namingModule(error: unknown, modules: readonly NamedModule[]): unknown {
  if (!(error instanceof Error) || error.name === "InterruptedError" || alreadyNamed.test(error.message)) return error;
  // A message may name a plug-in's file as well.
  const place = placeOn((error.stack ?? "").replace(error.message, ""), modules);
  if (place === undefined) return error;
  const where = `${place.called} (${place.file}:${place.line}): `;
  if (!(error instanceof SulcusError)) return new SulcusError(where + firstLine(error), { cause: error });
  error.message = where + error.message;
  return error;
}

/**
 * Awaits work during which a plug-in may throw.
 *
 * @throws what the work throws, as `namingPlugin` tells it
 */
export async function withPluginsNamed<T>(library: Pick<Library, "used">, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw namingPlugin(error, library);
  }
}

const alreadyNamed = /^(?:plug-in|module) "/;

/** A file's name is followed by the checksum under which it was imported anew, if it was, by line and column. */
const position = /^(?:\?[^\s:)]*)?:(\d+(?::\d+)?)/;

/** The first line of the stack that lies in a file of a module. */
function placeOn(stack: string, modules: readonly NamedModule[]): Place | undefined {
  for (const line of stack.split("\n"))
    for (const { called, origin } of modules)
      for (const file of origin?.files ?? []) {
        const at = line.indexOf(file);
        const found = at < 0 ? null : position.exec(line.slice(at + file.length));
        if (found) return { called, file: readablePath(file), line: found[1]! };
      }
  return undefined;
}

const readablePath = (file: string) =>
  file.startsWith("file://") ? decodeURIComponent(file.slice("file://".length)) : file;
