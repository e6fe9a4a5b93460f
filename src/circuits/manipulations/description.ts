import * as z from "zod";
import { unitIndex } from "../../kinds/counts.ts";
import { parseDescription } from "../../kinds/plain-data.ts";

const unit = unitIndex;
/** A circuit of one population may have so many steps. */
const step = z.int().min(0).max(29_999);
const single = z
  .number()
  .refine((value) => Number.isFinite(Math.fround(value)), "expected a number of single precision");

/** Which units: those listed, or a share of all, drawn from the seed; absent both: all. */
const chosenUnits = {
  units: z.array(unit).min(1).optional(),
  share: z.number().gt(0).max(1).optional(),
};

/** At which time steps: those listed, or all from one to another, both included; absent: all. */
const someSteps = {
  steps: z
    .union([z.array(step).min(1), z.strictObject({ from: step.default(0), to: step.optional() })], {
      error: "expected a list of time steps, or from and to",
    })
    .optional(),
};

/** One value for all chosen units, or one for each in their order; of vector units also component by component. */
const values = z.union([single, z.array(single).min(1)], {
  error: "expected a number, or a list of one for each unit",
});

/**
 * Silences units of a population or input, or cuts a projection. Rates of lesioned units are 0 and no error reaches them,
 * so that nothing which leads to them or from them learns by an update; a projection that is cut carries nothing and does not learn.
 */
export const Lesion = z.strictObject({
  kind: z.literal("lesion"),
  /** A population, input or projection by name. */
  of: z.string(),
  ...chosenUnits,
  ...someSteps,
});

/** Sets rates of units of a population or input, whatever drives them; errors stop there. */
export const Clamp = z.strictObject({
  kind: z.literal("clamp"),
  /** A population or input by name. */
  of: z.string(),
  rate: values,
  ...chosenUnits,
  ...someSteps,
});

/** Adds to the drive of units of a population, as a current does that is injected. */
export const AddedDrive = z.strictObject({
  kind: z.literal("drive"),
  /** A population by name. */
  of: z.string(),
  amount: values,
  ...chosenUnits,
  ...someSteps,
});

/** Keeps what learns as it is, in training: weights of a projection, or biases of a population and all weights that lead to it. */
export const Freeze = z.strictObject({
  kind: z.literal("freeze"),
  /** A projection or population by name. */
  of: z.string(),
});
export type Freeze = z.infer<typeof Freeze>;

/** What an experimenter does to a circuit while it runs, as plain data. */
export const Manipulation = z.discriminatedUnion("kind", [Lesion, Clamp, AddedDrive]);
export type Manipulation = z.infer<typeof Manipulation>;

/** The same of a circuit that is trained. */
export const RunManipulation = z.discriminatedUnion("kind", [Lesion, Clamp, AddedDrive, Freeze]);
export type RunManipulation = z.infer<typeof RunManipulation>;

/** Which units a manipulation acts on, and when. */
export type Selection = Pick<z.input<typeof Lesion>, "units" | "share" | "steps">;

const described = (data: unknown): Manipulation => parseDescription("manipulation", Manipulation, data);

/**
 * The description of a lesion: of a population's or input's units, or of a projection.
 *
 * @param of "v1" for units, "v1->v2" for a projection
 * @param where units (a list) or share (drawn from the seed) of them, default all; steps, default all
 * @throws DescriptionError naming the field that is out of range
 */
export const lesion = (of: string, where: Selection = {}): Manipulation => described({ ...where, kind: "lesion", of });

/**
 * The description of a clamp: the rates of units are set.
 *
 * @param rate of all chosen units, or a list of one for each
 * @param where as `lesion` takes it
 * @throws DescriptionError naming the field that is out of range
 */
export const clamp = (of: string, rate: number | readonly number[], where: Selection = {}): Manipulation =>
  described({ ...where, kind: "clamp", of, rate });

/**
 * The description of drive that is added to that of units.
 *
 * @param amount for all chosen units, or a list of one for each
 * @param where as `lesion` takes it
 * @throws DescriptionError naming the field that is out of range
 */
export const addDrive = (of: string, amount: number | readonly number[], where: Selection = {}): Manipulation =>
  described({ ...where, kind: "drive", of, amount });

/**
 * The description of what stays as it is in training: the weights of a projection, or the biases of a population and all weights
 * that lead to it.
 *
 * @param of "v1->v2" or "v2"
 */
export const freeze = (of: string): Freeze => ({ kind: "freeze", of });
