import { buildNetwork } from "../../../../src/circuits/network.ts";
import { modularCircuit, uniformWiring } from "../../../../src/circuits/ready-made/modules.ts";
import { builtIn } from "../../../../src/library.ts";
import type { ModulesRun } from "../../../../src/papers/modules/chapter/density-points.ts";
import type { ConnectionMatrix } from "../../../../src/papers/modules/connection-record.ts";
import type { ModuleByDigit, SpecializationRecord } from "../../../../src/papers/modules/specialization-record.ts";
import type { RunRecord } from "../../../../src/report/run-record.ts";
import { BP, exampleRun } from "../../../report/example-data.ts";

/** What a made-up circuit of modules is like. */
export interface ModuleCourse {
  /** Connections from each module to each other. */
  connections: number;
  seed?: number;
  modules?: number;
  /** Units of each module. */
  units?: number;
  rule?: string;
  /** Time steps at which states were looked at. */
  steps?: number;
  condition?: string;
}

/** A run of the modules experiment as it would be recorded, from smooth formulas: the denser, the less specialised. */
export function exampleModules(course: ModuleCourse): ModulesRun {
  const { connections, seed = 1, modules = 2, units = 100, rule = "bp", steps = 1 } = course;
  const density = connections / units ** 2;
  const condition = course.condition ?? (connections === 1 ? "1 connection" : `density ${density}`);
  const names = Array.from({ length: modules }, (_, index) => `module-${index + 1}`);
  const run = exampleRun({ ...BP, seed, rule, label: condition, projections: [] });
  return withRecord(
    { ...run, condition, config: { rule, seed, circuit: circuitOf(names, density) } },
    record(names, units, connections, steps, seed),
  );
}

/** The run with a record of specialization. */
export const withRecord = (run: RunRecord, specialization: SpecializationRecord): ModulesRun => ({
  ...run,
  records: { specialization },
  record: specialization,
});

/** A run whose circuit is kept: modules that a seed has connected. */
export function exampleKept(course: ModuleCourse): ModulesRun {
  const { connections, seed = 1, modules = 2, units = 20 } = course;
  const inputs = Array.from({ length: modules }, () => ({ height: 2, width: 2, channels: 1 }));
  const wiring = uniformWiring(modules, { connections });
  const circuit = modularCircuit({ units, wiring, inputs, classes: 10, steps: 2 });
  const values = buildNetwork(circuit, builtIn).initialise(seed);
  return {
    ...exampleModules({ units, ...course }),
    config: { rule: "bp", seed, circuit },
    kept: { library: builtIn, parameter: async (name) => values.get(name)! },
  };
}

/** Every number of connections with every seed. */
export function exampleSweep(
  connections: readonly number[],
  seeds: number,
  course: Partial<ModuleCourse> = {},
): ModulesRun[] {
  return connections.flatMap((count) =>
    Array.from({ length: seeds }, (_, index) => exampleModules({ ...course, connections: count, seed: index + 1 })),
  );
}

/** Connections spread evenly over the pairs of modules, everything within them. */
export function exampleConnections(modules: number, units: number, connections: number): ConnectionMatrix {
  const all = modules * units;
  const every = connections === 0 ? Number.POSITIVE_INFINITY : Math.floor(units ** 2 / connections);
  const connected = Uint8Array.from({ length: all * all }, (_, index) => {
    const [post, pre] = [Math.floor(index / all), index % all];
    if (Math.floor(post / units) === Math.floor(pre / units)) return 1;
    const place = (post % units) * units + (pre % units);
    return place % every === 0 && place / every < connections ? 1 : 0;
  });
  return {
    populations: Array.from({ length: modules }, (_, index) => ({ name: `module-${index + 1}`, units })),
    connected,
  };
}

function circuitOf(names: readonly string[], density: number) {
  const projections = names.flatMap((post) =>
    names.flatMap((pre) =>
      pre !== post && density === 0
        ? []
        : [{ pre, post, topology: pre === post ? { kind: "dense" } : { kind: "sparse", density } }],
    ),
  );
  return { name: "modules", steps: 5, projections };
}

function record(
  modules: string[],
  units: number,
  connections: number,
  steps: number,
  seed: number,
): SpecializationRecord {
  const density = connections / units ** 2;
  // 0 for a single connection, 1 for all of them.
  const mixing = density === 0 ? 0 : 1 + Math.log(density) / Math.log(units ** 2);
  const shift = 0.03 * Math.sin(7 * seed + 3 * mixing);
  const matrix = <T>(of: (post: number, pre: number) => T) => modules.map((_, i) => modules.map((__, j) => of(i, j)));
  const values = (own: number, other: number): ModuleByDigit => matrix((m, d) => (m === d ? own : other) + shift);
  return {
    modules,
    structure: {
      modularity: 1 / (1 + (modules.length - 1) * density) - 1 / modules.length,
      connections: matrix((post, pre) => (post === pre ? units ** 2 : connections)),
      density: matrix((post, pre) => (post === pre ? 1 : density)),
    },
    ablation: {
      whole: 0.86 + 0.08 * mixing + shift / 3,
      silenced: modules.map((_, index) => 0.4 - 0.1 * mixing + 0.01 * index),
      cut: 0.84 - 0.5 * mixing + shift,
    },
    states: Array.from({ length: steps }, (_, index) => {
      const heard = steps === 1 ? mixing : (mixing * index) / (steps - 1);
      return {
        step: steps === 1 ? 4 : index,
        bottleneck: values(0.85, 0.05 + 0.7 * heard ** 2),
        bottleneckControl: modules.map(() => 0.8 + shift),
        correlation: values(0.6, 0.04 + 0.4 * heard ** 2),
        similarity: matrix((i, j) => (i === j ? 1 : 0.1 + 0.5 * heard)),
        dimensions: modules.map((_, module) => 5 + 4 * heard + 0.5 * module),
      };
    }),
    masks: [0.1, 0.05, 0.01].map((keep) => ({
      keep,
      shares: values(0.9 - 0.3 * mixing * keep * 10, 0.1 + 0.3 * mixing * keep * 10),
      accuracy: modules.map(() => 0.9),
    })),
  };
}
