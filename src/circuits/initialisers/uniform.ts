import { defineInitialiser, drawEach, summedInputs } from "./initialiser.ts";

/** Weights uniform in [-1 / sqrt(n_in), 1 / sqrt(n_in)], with signs as `he` gives them. Source: LeCun et al. 1998. */
export const uniform = defineInitialiser({
  kind: "uniform",
  summary: "weights uniform in +-1 / sqrt(n_in)",
  build(_settings, layout) {
    const bound = 1 / Math.sqrt(summedInputs(layout));
    return drawEach(layout, (random) => bound * (2 * random.uniform() - 1));
  },
});
