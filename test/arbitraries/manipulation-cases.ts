import fc from "fast-check";
import type { Manipulation, Selection } from "../../src/circuits/manipulations/description.ts";
import { addDrive, clamp, lesion } from "../../src/circuits/manipulations/description.ts";
import { manipulate } from "../../src/circuits/manipulations/manipulate.ts";
import type { Network } from "../../src/circuits/network.ts";
import { type RecurrentCase, type RecurrentFamily, recurrentCases } from "./recurrent-cases.ts";

/** A circuit in time and what is done to it. */
export interface ManipulatedCase {
  readonly intact: RecurrentCase;
  readonly manipulated: RecurrentCase;
  readonly manipulations: readonly Manipulation[];
}

/** The case with its network under manipulations. */
export function underManipulations(intact: RecurrentCase, manipulations: readonly Manipulation[]): RecurrentCase {
  const network = manipulate(intact.network, manipulations);
  const added = network.parameters.filter(({ manipulation }) => manipulation).map(({ name }) => name);
  const start = network.initialise(1);
  return {
    ...intact,
    network,
    values: new Map([...intact.values, ...added.map((name) => [name, start.get(name)!] as const)]),
  };
}

/** How many units an input or population of a case has. */
export const unitsIn =
  ({ network }: Pick<RecurrentCase, "network">) =>
  (part: string): number =>
    [...network.inputs, ...network.populations].find(({ name }) => name === part)!.units;

const value = fc.integer({ min: -4, max: 4 }).map((quarters) => quarters / 4);

/** Some units of a part, and some steps of a circuit. */
const selections = (units: number, steps: number): fc.Arbitrary<Selection> =>
  fc
    .record({
      units: fc.option(fc.uniqueArray(fc.nat(units - 1), { minLength: 1 }), { nil: undefined }),
      steps: fc.oneof(
        fc.constant(undefined),
        fc.uniqueArray(fc.nat(steps - 1), { minLength: 1 }),
        fc.nat(steps - 1).chain((from) =>
          fc.option(fc.integer({ min: from, max: steps - 1 }), { nil: undefined }).map((to) => ({
            from,
            ...(to === undefined ? {} : { to }),
          })),
        ),
      ),
    })
    .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, each]) => each !== undefined)));

/** A lesion, a clamp or added drive that fits a network. */
export function manipulationsOf(network: Network): fc.Arbitrary<Manipulation> {
  const { populations, inputs, projections, steps } = network;
  const valuesFor = (units: number) => fc.oneof(value, fc.array(value, { minLength: units, maxLength: units }));
  const part = (among: readonly { name: string; units: number; dimension: number }[]) =>
    fc.constantFrom(...among).chain(({ name, units, dimension }) =>
      selections(units, steps).chain((where) => {
        const chosen = where.units?.length ?? units;
        const lengths = fc.constantFrom(chosen, dimension * chosen);
        return lengths.chain(valuesFor).map((values) => ({ name, where, values }));
      }),
    );
  return fc.oneof(
    part([...populations, ...inputs]).map(({ name, where }) => lesion(name, where)),
    part([...populations, ...inputs]).map(({ name, where, values }) => clamp(name, values, where)),
    part(populations).map(({ name, where, values }) => addDrive(name, values, where)),
    fc
      .tuple(fc.constantFrom(...projections), selections(1, steps))
      .map(([{ name }, { steps: when }]) => lesion(name, when === undefined ? {} : { steps: when })),
  );
}

/** Circuits in time under up to four manipulations of any kind. */
export function manipulatedCases(family: RecurrentFamily): fc.Arbitrary<ManipulatedCase> {
  return recurrentCases(family).chain((intact) =>
    fc.array(manipulationsOf(intact.network), { minLength: 1, maxLength: 4 }).map((manipulations) => ({
      intact,
      manipulations,
      manipulated: underManipulations(intact, manipulations),
      [fc.toStringMethod]: () => JSON.stringify({ manipulations, circuit: intact.network.description }),
    })),
  );
}
