import { type Command, Option } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import type { KindIn } from "../../kinds/kind.ts";
import { shown } from "../../kinds/shown.ts";
import type { RunDescription } from "../../training/run-description.ts";
import type { SettingValue } from "../settings.ts";
import { wholeNumbers } from "../whole-numbers.ts";
import type { Given } from "./given.ts";

type RunManipulation = NonNullable<RunDescription["manipulations"]>[number];

/** Options that can be given any number of times, each with a value. */
function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] = []) => {
    if (value.startsWith("--")) throw new UsageError(`${flags}: got the option ${shown(value)} as its value`);
    return [...before, value];
  });
}

/** Each option with the name of its value, where it has one, and how it is written. */
const options: Readonly<Record<OptionName, { readonly value?: string; readonly example: string }>> = {
  lesion: { example: "v1:0.2 or v1[0,3]@2..4" },
  clamp: { value: "rate", example: "v1=0.5 or v1[0,3]=1@2..4" },
  drive: { value: "amount", example: "v1=0.3 or v1[0,3]=1@2..4" },
  freeze: { example: "v1->v2 or v2" },
};
/** An option is called as what it makes. */
type OptionName = RunManipulation["kind"];

/** Declares the options by which a circuit is manipulated while it runs. */
export function declareActions(command: Command): void {
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

/** Declares them for an experiment that takes manipulations, and the one that keeps what learns as it is. */
export function declareManipulations(command: Command, { settings }: KindIn<"experiment">): void {
  if (!Object.hasOwn(settings.shape, setting)) return;
  declareActions(command);
  command.addOption(
    repeated(
      "--freeze <part>",
      "keep weights of a projection, or weights and biases of a population, as they are: v1->v2, v2",
    ),
  );
}

const setting = "manipulations";

/** Names of the options, as Commander gives them. */
export const manipulationOptions: readonly string[] = Object.keys(options);

/** Manipulations that options gave, as a setting. Throws as `givenManipulations` does. */
export function givenManipulationSetting(given: Given): SettingValue[] {
  const manipulations = givenManipulations(given);
  return manipulations.length === 0 ? [] : [[setting, manipulations]];
}

/**
 * Manipulations that the command line asked for, as plain data.
 *
 * @throws UsageError naming the option that cannot be read
 */
export const givenManipulations = (given: Given): RunManipulation[] =>
  (Object.keys(options) as OptionName[]).flatMap((name) =>
    ((given[name] as readonly string[] | undefined) ?? []).map((text) => manipulationIn(name, text)),
  );

const form = /^([A-Za-z][\w-]*(?:->[A-Za-z][\w-]*)?)(?::([^[\]=@]+)|\[([^\]]*)\])?(?:=([^@]+))?(?:@(.+))?$/;

function manipulationIn(option: OptionName, text: string): RunManipulation {
  const { value: field, example } = options[option];
  const refused = () =>
    new UsageError(`--${option}: got ${shown(text)}, expected a part of the circuit, as in ${example}`);
  const [, of, share, units, value, steps] = form.exec(text) ?? [];
  if (of === undefined || (value === undefined) !== (field === undefined)) throw refused();
  if (option === "freeze" && of !== text) throw refused();
  const numbers = [share, value].filter((each) => each !== undefined).map(Number);
  if (!numbers.every(Number.isFinite)) throw refused();
  return {
    kind: option,
    of,
    ...(field === undefined ? {} : { [field]: Number(value) }),
    ...(share === undefined ? {} : { share: Number(share) }),
    ...(units === undefined ? {} : { units: wholeNumbers(`--${option}, units`, units) }),
    ...(steps === undefined ? {} : { steps: stepsIn(option, steps) }),
  } as RunManipulation;
}

/** "3", "0,2", "2..4", or "2.." for all from a step on. */
function stepsIn(option: OptionName, text: string): number[] | { from: number } {
  const [, from] = /^(\d+)\.\.$/.exec(text) ?? [];
  return from === undefined ? wholeNumbers(`--${option}, steps`, text) : { from: Number(from) };
}
