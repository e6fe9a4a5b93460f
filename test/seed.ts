import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** What every property draws from. */
    seed: number;
  }
}

/** The environment variable that repeats a run of the properties. */
export const seedVariable = "SULCUS_SEED";

/**
 * Properties draw from a seed that the committed files fix: the same commit always gives the same cases, so that what
 * passed before a change landed passes after it, and every commit tries new ones. Without git, each run tries new ones.
 */
export default function ({ provide }: Pick<TestProject, "provide">): void {
  provide("seed", givenSeed(process.env[seedVariable]) ?? seedOfCommit() ?? randomInt(2 ** 31));
}

/** The seed that a text holds; undefined where there is none. */
export function givenSeed(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const seed = Number(text);
  if (/^-?\d+$/.test(text) && seed === (seed | 0)) return seed;
  throw new Error(`${seedVariable}: got ${JSON.stringify(text)}, expected a whole number of 32 bits`);
}

function seedOfCommit(): number | undefined {
  try {
    const tree = execFileSync("git", ["rev-parse", "HEAD^{tree}"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number.parseInt(tree.slice(0, 7), 16);
  } catch {
    return undefined;
  }
}

/**
 * The command that runs one test again with the same draws, for a POSIX shell.
 *
 * @param test its name with those of the groups around it, joined by " > " as Vitest gives it; it looks for them joined
 *   by spaces
 */
export function repeatCommand(file: string, test: string, seed: number): string {
  const name = test.replaceAll(" > ", " ").replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return `${seedVariable}=${seed} npx vitest run ${quoted(file)} -t ${quoted(`^${name}$`)}`;
}

const quoted = (text: string): string => (/^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
