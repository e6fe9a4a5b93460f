import * as z from "zod";
import type { Executor } from "../../src/compute/executor.ts";
import { type CaseFile, caseError, parseCase } from "./case-file.ts";
import { checkConventionalNetwork, checkVectorizedNetwork } from "./check-layered-network.ts";
import { farthest, type Quantities } from "./comparison.ts";
import { ConventionalNetworkCase, VectorizedNetworkCase } from "./layered-network.ts";
import { knownLayers } from "./layers.ts";
import type { Contender } from "./providers.ts";
import { checkStatistics } from "./statistics.ts";

/** Largest difference that passes, of a tensor's largest magnitude. */
export const tolerance = 1e-4;

/** What came of a case: compared on a provider, or left out with the reason. */
export type Outcome =
  | { readonly name: string; readonly unsupported: string }
  | {
      readonly name: string;
      /** "-" where no device takes part. */
      readonly provider: string;
      readonly quantity: string;
      readonly difference: number;
      readonly passes: boolean;
    };

/** How cases of one kind are checked. */
interface CaseKind {
  /** Why a case of this kind cannot be checked yet. */
  unsupported?(file: CaseFile): string | undefined;
  /** Reads the case once; the check then runs once for each provider, or once at all. */
  prepare(
    file: CaseFile,
  ):
    | { readonly perProvider: (executor: Executor) => Promise<Quantities> }
    | { readonly once: () => Promise<Quantities> };
}

const Layered = z.looseObject({ layers: z.array(z.looseObject({ type: z.string() })) });

function unknownLayer({ file, header }: CaseFile): string | undefined {
  const other = parseCase(file, Layered, header).layers.find(({ type }) => !knownLayers.includes(type));
  return other && `layer ${other.type}`;
}

const caseKinds: Readonly<Record<string, CaseKind>> = {
  "vectorized-network": {
    unsupported: unknownLayer,
    prepare({ file, header }) {
      const reference = parseCase(file, VectorizedNetworkCase, header);
      return { perProvider: (executor) => checkVectorizedNetwork(reference, executor) };
    },
  },
  "conventional-network": {
    unsupported: unknownLayer,
    prepare({ file, header }) {
      const reference = parseCase(file, ConventionalNetworkCase, header);
      return { perProvider: (executor) => checkConventionalNetwork(reference, executor) };
    },
  },
  statistics: {
    prepare: ({ file, header }) => ({
      once: () =>
        checkStatistics(header).catch((error: unknown) => {
          throw error instanceof z.ZodError ? caseError(file, error) : error;
        }),
    }),
  },
};

/**
 * Checks cases one after the other on every provider.
 *
 * @throws DataError for a case whose parts do not fit together, naming file and field
 */
export async function* conform(files: readonly CaseFile[], contenders: readonly Contender[]): AsyncGenerator<Outcome> {
  for (const file of files) {
    const { kind, name } = file.header;
    const caseKind = Object.hasOwn(caseKinds, kind) ? caseKinds[kind] : undefined;
    const unsupported = caseKind ? caseKind.unsupported?.(file) : `kind ${kind}`;
    if (!caseKind || unsupported !== undefined) {
      yield { name, unsupported: unsupported ?? `kind ${kind}` };
      continue;
    }
    const check = caseKind.prepare(file);
    if ("once" in check) yield judge(name, "-", await check.once());
    else
      for (const { name: provider, executor } of contenders)
        yield judge(name, provider, await check.perProvider(executor));
  }
}

function judge(name: string, provider: string, quantities: Quantities): Outcome {
  const { quantity, difference } = farthest(quantities);
  return { name, provider, quantity, difference, passes: difference <= tolerance };
}

/** The line that the report prints. */
export function describeOutcome(outcome: Outcome): string {
  if ("unsupported" in outcome) return `${outcome.name}: not yet supported (${outcome.unsupported})`;
  const { name, provider, quantity, difference, passes } = outcome;
  const verdict = passes ? "ok" : `FAILS (more than ${tolerance})`;
  return `${name}  ${provider}  ${difference.toExponential(1)} (${quantity})  ${verdict}`;
}

/** Exit code of a run: 0, or 1 where a case is off by more than the tolerance. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  return outcomes.every((outcome) => "unsupported" in outcome || outcome.passes) ? 0 : 1;
}
