import { UsageError } from "./errors.ts";
import type { Kind, Plugin } from "./kind.ts";
import { shown } from "./shown.ts";

/**
 * A plug-in: kinds of one's own for everything that a description may name.
 *
 * ```ts
 * export default definePlugin({ name: "hebb", parts: [hebb] });
 * ```
 *
 * @throws UsageError where it has no name, or a part is not what `defineRule` and the like give
 */
export function definePlugin(plugin: Plugin): Plugin {
  if (typeof plugin.name !== "string" || plugin.name === "")
    throw new UsageError(
      `a plug-in needs a name, got ${shown(plugin.name)}; write definePlugin({ name: "mine", parts: [...] })`,
    );
  const parts: unknown = plugin.parts;
  if (!Array.isArray(parts))
    throw new UsageError(`plug-in ${shown(plugin.name)}: parts is ${shown(parts)}; expected a list of kinds`);
  for (const [index, part] of parts.entries())
    if (!isKind(part))
      throw new UsageError(
        `plug-in ${shown(plugin.name)}: parts[${index}] is ${shown(part)}; expected a kind, as defineRule, defineTask and the like give it`,
      );
  return plugin;
}

function isKind(part: unknown): part is Kind {
  const { family, kind, settings, build } = (part ?? {}) as Partial<Kind>;
  return (
    typeof family === "string" && typeof kind === "string" && settings !== undefined && typeof build === "function"
  );
}
