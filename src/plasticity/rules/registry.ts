import { bp } from "./bp.ts";
import { gevb } from "./gevb.ts";
import type { LearningRule } from "./rule.ts";

/** Learning rules by name. */
export const learningRules: Readonly<Record<string, LearningRule>> = { gevb, bp };
