import { commonSign, obeying } from "../constraints/constraint.ts";
import { defineInitialiser, summedInputs, type WeightsToDraw } from "./initialiser.ts";

/**
 * ON/OFF weights, in pairs of units (2p, 2p + 1); in maps of channels, at every position and place of the window.
 * Mixed: W[even] = Z, W[odd] = -Z with Z ~ N(0, 1 / n_in).
 * Excitatory: with Z ~ N(0, 4 / n_in) of half size, W[even, even] = W[odd, odd] = relu(Z) and
 * W[even, odd] = W[odd, even] = relu(-Z); a single postsynaptic unit takes the even row. Inhibitory: the negative of it.
 * In a vector network the input layer is K n_in -> N with the stimulus in one component at a time; its n_in and its
 * factor sqrt(K) leave the variance 1 / (number of input units), which is what `pre` holds here.
 * Source: Clark, Abbott & Chung 2021, section 4 and appendix.
 */
export const onOff = defineInitialiser({
  kind: "on-off",
  summary: "pairs of units with opposite weights, none negative in excitatory projections",
  refuse(_settings, { post, pre, postChannels, preChannels, constraint }) {
    const sign = commonSign(constraint, pre);
    if (sign === undefined)
      return 'ON/OFF weights take no sign constraint by unit; use initial "he" or "uniform" with it';
    const paired = sign !== 0;
    if (postChannels % 2 === 1 && !(paired && post === 1)) return oddUnits("postsynaptic", postChannels);
    if (paired && preChannels % 2 === 1) return oddUnits("presynaptic", preChannels);
    return undefined;
  },
  build: (_settings, layout) => (random) => {
    const { post, pre, copies, constraint } = layout;
    const paired = commonSign(constraint, pre) !== 0;
    const obey = obeying(constraint, pre);
    const weights = new Float32Array(copies * post * pre);
    const deviation = Math.sqrt((paired ? 4 : 1) / summedInputs(layout));
    for (let copy = 0; copy < copies; copy++)
      for (let even = 0; even < post; even += 2) {
        const row = (copy * post + even) * pre;
        const fill = paired ? crossed : opposite;
        fill(weights, row, layout, () => deviation * random.normal(), obey);
      }
    return weights;
  },
});

/** Gives the weight that obeys a constraint in a column. */
type Obey = ReturnType<typeof obeying>;

/** Fills a pair of rows: W[even] = Z, W[odd] = -Z. */
function opposite(weights: Float32Array, row: number, { pre }: WeightsToDraw, draw: () => number, obey: Obey): void {
  for (let j = 0; j < pre; j++) {
    const z = draw();
    weights[row + j] = obey(z, j);
    weights[row + pre + j] = obey(-z, j);
  }
}

/** Fills a pair of rows pair of columns by pair of columns, or the even row alone where there is no other. */
function crossed(
  weights: Float32Array,
  row: number,
  { post, pre }: WeightsToDraw,
  draw: () => number,
  obey: Obey,
): void {
  for (let j = 0; j < pre; j += 2) {
    const z = draw();
    const on = obey(Math.max(z, 0), j);
    const off = obey(Math.max(-z, 0), j);
    weights[row + j] = on;
    weights[row + j + 1] = off;
    if (post === 1) continue;
    weights[row + pre + j] = off;
    weights[row + pre + j + 1] = on;
  }
}

const oddUnits = (side: string, units: number): string =>
  `ON/OFF weights need pairs of units, the ${side} population has ${units} (of a map: channels); use ${units + 1}, or initial "he"`;
