import type { Command } from "commander";
import { lookUp } from "../../kinds/errors.ts";
import type { Family } from "../../kinds/families.ts";
import { wordsOf } from "../../kinds/families.ts";
import type { Library } from "../../kinds/library.ts";
import type { Context } from "./context.ts";
import { pluginsAsked, useOption } from "./given.ts";

/** Declares `sulcus list`. */
export function declareList(program: Command, context: Context): void {
  const list = program
    .command("list")
    .description("what descriptions may name: experiments, tasks, rules, gain functions and all else")
    .argument("[family]", "of one family alone, such as rule")
    .argument("[name]", "with all its settings")
    .addOption(useOption())
    .option("--json", "as one JSON object")
    .addHelpText("after", "\nExamples:\n  sulcus list rule\n  sulcus list rule three-factor\n  sulcus list --json");
  list.action(async (family: string | undefined, name: string | undefined, given: { json?: true; use?: string[] }) => {
    const { library } = await context.open(pluginsAsked(given));
    const families = family === undefined ? library.families() : [familyOf(library, family)];
    const write = (text: string) => void context.streams.stdout.write(`${text}\n`);
    if (name !== undefined) return write(await describe(library, families[0]!, name, given.json === true));
    const listing = Object.fromEntries(
      families.map((each) => [
        wordsOf(each).many,
        library.list(each).map(({ kind, summary }) => ({ name: kind, summary })),
      ]),
    );
    write(given.json ? JSON.stringify(listing, null, 2) : sections(listing));
  });
}

/** The family that a word names: its name, its plural, or a word of what people call it, such as "gain" or "sign". */
function familyOf(library: Library, word: string): Family {
  const families = library.families();
  const called = families.find((family) => {
    const { one, many } = wordsOf(family);
    return [many, one, ...one.split(" ")].includes(word);
  });
  return (
    families.find((family) => family === word) ??
    called ??
    lookUp("family", word, Object.fromEntries(families.map((family) => [family, family])))
  );
}

/** A kind with its settings: what each expects, and its default. */
async function describe(library: Library, family: Family, name: string, json: boolean): Promise<string> {
  const { kind, summary, settings } = library.get(family, name);
  const [{ settingSchema }, { settingsHelp }] = await Promise.all([
    import("../settings.ts"),
    import("../settings-help.ts"),
  ]);
  const schema = settingSchema(settings);
  if (json) return JSON.stringify({ family, name: kind, summary, settings: schema.properties ?? {} }, null, 2);
  const none = Object.keys(schema.properties ?? {}).length === 0;
  return `${wordsOf(family).one} ${kind}: ${summary}\n${none ? "\nIt has no settings." : settingsHelp(settings)}`;
}

function sections(listing: Record<string, { name: string; summary: string }[]>): string {
  const width = Math.max(0, ...Object.values(listing).flatMap((entries) => entries.map(({ name }) => name.length)));
  const section = ([heading, entries]: [string, { name: string; summary: string }[]]) =>
    [heading, ...entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`.trimEnd())].join("\n");
  return Object.entries(listing).map(section).join("\n\n");
}
