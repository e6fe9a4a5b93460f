import { defineInitialiser, drawEach, summedInputs } from "./initialiser.ts";

/** Normal weights of variance 1 / n_in, with signs as `he` gives them. Source: LeCun et al. 1998. */
export const normal = defineInitialiser({
  kind: "normal",
  summary: "normal weights of variance 1 / n_in",
  build(_settings, layout) {
    const deviation = 1 / Math.sqrt(summedInputs(layout));
    return drawEach(layout, (random) => deviation * random.normal());
  },
});
