import { defineInitialiser, drawEach, summedInputs } from "./initialiser.ts";

/**
 * Normal weights of variance 2 / n_in, n_in the inputs that sum up at one unit (of a window: channels kernel^2; from the
 * input: 1 / n_in); under a sign constraint their magnitudes with that sign.
 * Source: He et al. 2015; Clark, Abbott & Chung 2021, section 4.
 */
export const he = defineInitialiser({
  kind: "he",
  summary: "normal weights of variance 2 / n_in, from the input 1 / n_in",
  build(_settings, layout) {
    const deviation = Math.sqrt((layout.fromInput ? 1 : 2) / summedInputs(layout));
    return drawEach(layout, (random) => deviation * random.normal());
  },
});
