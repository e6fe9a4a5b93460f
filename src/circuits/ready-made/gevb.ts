import { type MapSize, type Window, windowPositions } from "../../compute/kernels/window.ts";
import { DescriptionError } from "../../kinds/errors.ts";
import { gated } from "../../neurons/gains/gated.ts";
import { circuit, type PopulationHandle } from "../circuit.ts";
import type { CircuitDescription } from "../description.ts";
import { he } from "../initialisers/he.ts";
import { onOff } from "../initialisers/on-off.ts";
import { dense } from "../topologies/dense.ts";
import { averagePool } from "../topologies/pooling.ts";
import { convolutional, local } from "../topologies/windowed.ts";
import type { Architecture, GateSharing, GevbSign, UnitKind } from "./gevb-choices.ts";

/** What a circuit of the gevb paper depends on. */
export interface GevbCircuitOptions {
  /** Size of the stimuli. */
  readonly image: MapSize;
  /** Default "dense". */
  readonly arch?: Architecture;
  /** Vector units of the dimension of the classes, gated (default); or scalar units with alternating ReLU. */
  readonly units?: UnitKind;
  /** Units of each hidden population, from the pixels on; of maps, channels. The last of conv and local is dense. */
  readonly hidden: readonly number[];
  readonly classes: number;
  /** Sign constraint of every projection but the first, which is mixed. */
  readonly sign: GevbSign;
  /** How weights start; default "on-off" in excitatory circuits, "he" in mixed ones. */
  readonly initial?: "on-off" | "he";
  /** Whether the positions of a map share gating vectors; default: "channel", they do. */
  readonly gates?: GateSharing;
}

/** Windows of the maps of conv and local circuits, and whether each is pooled 2 x 2 afterwards. */
interface Stage extends Window {
  readonly pooled: boolean;
}

const greyStages: readonly Stage[] = [
  { kernel: 3, stride: 1, padding: 1, pooled: true },
  { kernel: 3, stride: 1, padding: 1, pooled: true },
];
const colourStages: readonly Stage[] = [
  { kernel: 5, stride: 1, padding: 2, pooled: true },
  { kernel: 5, stride: 1, padding: 2, pooled: true },
  { kernel: 2, stride: 2, padding: 0, pooled: false },
];
const stagesOf = ({ channels }: MapSize) => (channels === 1 ? greyStages : colourStages);

/**
 * A network of the gevb paper: a mixed projection from the pixels, then hidden populations under one sign constraint,
 * and the readout: one vector unit, or one scalar unit a class. In the paper excitatory circuits start from ON/OFF weights,
 * mixed ones from He's. Maps of conv and local circuits see windows of 3 x 3 (grey images) or 5 x 5, 5 x 5 and 2 x 2
 * (colour); after each of the larger ones comes an average over 2 x 2. A convolution's biases are one a channel, a local
 * projection's one a unit.
 * Source: Clark, Abbott & Chung 2021, sections 3 and 4 and appendix.
 *
 * @throws DescriptionError where there are too few or too many hidden populations for the architecture
 */
export function gevbCircuit(options: GevbCircuitOptions): CircuitDescription {
  const { image, arch = "dense", units = "vector", hidden, classes, sign, gates = "channel" } = options;
  const { initial: start = sign === "excitatory" ? "on-off" : "he" } = options;
  const initial = start === "on-off" ? onOff() : he();
  const stages = arch === "dense" ? [] : stagesOf(image);
  if (arch !== "dense" && hidden.length !== stages.length + 1)
    throw new DescriptionError(
      `gevb, hidden: got ${hidden.length} sizes, architecture "${arch}" on images of ${image.channels === 1 ? "one channel" : `${image.channels} channels`} needs ${stages.length + 1}: channels of ${stages.length} maps, then units of a dense population`,
    );
  const dimension = units === "vector" ? classes : 1;
  const gain = units === "vector" ? gated() : "alternating-relu";
  const sizes = [image.height * image.width * image.channels, ...hidden, classes].join("-");
  return circuit(`${units}-${arch}-${sizes}`, (c) => {
    const { height, width, channels } = image;
    let pre: PopulationHandle = c.input("pixels", { map: { height, width, channels } });
    let map = image;
    const connect = (post: PopulationHandle, topology: Parameters<typeof c.project>[2]) => {
      c.project(pre, post, { sign: pre.name === "pixels" ? "mixed" : sign, initial, ...topology });
      pre = post;
    };
    for (const [index, size] of hidden.entries()) {
      const name = `v${index + 1}`;
      const stage = stages[index];
      if (!stage) {
        connect(c.population(name, { units: size, dimension, gain }), { topology: dense() });
        continue;
      }
      const { pooled, ...window } = stage;
      map = mapUnder(map, window, size);
      const bias = arch === "local" ? "unit" : "channel";
      const topology = arch === "local" ? local(window) : convolutional(window);
      connect(c.population(name, { map, dimension, gain, bias, gates }), { topology });
      if (!pooled) continue;
      map = mapUnder(map, { kernel: 2, stride: 2, padding: 0 }, size);
      const pool = c.population(`p${index + 1}`, { map, dimension, bias: "none" });
      c.project(pre, pool, { topology: averagePool({ size: 2 }) });
      pre = pool;
    }
    const report = units === "vector" ? { units: 1, dimension } : { units: classes };
    connect(c.population("report", report), { topology: dense() });
  });
}

/** The map that windows over another one lead to. */
function mapUnder({ height, width }: MapSize, window: Window, channels: number): MapSize {
  return { height: windowPositions(height, window), width: windowPositions(width, window), channels };
}
