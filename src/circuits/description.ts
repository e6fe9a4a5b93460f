import * as z from "zod";

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

/** Units laid out in space: unit (row, column, channel) has index (row width + column) channels + channel. */
export const MapDescription = z.strictObject({ height: size, width: size, channels: size });

/** Units in a row (`units`) or laid out in space (`map`). */
const layout = { units: size.optional(), map: MapDescription.optional() };
const oneLayout = ({ units, map }: { units?: unknown; map?: unknown }) => (units === undefined) !== (map === undefined);
const layoutMessage = "expected either units or map (height, width, channels)";

/** Stimuli enter here: scalar rates that the task sets. */
export const InputDescription = z.strictObject({ name, ...layout }).refine(oneLayout, layoutMessage);

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
    /** A gain function by name: linear, relu, alternating-relu, tanh, sigmoid, softplus, gated. */
    gain: z.string().default("linear"),
    /** Biases [dimension, channels] or [dimension, units], 0 at first and free of sign constraints; or none. */
    bias: z.enum([...sharing, "none"]).default("channel"),
    /** Gating vectors of gain "gated", [dimension, channels] or [dimension, units]. */
    gates: z.enum(sharing).default("channel"),
  })
  .refine(oneLayout, layoutMessage);

/** Weights from a presynaptic to a postsynaptic population, indexed [post, pre]. */
export const ProjectionDescription = z.strictObject({
  pre: name,
  post: name,
  /** Which units are connected: the topology's name and its settings, such as kernel, stride and padding. */
  topology: z.looseObject({ kind: z.string() }).default({ kind: "dense" }),
  sign: z.enum(["excitatory", "inhibitory", "mixed"]).default("mixed"),
  /** How weights are drawn: he, on-off. */
  initial: z.strictObject({ kind: z.string() }).default({ kind: "he" }),
});

export const CircuitDescription = z.strictObject({
  name: z.string().min(1),
  input: InputDescription,
  populations: z.array(PopulationDescription).min(1),
  projections: z.array(ProjectionDescription).min(1),
  /** The population whose rates are the scores of the classes: one vector unit, or one scalar unit a class. */
  readout: name,
});

export type SignConstraint = "excitatory" | "inhibitory" | "mixed";
export type InputDescription = z.infer<typeof InputDescription>;
export type PopulationDescription = z.infer<typeof PopulationDescription>;
export type ProjectionDescription = z.infer<typeof ProjectionDescription>;
export type CircuitDescription = z.infer<typeof CircuitDescription>;
