import { Option } from "commander";
import { UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";

/** Options with a value; one that looks like an option is a value forgotten. */
export function valued(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string) => {
    if (value.startsWith("--")) throw new UsageError(`${flags}: got the option ${shown(value)} as its value`);
    return value;
  });
}
