import { addRow, holdRates, stopErrors } from "../../compute/kernels/hold.ts";
import { randomStream } from "../../compute/random.ts";
import { reshape, type Tensor, type Trace } from "../../compute/trace.ts";
import { deltaOf, type PostsynapticError, scaleOf } from "../../neurons/postsynaptic-error.ts";
import type { Layout } from "../layout.ts";
import type { Network } from "../network.ts";
import type { Parameter } from "../parameters.ts";
import type { Manipulation } from "./description.ts";
import type { Hold, Interventions } from "./interventions.ts";
import { checkManipulation } from "./misfit.ts";
import { chosenUnits, fill, type RowTable, rowTable, stepsOf } from "./rows.ts";

/** Residents of a population or input that is manipulated. */
const heldName = (part: string) => `${part}/held`;
const heldRatesName = (part: string) => `${part}/held-rates`;
const addedDriveName = (part: string) => `${part}/added-drive`;

/** A population or input of the network, with what acts on it at each time step. */
interface Part extends Pick<Layout, "units" | "dimension"> {
  readonly name: string;
  /** Lesions and clamps. */
  readonly holds: RowTable;
  readonly drives: RowTable;
}

/**
 * A network under manipulations. Those of one population go one over the other in their order, and a lesion over any clamp; what
 * is added to a drive adds up. The share of units that a manipulation draws is drawn from the seed's stream "manipulation/NAME",
 * so that of two shares of one population the larger holds the smaller. Further manipulations of a network go over those it is under
 * already.
 *
 * What is held and added are parameters of the network that nothing changes: `held` [rows, units], `held-rates` and
 * `added-drive` [rows, dimension, units], with a row for each group of time steps that are treated alike.
 *
 * @throws DescriptionError naming circuit and manipulation: a population, input or projection that does not exist, units
 * or time steps that it does not have, or values that are not one for each unit
 */
export function manipulate(given: Network, further: readonly Manipulation[]): Network {
  if (further.length === 0) return given;
  const network = given.manipulated?.intact ?? given;
  const manipulations = [...(given.manipulated?.by ?? []), ...further];
  for (const manipulation of manipulations) checkManipulation(network, manipulation);
  const { projections, populations, inputs, steps } = network;
  const parts = [...inputs, ...populations].flatMap(({ name, units, dimension }): Part[] => {
    const here = manipulations.filter(({ of }) => of === name);
    const table = (kinds: readonly Manipulation["kind"][]) =>
      rowTable(
        here.filter(({ kind }) => kinds.includes(kind)),
        steps,
      );
    return here.length === 0
      ? []
      : [{ name, units, dimension, holds: table(["lesion", "clamp"]), drives: table(["drive"]) }];
  });
  const cuts = new Map(
    projections.map(({ name }): [string, ReadonlySet<number>] => {
      const lesions = manipulations.filter(({ of }) => of === name);
      return [name, new Set(lesions.flatMap((lesion) => stepsOf(lesion, steps)))];
    }),
  );
  const interventions = interventionsIn(
    new Map(parts.map((part) => [part.name, part])),
    (projection, step) => cuts.get(projection)!.has(step),
    steps,
  );
  return {
    ...network,
    manipulated: { by: manipulations, intact: network },
    parameters: [...network.parameters, ...parts.flatMap(parametersOf)],
    initialise(seed, read) {
      const values = network.initialise(seed, read);
      for (const part of parts) for (const [name, drawn] of valuesOf(part, seed)) values.set(name, drawn);
      return values;
    },
    propagate: (trace, given) => network.propagate(trace, { ...given, interventions }),
  };
}

function parametersOf({ name, units, dimension, holds, drives }: Part): Parameter[] {
  const parameter = (of: string, shape: readonly number[]): Parameter => ({
    name: of,
    shape,
    plastic: false,
    decays: false,
    manipulation: true,
  });
  const [held, added] = [holds.rows.length, drives.rows.length];
  return [
    ...(held === 0
      ? []
      : [parameter(heldName(name), [held, units]), parameter(heldRatesName(name), [held, dimension, units])]),
    ...(added === 0 ? [] : [parameter(addedDriveName(name), [added, dimension, units])]),
  ];
}

function valuesOf({ name, units, dimension, holds, drives }: Part, seed: number): Map<string, Float32Array> {
  const order = randomStream(seed, `manipulation/${name}`).permutation(units);
  const row = dimension * units;
  const held = new Float32Array(holds.rows.length * units);
  const rates = new Float32Array(holds.rows.length * row);
  for (const [index, active] of holds.rows.entries()) {
    const lesionsLast = [...active].sort((a, b) => Number(a.kind === "lesion") - Number(b.kind === "lesion"));
    for (const manipulation of lesionsLast) {
      const chosen = chosenUnits(manipulation, order);
      for (const unit of chosen) held[index * units + unit] = 1;
      const rate = manipulation.kind === "clamp" ? manipulation.rate : 0;
      fill(rates.subarray(index * row, (index + 1) * row), { units, dimension }, chosen, rate, () => 0);
    }
  }
  const added = new Float32Array(drives.rows.length * row);
  for (const [index, active] of drives.rows.entries())
    for (const manipulation of active) {
      if (manipulation.kind !== "drive") continue;
      const target = added.subarray(index * row, (index + 1) * row);
      fill(target, { units, dimension }, chosenUnits(manipulation, order), manipulation.amount, (before) => before);
    }
  return new Map([
    ...(held.length === 0
      ? []
      : ([
          [heldName(name), held],
          [heldRatesName(name), rates],
        ] as const)),
    ...(added.length === 0 ? [] : ([[addedDriveName(name), added]] as const)),
  ]);
}

function interventionsIn(
  parts: ReadonlyMap<string, Part>,
  cuts: (projection: string, step: number) => boolean,
  steps: number,
): Interventions {
  const holdAt = (trace: Trace, name: string, step: number): Hold | undefined => {
    const row = parts.get(name)?.holds.rowAt[step];
    if (row === undefined) return undefined;
    const held = trace.resident(heldName(name));
    return {
      rates: (rates) => holdRates({ rates, held, values: trace.resident(heldRatesName(name)) }, { row }).result,
      release: (error) => released(error, held, row),
    };
  };
  return {
    cuts: ({ name }, step) => cuts(name, step),
    hold: (trace, { name }, step) => holdAt(trace, name, step),
    drive(trace, { name }, step, drive) {
      const row = parts.get(name)?.drives.rowAt[step];
      return row === undefined ? drive : addRow({ drive, added: trace.resident(addedDriveName(name)) }, { row }).result;
    },
    stimuli: (trace, stimuli) =>
      new Map(
        [...stimuli].map(([name, tensors]): [string, readonly Tensor[]] => {
          const rows = parts.get(name)?.holds.rowAt;
          if (!rows) return [name, tensors];
          const alike = tensors.length === 1 && rows.every((row) => row === rows[0]);
          const shown = Array.from({ length: alike ? 1 : steps }, (_, step) => {
            const tensor = tensors[step] ?? tensors[0]!;
            const [batch, units] = tensor.shape as [number, number];
            const hold = holdAt(trace, name, step);
            return hold ? reshape(hold.rates(reshape(tensor, [batch, 1, units])), tensor.shape) : tensor;
          });
          return [name, shown];
        }),
      ),
  };
}

/** An error without that of held units. */
function released(error: PostsynapticError, held: Tensor, row: number): PostsynapticError {
  if (error.kind === "own") return { kind: "own", delta: stopErrors({ error: deltaOf(error), held }, { row }).result };
  const scale = scaleOf(error);
  const [batch, units] = scale.shape as [number, number];
  const free = stopErrors({ error: reshape(scale, [batch, 1, units]), held }, { row }).result;
  return { ...error, scale: reshape(free, scale.shape) };
}
