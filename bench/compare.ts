import { type Limits, limitOf } from "./limits.ts";
import { watchPeak } from "./peak-memory.ts";
import type { PeerRunner } from "./peers.ts";
import { median } from "./statistics.ts";
import type { Workload, WorkloadSettings } from "./workload.ts";

/** Times of one contestant over the turns. */
export interface Timing {
  /** Median over turns of the median milliseconds a step. */
  readonly milliseconds: number;
  /** Milliseconds a step, turn by turn. */
  readonly turns: readonly number[];
  /** Growth of the process to its peak, MiB: how much memory the work takes. */
  readonly memory: number;
}

/** A workload, timed. */
export interface Comparison {
  readonly name: string;
  readonly summary: string;
  readonly ours: Timing;
  readonly peers: readonly (Timing & {
    readonly name: string;
    /** Its time over ours. */
    readonly ratio: number;
  })[];
  readonly flops: number;
  readonly bytes: number;
  readonly limit: {
    readonly milliseconds: number;
    /** The limit over our time. */
    readonly share: number;
  };
}

export interface TurnSettings extends WorkloadSettings {
  /** Turns of each contestant. */
  readonly turns: number;
}

/** Times a workload and its peers in turn: what else the machine does in the meantime falls on all of them. */
export async function compare(
  workload: Workload,
  peers: PeerRunner,
  limits: Limits,
  settings: TurnSettings,
): Promise<Comparison> {
  const steps = settings.quick ? 1 : workload.steps;
  const growth = await watchPeak();
  const prepared = await workload.prepare(settings);
  const ourTurn = async (count: number) => {
    const times: number[] = [];
    for (let step = 0; step < count; step++) {
      const started = performance.now();
      await prepared.step();
      times.push(performance.now() - started);
    }
    return median(times);
  };
  const rivals = peers.run ? workload.peers.map((peer) => ({ peer, turns: [] as number[], memory: 0 })) : [];
  const ours: number[] = [];
  let memory: number;
  try {
    if (!settings.quick && workload.warmUp > 0) await ourTurn(workload.warmUp);
    for (let turn = 0; turn < settings.turns; turn++) {
      ours.push(await ourTurn(steps));
      for (const rival of rivals) {
        const taken = await peers.run!(rival.peer, steps);
        rival.turns.push(taken.milliseconds);
        rival.memory = Math.max(rival.memory, taken.memory);
      }
    }
    memory = await growth();
  } finally {
    await prepared.dispose();
  }
  const milliseconds = median(ours);
  const { flops, bytes } = prepared.cost;
  const limit = limitOf(prepared.cost, limits);
  return {
    name: workload.name,
    summary: workload.summary,
    ours: { milliseconds, turns: ours, memory },
    peers: rivals.map(({ peer, turns, memory }) => ({
      name: peer.name,
      milliseconds: median(turns),
      turns,
      memory,
      ratio: median(turns) / milliseconds,
    })),
    flops,
    bytes,
    limit: { milliseconds: limit, share: limit / milliseconds },
  };
}
