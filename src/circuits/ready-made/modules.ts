import * as z from "zod";
import type { MapSize } from "../../compute/kernels/window.ts";
import { DescriptionError } from "../../kinds/errors.ts";
import type { Description } from "../../kinds/kind.ts";
import { circuit } from "../circuit.ts";
import type { CircuitDescription, DecisionDescription, Transmission } from "../description.ts";
import { normal } from "../initialisers/normal.ts";

/** Connections between two modules: the share of all possible ones that exist, rounded down, or their exact number. */
export const Wiring = z.union([z.number().min(0).max(1), z.strictObject({ connections: z.int().min(0) })]);
export type Wiring = z.infer<typeof Wiring>;

/** What a circuit of modules depends on. */
export interface ModularCircuitOptions {
  /** Units of each module. */
  readonly units: number;
  /** [post][pre]: how each module is connected to itself, along the diagonal, and to the others. A row for each module. */
  readonly wiring: readonly (readonly Wiring[])[];
  /** Size of what each input shows: one for each module, or one that all modules see. */
  readonly inputs: readonly MapSize[];
  /** Whether stimuli change from time step to time step; default false. */
  readonly varying?: boolean;
  readonly classes: number;
  readonly steps: number;
  /** Gain of the modules' units; default tanh. */
  readonly gain?: Description;
  readonly leak?: number;
  /** Standard deviation of the noise on every drive; default 0. */
  readonly noise?: number;
  /** Time step from which on modules hear one another; default 0. */
  readonly from?: number;
  /** What travels between modules; default the rates themselves. */
  readonly transmission?: Transmission;
  /** Sign constraints within and between modules; default mixed. */
  readonly signs?: { readonly within?: Description; readonly between?: Description };
  /** Share of inhibitory units in each module, for Dale's law. */
  readonly inhibitoryFraction?: number;
  readonly decision?: DecisionDescription;
}

/** Names of the populations and inputs of module m = 1, 2, ..., and of its readout of a target. */
export const moduleName = (index: number): string => `module-${index + 1}`;
export const moduleReadout = (index: number, target = 0): string =>
  `report-${index + 1}${target === 0 ? "" : `-target-${target + 1}`}`;
export const moduleInput = (index: number): string => `digit-${index + 1}`;

/** The same density between all modules, and all connections within each. */
export const uniformWiring = (modules: number, between: Wiring): Wiring[][] =>
  Array.from({ length: modules }, (_, post) =>
    Array.from({ length: modules }, (_, pre) => (pre === post ? 1 : between)),
  );

/**
 * Modules of rate units, each with recurrent weights, an input and a linear readout for each target of the decision, and
 * connections between them that exist with a chosen density:
 *
 *   h_m(t) = gain(W_in x_m(t) + b + W_mm h_m(t - 1) + sum over other modules k of (M_mk * W_mk) h_k(t - 1)).
 *
 * Weights start normal, of variance 1 / n_in.
 * Source: Bena & Goodman 2021, section 2.
 *
 * @throws DescriptionError where the wiring is no square, or inputs are neither one nor one for each module
 */
export function modularCircuit(options: ModularCircuitOptions): CircuitDescription {
  const { units, wiring, inputs, classes, steps, signs = {}, gain = "tanh", leak = 1, noise = 0 } = options;
  const modules = wiring.length;
  const ragged = wiring.findIndex((row) => row.length !== modules);
  if (ragged >= 0)
    throw new DescriptionError(
      `modules, wiring: row ${ragged + 1} has ${wiring[ragged]!.length} entries, expected ${modules}: one for each presynaptic module`,
    );
  if (inputs.length !== 1 && inputs.length !== modules)
    throw new DescriptionError(
      `modules, inputs: got ${inputs.length}, expected 1 that all ${modules} modules see, or one for each`,
    );
  const timing = options.varying ? "varying" : "constant";
  return circuit(`modules-${modules}x${units}`, (c) => {
    const sources = inputs.map(({ height, width, channels }, index) =>
      c.input(moduleInput(index), { map: { height, width, channels }, timing }),
    );
    const { inhibitoryFraction = 0 } = options;
    const populations = wiring.map((_, index) =>
      c.population(moduleName(index), { units, gain, leak, noise, inhibitoryFraction }),
    );
    for (const [index, population] of populations.entries())
      c.project(sources[index] ?? sources[0]!, population, { initial: normal() });
    for (const [index, post] of populations.entries())
      for (const [from, pre] of populations.entries()) {
        const connections = wiring[index]![from]!;
        const within = index === from;
        const sign = (within ? signs.within : signs.between) ?? "mixed";
        const shared = { topology: topologyOf(connections), sign, initial: normal(), delay: 1 };
        if (connections === 0 || steps === 1) continue;
        c.project(
          pre,
          post,
          within ? shared : { ...shared, from: options.from ?? 0, transmission: options.transmission },
        );
      }
    for (let target = 0; target < (options.decision?.targets ?? 1); target++)
      for (const [index, population] of populations.entries()) {
        const report = c.population(moduleReadout(index, target), { units: classes });
        c.project(population, report, { initial: normal() });
        c.readout(report);
      }
    c.steps(steps);
    if (options.decision) c.decision(options.decision);
  });
}

function topologyOf(connections: Wiring) {
  if (connections === 1) return { kind: "dense" };
  return typeof connections === "number"
    ? { kind: "sparse", density: connections }
    : { kind: "sparse", ...connections };
}
