import { type Command, Option } from "commander";
import { UsageError } from "../kinds/errors.ts";
import { shown } from "../kinds/shown.ts";
import type { RunDescription } from "../training/run-description.ts";
import { wholeNumbers } from "./whole-numbers.ts";

type Manipulation = NonNullable<RunDescription["manipulations"]>[number];

/** Options that can be given any number of times, each with a value. */
function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] = []) => {
    if (value.startsWith("--")) throw new UsageError(`${flags}: got the option ${shown(value)} as its value`);
    return [...before, value];
  });
}

/** Declares the options by which a circuit is manipulated while it runs. */
export function declareManipulations(command: Command): void {
  command
    .addOption(
      repeated(
        "--lesion <part>",
        "silence units or cut a projection: v1, v1:0.2 (a share), v1[0,3], v1->v2; v1@2..4 at some steps",
      ),
    )
    .addOption(repeated("--clamp <part=rate>", "set rates of units: v1=0.5, v1[0,3]=1, v1:0.2=0@2..4"))
    .addOption(repeated("--drive <part=amount>", "add to the drive of units: v1=0.3@2..4"));
}

/** Each option, what it makes of a part, and the name of its value where it has one. */
const options: Readonly<Record<string, { readonly kind: Manipulation["kind"]; readonly value?: string }>> = {
  lesion: { kind: "lesion" },
  clamp: { kind: "clamp", value: "rate" },
  drive: { kind: "drive", value: "amount" },
};

/** Names of the options, as Commander gives them. */
export const manipulationOptions: readonly string[] = Object.keys(options);

/**
 * Manipulations that the command line asked for, as plain data; undefined where none is.
 *
 * @throws UsageError naming the option that cannot be read
 */
export function givenManipulations(given: Readonly<Record<string, unknown>>): Manipulation[] | undefined {
  const found = manipulationOptions.flatMap((name) =>
    ((given[name] as readonly string[] | undefined) ?? []).map((text) => manipulationIn(name, text)),
  );
  return found.length === 0 ? undefined : found;
}

const example = {
  lesion: "v1:0.2 or v1[0,3]@2..4",
  clamp: "v1=0.5 or v1[0,3]=1@2..4",
  drive: "v1=0.3 or v1[0,3]=1@2..4",
};
const form = /^([A-Za-z][\w-]*(?:->[A-Za-z][\w-]*)?)(?::([^[\]=@]+)|\[([^\]]*)\])?(?:=([^@]+))?(?:@(.+))?$/;

function manipulationIn(option: string, text: string): Manipulation {
  const { kind, value: field } = options[option]!;
  const refused = () =>
    new UsageError(
      `--${option}: got ${shown(text)}, expected a part of the circuit, as in ${example[option as keyof typeof example]}`,
    );
  const [, of, share, units, value, steps] = form.exec(text) ?? [];
  if (of === undefined || (value === undefined) !== (field === undefined)) throw refused();
  const numbers = [share, value].filter((each) => each !== undefined).map(Number);
  if (!numbers.every(Number.isFinite)) throw refused();
  return {
    kind,
    of,
    ...(field === undefined ? {} : { [field]: Number(value) }),
    ...(share === undefined ? {} : { share: Number(share) }),
    ...(units === undefined ? {} : { units: wholeNumbers(`--${option}, units`, units) }),
    ...(steps === undefined ? {} : { steps: stepsIn(option, steps) }),
  } as Manipulation;
}

/** "3", "0,2", "2..4", or "2.." for all from a step on. */
function stepsIn(option: string, text: string): Manipulation["steps"] {
  const [, from] = /^(\d+)\.\.$/.exec(text) ?? [];
  return from === undefined ? wholeNumbers(`--${option}, steps`, text) : { from: Number(from) };
}
