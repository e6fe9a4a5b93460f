import { DescriptionError, didYouMean } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { Network } from "../network.ts";
import type { Manipulation } from "./description.ts";

const words: Readonly<Record<Manipulation["kind"], string>> = {
  lesion: "lesion of",
  clamp: "clamp of",
  drive: "drive added to",
};

/** @throws DescriptionError where a manipulation makes no sense in a network */
export function checkManipulation(network: Network, manipulation: Manipulation): void {
  const fault = misfit(network, manipulation);
  if (fault !== undefined)
    throw new DescriptionError(
      `circuit "${network.description.name}", ${words[manipulation.kind]} ${shown(manipulation.of)}: ${fault}`,
    );
}

function misfit(network: Network, manipulation: Manipulation): string | undefined {
  const { kind, of } = manipulation;
  const late = lateStep(manipulation, network.steps);
  if (late !== undefined) return late;
  const projection = network.projections.find(({ name }) => name === of);
  if (kind === "lesion" && projection) {
    const given = manipulation.units ? "units" : manipulation.share === undefined ? undefined : "share";
    return (
      given &&
      `a projection is cut as a whole; leave ${given} out, or lesion "${projection.pre}" or "${projection.post}"`
    );
  }
  const parts = [...(kind === "drive" ? [] : network.inputs), ...network.populations];
  const part = parts.find(({ name }) => name === of);
  if (!part) {
    if (network.inputs.some(({ name }) => name === of)) return "it is an input, which has no drive; clamp it instead";
    if (projection) return `it is a projection, and has no units; name "${projection.pre}" or "${projection.post}"`;
    const known = [...parts, ...(kind === "lesion" ? network.projections : [])].map(({ name }) => name);
    return `there is nothing of that name${didYouMean(of, known)}; there are ${known.join(", ")}`;
  }
  return unitsFault(manipulation, part) ?? valuesFault(manipulation, part);
}

function lateStep({ steps: given }: Manipulation, steps: number): string | undefined {
  if (given === undefined) return undefined;
  const named = "from" in given ? [given.from, ...(given.to === undefined ? [] : [given.to])] : given;
  const late = named.find((step) => step >= steps);
  if (late !== undefined)
    return `steps: got ${late}, expected time steps from 0 to ${steps - 1}, which are all that the circuit has`;
  if ("from" in given && given.to !== undefined && given.to < given.from)
    return `steps: got from ${given.from} to ${given.to}, expected a last step that is not before the first`;
  return undefined;
}

type Sized = { readonly units: number; readonly dimension: number };

function unitsFault({ units, share }: Manipulation, { units: count }: Sized): string | undefined {
  if (units && share !== undefined) return "got both units and share; give one of them";
  const beyond = units?.find((unit) => unit >= count);
  if (beyond !== undefined) return `units: got ${beyond}, expected units from 0 to ${count - 1}`;
  const twice = units?.find((unit, at) => units.indexOf(unit) !== at);
  if (twice !== undefined) return `units: unit ${twice} is named twice; name each once`;
  if (share !== undefined && Math.round(share * count) === 0)
    return `share: got ${share}, which is none of its ${count} units; expected at least ${Number((0.5 / count).toPrecision(3))}`;
  return undefined;
}

function valuesFault(manipulation: Manipulation, { units: count, dimension }: Sized): string | undefined {
  if (manipulation.kind === "lesion") return undefined;
  const [field, given] = manipulation.kind === "clamp" ? ["rate", manipulation.rate] : ["amount", manipulation.amount];
  if (typeof given === "number") return undefined;
  if (manipulation.share !== undefined)
    return `${field}: got a list, and share draws the units; give one number for all`;
  const chosen = manipulation.units?.length ?? count;
  const lengths = dimension === 1 ? [chosen] : [chosen, dimension * chosen];
  if (lengths.includes(given.length)) return undefined;
  return `${field}: got ${given.length} values for ${chosen} units${dimension === 1 ? "" : ` of dimension ${dimension}`}; expected ${lengths.join(" or ")}, or one number for all`;
}
