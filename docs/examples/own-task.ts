/**
 * A task of one's own by a generator: two noisy inputs over time, of which one is larger on average. Train a circuit on it by
 *
 *   sulcus run docs/examples/own-task.yaml --use docs/examples/own-task.ts
 */
import { definePlugin, defineTask, generated, trialCounts, z } from "sulcus";

const sides = ["left", "right"];
const strengths = [0.064, 0.128, 0.256, 0.512];

const comparison = defineTask({
  kind: "comparison",
  summary: "which of two noisy inputs is larger",
  settings: z.strictObject({
    /** Time steps before, with and after the evidence. */
    fixation: z.int().min(1).max(100).default(2),
    evidence: z.int().min(1).max(100).default(10),
    response: z.int().min(1).max(100).default(2),
    /** SD of the noise on each input at each step of evidence. */
    noise: z.number().min(0).max(10).default(0.5),
    trials: trialCounts,
  }),
  build: ({ fixation, evidence, response, noise, trials }, context) => {
    const steps = fixation + evidence + response;
    return generated(context, {
      streams: { evidence: { units: 2, steps }, cue: { units: 1, steps } },
      targets: { choice: { classes: sides } },
      factors: ["strength"],
      trials,
      trial(random) {
        const right = random.integer(0, 1);
        const strength = strengths[random.integer(0, strengths.length - 1)]!;
        const shown = Array.from({ length: steps }, (_, step) => {
          if (step < fixation || step >= fixation + evidence) return [0, 0];
          return [1 - right, right].map((larger) => 0.5 + strength * (larger - 0.5) + noise * random.normal());
        });
        // The cue goes off when the answer is due.
        const cue = shown.map((_, step) => [step < fixation + evidence ? 1 : 0]);
        return {
          stimuli: { evidence: shown, cue },
          targets: { choice: sides[right]! },
          factors: { strength: right ? strength : -strength },
        };
      },
    });
  },
});

export default definePlugin({ name: "comparison", parts: [comparison] });
