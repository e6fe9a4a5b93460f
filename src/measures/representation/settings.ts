import * as z from "zod";
import { stimulusCountOrNone } from "../../kinds/counts.ts";

/** How a representation is measured. */
export const RepresentationSettings = z.strictObject({
  /** Test stimuli, evenly spread; 0: the measure is not taken. */
  stimuli: stimulusCountOrNone.default(1000),
});

/** As a setting of experiments: test stimuli whose representation in the last hidden population is scored and embedded; 0: none. */
export const representedStimuli = stimulusCountOrNone
  .default(0)
  .meta({ help: "test stimuli whose last hidden representation is scored and embedded", sweep: false });
