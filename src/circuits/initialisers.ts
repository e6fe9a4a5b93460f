import type { RandomStream } from "../compute/random.ts";
import { DescriptionError } from "../kinds/errors.ts";
import type { SignConstraint } from "./description.ts";
import type { WeightLayout } from "./topologies/topology.ts";

/** What an initialiser needs to know of a projection. */
export interface WeightsToDraw extends Omit<WeightLayout, "shape"> {
  /** "v1->v2", for errors. */
  readonly name: string;
  /** Whether the presynaptic population is the circuit's input. */
  readonly fromInput: boolean;
  readonly sign: SignConstraint;
  /** Under Dale's law, the column from which on weights are inhibitory. */
  readonly inhibitoryFrom?: number | undefined;
}

/** Draws the weights of a projection, obeying its sign constraint. */
type Initialiser = (layout: WeightsToDraw, random: RandomStream) => Float32Array;

/**
 * Normal weights of variance 2 / n_in, n_in the inputs that sum up at one unit (of a window: channels kernel^2; from the input: 1 / n_in); under a sign constraint their magnitudes with that
 * sign. Source: He et al. 2015; Clark, Abbott & Chung 2021, section 4.
 */
export const heWeights: Initialiser = (layout, random) => {
  const deviation = Math.sqrt((layout.fromInput ? 1 : 2) / summedInputs(layout));
  return drawEach(layout, () => deviation * random.normal());
};

/** Weights uniform in [-1 / sqrt(n_in), 1 / sqrt(n_in)], with signs as `heWeights` gives them. Source: LeCun et al. 1998. */
const uniformWeights: Initialiser = (layout, random) => {
  const bound = 1 / Math.sqrt(summedInputs(layout));
  return drawEach(layout, () => bound * (2 * random.uniform() - 1));
};

/** Normal weights of variance 1 / n_in, with signs as `heWeights` gives them. Source: LeCun et al. 1998. */
const normalWeights: Initialiser = (layout, random) => {
  const deviation = 1 / Math.sqrt(summedInputs(layout));
  return drawEach(layout, () => deviation * random.normal());
};

function drawEach({ copies, post, pre, sign, inhibitoryFrom = pre }: WeightsToDraw, draw: () => number): Float32Array {
  return Float32Array.from({ length: copies * post * pre }, (_, index) => {
    const weight = draw();
    if (sign === "mixed") return weight;
    const inhibits = sign === "inhibitory" || (sign === "dale" && index % pre >= inhibitoryFrom);
    return inhibits ? -Math.abs(weight) : Math.abs(weight);
  });
}

/**
 * ON/OFF weights, in pairs of units (2p, 2p + 1); in maps of channels, at every position and place of the window.
 * Mixed: W[even] = Z, W[odd] = -Z with Z ~ N(0, 1 / n_in).
 * Excitatory: with Z ~ N(0, 4 / n_in) of half size, W[even, even] = W[odd, odd] = relu(Z) and
 * W[even, odd] = W[odd, even] = relu(-Z); a single postsynaptic unit takes the even row. Inhibitory: the negative of it.
 * In a vector network the input layer is K n_in -> N with the stimulus in one component at a time; its n_in and its
 * factor sqrt(K) leave the variance 1 / (number of input units), which is what `pre` holds here.
 * Source: Clark, Abbott & Chung 2021, section 4 and appendix.
 *
 * @throws DescriptionError for an odd number of units that must form pairs, or under Dale's law
 */
export const onOffWeights: Initialiser = (layout, random) => {
  const { post, pre, postChannels, preChannels, copies } = layout;
  if (layout.sign === "dale")
    throw new DescriptionError(
      `projection "${layout.name}": ON/OFF weights take no sign constraint by unit; use initial "he" or "uniform" with sign "dale"`,
    );
  const paired = layout.sign !== "mixed";
  const single = paired && post === 1;
  if (postChannels % 2 === 1 && !single) throw oddUnits(layout, "postsynaptic", postChannels);
  if (paired && preChannels % 2 === 1) throw oddUnits(layout, "presynaptic", preChannels);
  const weights = new Float32Array(copies * post * pre);
  const deviation = Math.sqrt((paired ? 4 : 1) / summedInputs(layout));
  const direction = layout.sign === "inhibitory" ? -1 : 1;
  for (let copy = 0; copy < copies; copy++)
    for (let even = 0; even < post; even += 2) {
      const row = (copy * post + even) * pre;
      if (!paired)
        for (let j = 0; j < pre; j++) {
          const z = deviation * random.normal();
          weights[row + j] = z;
          weights[row + pre + j] = -z;
        }
      else
        for (let j = 0; j < pre; j += 2) {
          const z = deviation * random.normal();
          const on = direction * Math.max(z, 0);
          const off = direction * Math.max(-z, 0);
          weights[row + j] = on;
          weights[row + j + 1] = off;
          if (single) continue;
          weights[row + pre + j] = off;
          weights[row + pre + j + 1] = on;
        }
    }
  return weights;
};

/** Initialisers by name. */
export const initialisers: Readonly<Record<string, Initialiser>> = {
  he: heWeights,
  "on-off": onOffWeights,
  uniform: uniformWeights,
  normal: normalWeights,
};

/** n_in: how many presynaptic units sum up at one postsynaptic unit. */
const summedInputs = ({ pre, summed }: WeightsToDraw): number => summed ?? pre;

function oddUnits(layout: WeightsToDraw, side: string, units: number): DescriptionError {
  return new DescriptionError(
    `projection "${layout.name}": ON/OFF weights need pairs of units, the ${side} population has ${units} (of a map: channels); use ${units + 1}, or initial "he"`,
  );
}
