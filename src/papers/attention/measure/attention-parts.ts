import { inhibitionName } from "../../../circuits/inhibition-of-return.ts";
import type { Input, Network, Population } from "../../../circuits/network.ts";
import type { Observed } from "../../../circuits/observation.ts";
import { inputName, reportName, stageNames } from "../../../circuits/ready-made/attention/attention-circuit.ts";
import type { Observer } from "./observe-glimpses.ts";

/** A stage of the feedforward pathway: what enters it, gated, and its filtered map. */
export interface AttentionStage {
  /** Of the filtered map. */
  readonly name: string;
  readonly gated: Population;
  readonly filtered: Population;
}

/** The parts of an attention circuit that analyses look at. */
export interface AttentionParts {
  readonly scene: Input;
  readonly stages: readonly AttentionStage[];
  /** The report at each time step. */
  readonly reports: readonly Observed[];
  /** Filtered maps at the last time step. */
  readonly filtered: readonly Observed[];
  /** The attention that gated the scene at the last time step; absent where none is made in time. */
  readonly attention?: Observed;
  /** Name of what inhibits return to parts of the scene; absent where nothing does. */
  readonly inhibition?: string;
  /** s, by which attention turns the scene down; 0 where it does not act. */
  readonly strength: number;
}

/** The parts of a circuit, by the names that `attentionCircuit` gives them; undefined where it is none. */
export function attentionParts(network: Network): AttentionParts | undefined {
  const { inputs, populations, projections, steps } = network;
  const find = (name: string) => populations.find((population) => population.name === name);
  const scene = inputs.find(({ name }) => name === inputName);
  const stages: AttentionStage[] = [];
  for (let n = 1; ; n++) {
    const names = stageNames(n);
    const [gated, filtered] = [find(names.gated), find(names.filtered)];
    if (!gated || !filtered) break;
    stages.push({ name: names.filtered, gated, filtered });
  }
  if (!scene || stages.length === 0 || !find(reportName)) return undefined;
  const { gated, attention } = stageNames(1);
  const gate = projections.find(
    ({ pre, post, strength }) => pre === attention && post === gated && strength !== undefined,
  );
  const signal = find(attention);
  const remembers = signal?.returnThreshold !== undefined;
  return {
    scene,
    stages,
    reports: Array.from({ length: steps }, (_, step) => ({ population: reportName, step })),
    filtered: stages.map(({ name }) => ({ population: name, step: steps - 1 })),
    // A step passes before attention acts.
    ...(signal && steps > 1 ? { attention: { population: attention, step: steps - 2 } } : {}),
    ...(remembers ? { inhibition: inhibitionName(attention) } : {}),
    strength: gate?.strength ?? 0,
  };
}

/** Everything that these parts are looked at for. */
export const observedParts = ({ reports, filtered, attention }: AttentionParts): Observed[] => [
  ...reports,
  ...filtered,
  ...(attention ? [attention] : []),
];

/** An observer of an attention circuit. */
export interface AttentionObserver extends Observer {
  readonly parts: AttentionParts;
}
