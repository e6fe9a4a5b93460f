import type { CircuitDescription, ProjectionDescription } from "../../src/circuits/description.ts";
import type { MapSize } from "../../src/compute/kernels/window.ts";
import { mapOf } from "./circuit-layout.ts";

/** One connection from unit to unit, through a weight by its place among those of one component. */
export interface Synapse {
  readonly post: number;
  readonly pre: number;
  /** Absent where the wiring has no weights. */
  readonly weight?: number;
}

/** Who is connected to whom in a projection, written out. */
export interface Wiring {
  readonly pre: string;
  readonly post: string;
  readonly synapses: readonly Synapse[];
  /** Weights of one component; 0 where the wiring has none. */
  readonly weights: number;
  /** What a postsynaptic unit makes of its synapses: weighted sum, mean, or maximum of the presynaptic rates. */
  readonly takes: "sum" | "mean" | "maximum";
}

const wirings = new WeakMap<CircuitDescription, readonly Wiring[]>();

/** Wirings of a circuit's projections, in the order in which they are described. */
export function wiringsOf(description: CircuitDescription): readonly Wiring[] {
  const known = wirings.get(description);
  if (known) return known;
  const parts = [...description.inputs, ...description.populations];
  const sizeOf = (wanted: string) => mapOf(parts.find(({ name }) => name === wanted)!);
  const written = description.projections.map((projection) => ({
    pre: projection.pre,
    post: projection.post,
    ...wiringOf(projection.topology, sizeOf(projection.pre), sizeOf(projection.post)),
  }));
  wirings.set(description, written);
  return written;
}

function wiringOf(topology: ProjectionDescription["topology"], pre: MapSize, post: MapSize) {
  const { kind, kernel, size, padding = 0 } = topology as { kind: string } & Record<string, number | undefined>;
  const units = ({ height, width, channels }: MapSize) => height * width * channels;
  if (kind === "dense") {
    const [rows, columns] = [units(post), units(pre)];
    const synapses = Array.from({ length: rows * columns }, (_, weight) => {
      return { post: Math.floor(weight / columns), pre: weight % columns, weight };
    });
    return { synapses, weights: rows * columns, takes: "sum" as const };
  }
  const pools = kind === "average-pool" || kind === "max-pool";
  const side = pools ? size! : kernel!;
  const stride = topology.stride as number | undefined;
  const step = stride ?? (pools ? side : 1);
  const patch = side * side * pre.channels;
  const synapses: Synapse[] = [];
  for (let row = 0; row < post.height; row++)
    for (let column = 0; column < post.width; column++)
      for (let channel = 0; channel < post.channels; channel++)
        for (let y = 0; y < side; y++)
          for (let x = 0; x < side; x++)
            for (let from = 0; from < pre.channels; from++) {
              const [preRow, preColumn] = [row * step - padding + y, column * step - padding + x];
              if (preRow < 0 || preRow >= pre.height || preColumn < 0 || preColumn >= pre.width) continue;
              if (pools && from !== channel) continue;
              const position = row * post.width + column;
              const set = kind === "local" ? position * post.channels + channel : channel;
              synapses.push({
                post: position * post.channels + channel,
                pre: (preRow * pre.width + preColumn) * pre.channels + from,
                ...(pools ? {} : { weight: set * patch + (y * side + x) * pre.channels + from }),
              });
            }
  const sets = kind === "local" ? units(post) : post.channels;
  const takes = kind === "average-pool" ? "mean" : kind === "max-pool" ? "maximum" : "sum";
  return { synapses, weights: pools ? 0 : sets * patch, takes } as const;
}
