import type * as z from "zod";
import { DescriptionError } from "../compute/errors.ts";

/**
 * Plain data as what a schema makes of it, defaults filled in.
 *
 * @param owner whose data they are: an experiment, or a file
 * @throws DescriptionError naming owner, field and what is allowed
 */
export function parseSettings<Schema extends z.ZodType>(schema: Schema, data: unknown, owner: string): z.infer<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new DescriptionError(`${owner}, ${issue.path.join(".") || "settings"}: ${issue.message}`);
}
