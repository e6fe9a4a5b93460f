import { participationRatio } from "../../../analysis/dimensionality.ts";
import type { Matrix } from "../../../analysis/matrix.ts";
import { modularity } from "../../../analysis/modularity.ts";
import { linearCKA } from "../../../analysis/similarity.ts";
import type { Network, Population } from "../../../circuits/network.ts";
import { observedName } from "../../../circuits/observation.ts";
import { sequentialBatches } from "../../../tasks/batches.ts";
import { digitFactors } from "../../../tasks/digits/digit-trials.ts";
import type { TrialSet } from "../../../tasks/trials.ts";
import type { Learner } from "../../../training/learner.ts";
import type { TrainedRun } from "../../../training/trained-run.ts";
import type { ModuleStateRecord, SpecializationRecord } from "../specialization-record.ts";
import type { SpecializationSettings } from "../specialization-settings.ts";
import { bottleneckScores } from "./bottleneck.ts";
import { connectionMatrix } from "./connection-matrix.ts";
import { correlations } from "./correlations.ts";
import { decisionShares } from "./decision-shares.ts";
import { type FrozenNetwork, type Recording, record } from "./frozen-network.ts";
import { type MeasureNotes, measureNotes } from "./measure-notes.ts";
import { weightMasks } from "./weight-mask-shares.ts";

/** Populations that are modules: those that the readouts read, each once, in the order of the readouts. */
export function modulesOf({ populations, readouts }: Pick<Network, "populations" | "readouts">): Population[] {
  return [
    ...new Set(
      readouts.map(
        (readout) => populations.find(({ outgoing }) => outgoing.some(({ post }) => post === readout.name))!,
      ),
    ),
  ];
}

/**
 * Newman's Q of the connections, test accuracy with modules silenced or cut off, which module decides, and the metrics of function
 * that are asked for. What the data do not allow is null, with a note of why.
 */
export async function measureSpecialization(
  settings: SpecializationSettings,
  { description: { seed, batch }, learner, library, task, signal, begin }: TrainedRun,
): Promise<SpecializationRecord> {
  const { network, executor } = learner;
  const digits = digitFactors(task.test.shape);
  const steps =
    settings.steps === "last" ? [network.steps - 1] : Array.from({ length: network.steps }, (_, step) => step);
  const wantsReadouts = settings.metrics.includes("bottleneck");
  const wantsMasks = settings.metrics.includes("mask");
  const phase = begin(2 + steps.length + (wantsMasks ? settings.keep.length * digits.length : 0));
  const state = await learner.readState();
  const parameters = Object.fromEntries(network.parameters.map(({ name }) => [name, state[name]!.data]));
  const frozen: FrozenNetwork = { network, executor, library, parameters, batch, seed };
  const modules = modulesOf(network);
  const names = modules.map(({ name }) => name);
  const shown = limited(task.training, settings.trials);
  const observed = steps.flatMap((step) => names.map((population) => ({ population, step })));
  const test = await record(frozen, task.test, observed);
  const training = wantsReadouts ? await record(frozen, shown, observed) : undefined;
  phase.advance();
  const notes = measureNotes();
  const unknown = { row: () => digits.map(() => null), matrix: () => names.map(() => digits.map(() => null)) };
  const states: ModuleStateRecord[] = [];
  for (const step of steps) {
    const statesIn = ({ states: all }: Recording) =>
      names.map((population) => all[observedName({ population, step })]!);
    const digitsIn = ({ factors }: Recording) => digits.map((digit) => factors[digit]!);
    const seen = { states: statesIn(test), digits: digitsIn(test) };
    const fresh =
      training &&
      (await notes.attempt({ measure: "bottleneck", step }, () =>
        bottleneckScores({ states: statesIn(training), digits: digitsIn(training) }, seen, settings, {
          device: executor.device,
          provider: executor.provider,
          seed,
          signal,
          library,
        }),
      ));
    states.push({
      step,
      ...(training
        ? { bottleneck: fresh?.modules ?? unknown.matrix(), bottleneckControl: fresh?.control ?? unknown.row() }
        : {}),
      ...(settings.metrics.includes("correlation")
        ? { correlation: correlationsIn(seen, settings.pairs, seed, { names, step, notes }) }
        : {}),
      ...(await similarities(seen.states, { names, step, notes })),
    });
    phase.advance();
  }
  const masks = wantsMasks
    ? ((await notes.attempt({ measure: "weight mask" }, () =>
        weightMasks(frozen, { training: shown, test: task.test }, names, digits, settings, phase),
      )) ?? settings.keep.map((keep) => ({ keep, shares: unknown.matrix(), accuracy: unknown.row() })))
    : [];
  phase.advance();
  const decisions = await decisionShares(frozen, task.test, names);
  return {
    modules: names,
    structure: structureOf(network, names, parameters),
    ablation: await ablate(frozen, learner, task.test, names, state),
    ...(decisions ? { decisions } : {}),
    states,
    masks,
    ...(notes.all.length > 0 ? { notes: [...notes.all] } : {}),
  };
}

/** The first trials of a set. */
function limited(trials: TrialSet, limit: number): TrialSet {
  return { ...trials, count: Math.min(limit, trials.count) };
}

/** Where the states are from, and who is told what measures of them lack. */
interface Noted {
  readonly names: readonly string[];
  readonly step: number;
  readonly notes: MeasureNotes;
}

function correlationsIn(
  seen: { readonly states: readonly Matrix[]; readonly digits: readonly Float32Array[] },
  pairs: number,
  seed: number,
  { names, step, notes }: Noted,
): (number | null)[][] {
  const taken = correlations(seen, pairs, seed);
  for (const { module, note } of taken.notes)
    notes.add({ measure: "correlation", step, note: `${names[module]}: ${note}` });
  return taken.correlation;
}

/**
 * Linear centred kernel alignment of all pairs of modules, each computed once: it is symmetric, and 1 of a module with
 * itself; and the participation ratio of each.
 */
async function similarities(
  states: readonly Matrix[],
  { names, step, notes }: Noted,
): Promise<Pick<ModuleStateRecord, "similarity" | "dimensions">> {
  const dimensions: (number | null)[] = [];
  for (const [module, x] of states.entries())
    dimensions.push(
      await notes.attempt({ measure: "dimensions", step, about: names[module] }, () => participationRatio(x)),
    );
  const similarity = states.map((_, module) =>
    states.map((): number | null => (dimensions[module] === null ? null : 1)),
  );
  for (const [row, x] of states.entries())
    for (let column = row + 1; column < states.length; column++) {
      // Of states that do not differ it has been said already.
      const defined = dimensions[row] !== null && dimensions[column] !== null;
      const value = defined ? linearCKA(x, states[column]!) : null;
      similarity[row]![column] = value;
      similarity[column]![row] = value;
    }
  return { similarity, dimensions };
}

/** Connections between modules and Newman's Q of the graph of units in which each connection has weight 1. */
export function structureOf(
  network: Pick<Network, "populations" | "projections">,
  names: readonly string[],
  parameters: Readonly<Record<string, Float32Array>>,
): SpecializationRecord["structure"] {
  const { populations, connected } = connectionMatrix(network, names, (mask) => parameters[mask]!);
  const labels = populations.flatMap(({ units }, index) => Array.from({ length: units }, () => index));
  const units = labels.length;
  const connections = names.map(() => names.map(() => 0));
  for (const [post, to] of labels.entries())
    for (const [pre, from] of labels.entries()) connections[to]![from]! += connected[post * units + pre]!;
  return {
    // Q is the same of the graph and of its transpose, which has the presynaptic unit first.
    modularity: modularity({ adjacency: { shape: [units, units], data: connected }, labels }),
    connections,
    density: connections.map((row, to) =>
      row.map((count, from) => count / (populations[to]!.units * populations[from]!.units)),
    ),
  };
}

/** Test accuracy of the whole circuit, of the one without a module, and of the one without connections between modules. */
async function ablate(
  { network, batch, seed }: FrozenNetwork,
  learner: Learner,
  test: TrialSet,
  names: readonly string[],
  state: Awaited<ReturnType<Learner["readState"]>>,
): Promise<SpecializationRecord["ablation"]> {
  const accuracyWithout = async (ablated: (weight: string) => boolean) => {
    const changed = Object.entries(state).map(([name, { data }]): [string, { data: Float32Array }] => [
      name,
      { data: ablated(name) ? new Float32Array(data.length) : data },
    ]);
    await learner.writeState(Object.fromEntries(changed));
    const { wrong, asked } = await learner.evaluate(sequentialBatches(test, { batch, seed }));
    return 1 - wrong! / asked;
  };
  const between = network.projections.filter(
    ({ pre, post }) => pre !== post && names.includes(pre) && names.includes(post),
  );
  try {
    const whole = await accuracyWithout(() => false);
    const silenced: number[] = [];
    for (const name of names) {
      // A module without input, bias and recurrence has rates of 0 under every gain that passes through 0.
      const population = network.populations.find((each) => each.name === name)!;
      const ends = [...population.incoming, ...population.outgoing].map(({ weight }) => weight);
      silenced.push(await accuracyWithout((weight) => weight === population.bias || ends.includes(weight)));
    }
    const cut = await accuracyWithout((weight) => between.some((projection) => projection.weight === weight));
    return { whole, silenced, cut };
  } finally {
    await learner.writeState(state);
  }
}
