import * as z from "zod";
import { described } from "../kinds/described.ts";
import type { Family } from "../kinds/families.ts";
import { shortest } from "../kinds/kind.ts";
import { nonNegativeSingle, positiveSingle } from "../kinds/single-precision.ts";

/**
 * A circuit as plain data: it can be written to a file, drawn, compared and built for any device. Made by `circuit()`
 * or read from a configuration; `buildNetwork` checks that its parts fit together.
 */
const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]*$/,
    "expected a name that starts with a letter and goes on with letters, digits, - or _",
  );
const size = z.int().min(1);

/** A part that is written by its bare name where it has no settings. */
export const named = (family: Family) => described(family).transform(shortest);

/** Units laid out in space: unit (row, column, channel) has index (row width + column) channels + channel. */
export const MapDescription = z.strictObject({ height: size, width: size, channels: size });

/** Units in a row (`units`) or laid out in space (`map`). */
const layout = { units: size.optional(), map: MapDescription.optional() };
const oneLayout = ({ units, map }: { units?: unknown; map?: unknown }) => (units === undefined) !== (map === undefined);
const layoutMessage = "expected either units or map (height, width, channels)";

/** Stimuli enter here: scalar rates that the task sets, the same at all time steps or anew at each. */
export const InputDescription = z
  .strictObject({ name, ...layout, timing: z.enum(["constant", "varying"]).default("constant") })
  .refine(oneLayout, layoutMessage);

/**
 * What positions of a map share: one value a channel for all positions, or one a unit. Where units are not laid out in
 * space, each is a channel of its own.
 */
const sharing = ["channel", "unit"] as const;

/** Rate units with one gain function. Dimension 1: scalar units; more: every unit's rate is a vector. */
export const PopulationDescription = z
  .strictObject({
    name,
    ...layout,
    dimension: size.default(1),
    /** A gain function, by name or with its settings. */
    gain: named("neuron").default("linear"),
    /** Biases [dimension, channels] or [dimension, units], 0 at first and free of sign constraints; or none. */
    bias: z.enum([...sharing, "none"]).default("channel"),
    /** Whether its biases stay as they are, whatever rule, optimiser and decay; errors pass through all the same. Default false. */
    frozen: z.boolean().optional(),
    /** Gating vectors of gain "gated", [dimension, channels] or [dimension, units]. */
    gates: z.enum(sharing).default("channel"),
    /** Share a of the new rate at every time step, h <- (1 - a) h + a gain(drive); 1: the past leaves nothing. */
    leak: z.number().gt(0).max(1).default(1),
    /** Standard deviation of the Gaussian noise that the drive of every unit gets at every time step. */
    noise: nonNegativeSingle.default(0),
    /**
     * Share of the units, from the last one on, whose outgoing weights are inhibitory where a projection obeys Dale's law;
     * the other units are excitatory. Rounded to whole units; Dale's law needs some of both.
     */
    inhibitoryFraction: z.number().min(0).max(1).default(0),
    /**
     * Inhibition of return: units whose rate lies below the threshold before the last time step are remembered as attended,
     * R <- [R + [rate < threshold] > 0.5], and from the next presentation of the same stimuli on, rate <- rate (1 - R) + R.
     */
    inhibitionOfReturn: z.strictObject({ threshold: z.number().default(0.5) }).optional(),
  })
  .refine(oneLayout, layoutMessage);

/** What of a presynaptic rate travels along a projection. */
export const Transmission = z.discriminatedUnion("kind", [
  /** The rate itself. */
  z.strictObject({ kind: z.literal("graded") }),
  /** 1 where the rate exceeds the threshold, else 0; errors return with the slope 1 / (1 + sharpness |rate - threshold|)^2. */
  z.strictObject({
    kind: z.literal("binary"),
    threshold: nonNegativeSingle.default(0),
    sharpness: positiveSingle.default(10),
  }),
]);

/** Weights from a presynaptic to a postsynaptic population, indexed [post, pre]. */
export const ProjectionDescription = z.strictObject({
  pre: name,
  post: name,
  /** What its parameters, random streams and figures are called by; default "pre->post", which one of a pair may keep. */
  name: name.optional(),
  /** Which units are connected: the topology's name and its settings, such as kernel, stride and padding. */
  topology: described("topology").default({ kind: "dense" }),
  /** What sign weights have, by the name of a constraint or with its settings. */
  sign: named("constraint").default("mixed"),
  /** How weights are drawn: the initialiser's name and its settings. */
  initial: described("initialiser").default({ kind: "he" }),
  /** Whether its weights stay as they are, whatever rule, optimiser and decay; errors pass through all the same. Default false. */
  frozen: z.boolean().optional(),
  /** Time steps that a signal takes: 0 feedforward, 1 for projections that close a loop. */
  delay: z.int().min(0).max(1).default(0),
  /** The first time step at which signals arrive. */
  from: z.int().min(0).default(0),
  transmission: Transmission.default({ kind: "graded" }),
  /** Driving: what arrives adds to the drive. Modulatory: rate <- rate (1 - strength arriving signal). */
  effect: z.enum(["driving", "modulatory"]).default("driving"),
  /** Of a modulatory effect; default 1. */
  strength: nonNegativeSingle.optional(),
});

/** How the readouts' rates over time become scores of the classes. */
export const DecisionDescription = z.strictObject({
  /** The last time step, a given one, or the mean or sum over all. */
  time: z.union([z.enum(["last", "mean", "sum"]), z.strictObject({ step: z.int().min(0) })]).default("last"),
  /**
   * Of several readouts: the one with the larger maximum, their sum, one at random, a given one; or "each" reports a target
   * of its own.
   */
  module: z.union([z.enum(["max", "sum", "random", "each"]), z.strictObject({ readout: name })]).default("max"),
  /**
   * Targets that max, sum and random report at once, each decided among readouts of its own: as many for each target, named
   * target by target. Absent: 1.
   */
  targets: size.optional(),
});

export const CircuitDescription = z.strictObject({
  name: z.string().min(1),
  inputs: z.array(InputDescription).min(1),
  populations: z.array(PopulationDescription).min(1),
  projections: z.array(ProjectionDescription).min(1),
  /** Populations whose rates are the scores of the classes: each one vector unit, or one scalar unit a class. */
  readouts: z.array(name).min(1),
  /** Time steps for which the stimuli are shown; rates are 0 before the first. */
  steps: size.default(1),
  decision: DecisionDescription.default({ time: "last", module: "max" }),
});

/** What a projection is called: by a name of its own, or by what it connects. */
export const projectionName = ({
  name: own,
  pre,
  post,
}: Pick<z.infer<typeof ProjectionDescription>, "name" | "pre" | "post">): string => own ?? `${pre}->${post}`;

export type DecisionDescription = z.infer<typeof DecisionDescription>;
export type Transmission = z.infer<typeof Transmission>;
export type InputDescription = z.infer<typeof InputDescription>;
export type PopulationDescription = z.infer<typeof PopulationDescription>;
export type ProjectionDescription = z.infer<typeof ProjectionDescription>;
export type CircuitDescription = z.infer<typeof CircuitDescription>;
