import type { Layout } from "../../circuits/layout.ts";
import { isWeighted, type Network } from "../../circuits/network.ts";
import type { Shape } from "../../compute/shape.ts";
import { DescriptionError, didYouMean } from "../../kinds/errors.ts";
import { parseDescription } from "../../kinds/plain-data.ts";
import { shown } from "../../kinds/shown.ts";
import { Probe, type Quantity } from "./probe.ts";

interface SomeArray {
  /** "v1/rates"; of parameters their name, "v1->v2/weight". */
  readonly name: string;
  readonly of: string;
  readonly what: Quantity;
}

/** Something of a population or input that differs from trial to trial. */
export interface StateArray extends SomeArray {
  readonly what: "rates" | "drive" | "error";
  /** Time steps that are recorded. */
  readonly steps: readonly number[];
  /** Units that are recorded; absent: all. */
  readonly chosen?: readonly number[];
  readonly layout: Layout;
}

/** A parameter, which all trials meet alike. */
export interface ParameterArray extends SomeArray {
  readonly what: "weights" | "biases";
  readonly shape: Shape;
  readonly axes: readonly string[];
}

/** An array to record. */
export type ProbedArray = StateArray | ParameterArray;

export const isState = (array: ProbedArray): array is StateArray => "steps" in array;

/**
 * Arrays that probes ask for, in their order.
 *
 * @throws DescriptionError naming the probe: a part that does not exist or has nothing of that kind, time steps or units that
 *   it does not have, or an array that two probes ask for
 */
export function probedArrays(network: Network, probes: readonly unknown[]): ProbedArray[] {
  const { name } = network.description;
  const arrays = probes.map((given, index) => {
    const probe = parseDescription(`probe ${index + 1}`, Probe, given);
    const found = probedArray(network, probe);
    if (typeof found === "string")
      throw new DescriptionError(`circuit "${name}", ${probe.what} of ${shown(probe.of)}: ${found}`);
    return found;
  });
  if (arrays.length === 0)
    throw new DescriptionError(`circuit "${name}": there is nothing to record; give at least one probe`);
  const twice = arrays.find((array, index) => arrays.findIndex((other) => other.name === array.name) !== index);
  if (twice)
    throw new DescriptionError(
      `circuit "${name}", ${twice.what} of "${twice.of}": two probes ask for it; give one with the time steps and units of both`,
    );
  return arrays;
}

/** The array that a probe asks for, or what is wrong with it. */
function probedArray(network: Network, probe: Probe): ProbedArray | string {
  const { of, what, steps, every, units } = probe;
  const { populations, inputs, projections } = network;
  const population = populations.find((each) => each.name === of);
  const input = inputs.find((each) => each.name === of);
  const projection = projections.find((each) => each.name === of);
  if (!population && !input && !projection) {
    const known = [...populations, ...inputs, ...projections].map((each) => each.name);
    return `there is nothing of that name${didYouMean(of, known)}; there are ${known.join(", ")}`;
  }
  if (projection) {
    if (what !== "weights") return `it is a projection, of which weights alone can be recorded`;
    if (!isWeighted(projection)) return "its topology has no weights";
    const { weight, weights } = projection;
    return parameterFault(probe) ?? { name: weight, of, what, shape: weights.shape, axes: weights.axes };
  }
  if (what === "weights") {
    const among = projections.filter(({ pre, post }) => pre === of || post === of).map(({ name }) => name);
    return `it is no projection; those from and to it are ${among.join(", ")}`;
  }
  if (what === "biases") {
    if (!population?.bias) return "it has no biases";
    const { bias, dimension, periods, units: count } = population;
    const axes = ["component", periods.bias === count ? "unit" : "channel"];
    return parameterFault(probe) ?? { name: bias, of, what, shape: [dimension, periods.bias], axes };
  }
  const part = (population ?? input)!;
  if (input && what !== "rates") return "it is an input, of which rates alone can be recorded";
  const beyond = units?.find((unit) => unit >= part.units);
  if (beyond !== undefined) return `units: got ${beyond}, expected units from 0 to ${part.units - 1}`;
  const late = Array.isArray(steps) ? steps.find((at) => at >= network.steps) : undefined;
  if (late !== undefined)
    return `steps: got ${late}, expected time steps from 0 to ${network.steps - 1}, which are all that the circuit has`;
  const all = Array.from({ length: network.steps }, (_, at) => at);
  const asked = steps === "all" ? all : steps === "last" ? all.slice(-1) : steps;
  return {
    name: `${of}/${what}`,
    of,
    what,
    steps: asked.filter((_, index) => index % every === 0),
    ...(units ? { chosen: units } : {}),
    layout: { units: part.units, map: part.map, dimension: part.dimension },
  };
}

/** Parameters are the same at all time steps and of all units that there are. */
function parameterFault({ steps, every, units }: Probe): string | undefined {
  if (units) return "units are chosen of rates, drive and error; leave them out";
  if (steps !== "all" || every !== 1) return "it is the same at all time steps; leave steps and every out";
  return undefined;
}
