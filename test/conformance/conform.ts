import * as z from "zod";
import { DataError, didYouMean } from "../../src/compute/errors.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { type CaseFile, parseCase } from "./case-file.ts";
import { checkConventionalNetwork, checkVectorizedNetwork } from "./check-layered-network.ts";
import { farthest, type Quantities } from "./comparison.ts";
import { ConventionalNetworkCase, VectorizedNetworkCase } from "./layered-network.ts";
import { knownLayers } from "./layers.ts";
import { checkModularity, ModularityCase } from "./modularity.ts";
import type { Contender } from "./providers.ts";
import { checkStatistics, StatisticsCase } from "./statistics.ts";

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
  /** Reads the case once; the check then runs once for each provider, or once at all. */
  prepare(
    file: CaseFile,
  ):
    | { readonly perProvider: (executor: Executor) => Promise<Quantities> }
    | { readonly once: () => Promise<Quantities> };
}

const Layered = z.looseObject({ layers: z.array(z.looseObject({ type: z.string() })) });

/** Kinds that reference cases have and the toolkit has no circuits for yet. */
const kindsToCome: readonly string[] = ["attention-network", "modular-network"];

/** @throws DataError naming the first layer whose type is not known */
function checkLayerTypes({ file, header }: CaseFile): void {
  parseCase(file, Layered, header).layers.forEach(({ type }, index) => {
    if (!knownLayers.includes(type)) throw notKnown(file, `layers.${index}.type`, type, knownLayers);
  });
}

function notKnown(file: string, field: string, given: string, known: readonly string[]): DataError {
  return new DataError(
    `${file}, ${field}: "${given}" is not known${didYouMean(given, known)}; known: ${known.join(", ")}`,
  );
}

const caseKinds: Readonly<Record<string, CaseKind>> = {
  "vectorized-network": {
    prepare(caseFile) {
      checkLayerTypes(caseFile);
      const { file, header } = caseFile;
      const reference = parseCase(file, VectorizedNetworkCase, header);
      return { perProvider: (executor) => checkVectorizedNetwork(reference, executor) };
    },
  },
  "conventional-network": {
    prepare(caseFile) {
      checkLayerTypes(caseFile);
      const { file, header } = caseFile;
      const reference = parseCase(file, ConventionalNetworkCase, header);
      return { perProvider: (executor) => checkConventionalNetwork(reference, executor) };
    },
  },
  statistics: {
    prepare({ file, header }) {
      const reference = parseCase(file, StatisticsCase, header);
      return { once: () => checkStatistics(reference) };
    },
  },
  modularity: {
    prepare({ file, header }) {
      const reference = parseCase(file, ModularityCase, header);
      return { once: () => checkModularity(reference) };
    },
  },
};

/**
 * Checks cases one after the other on every provider.
 *
 * @throws DataError, before any case is checked, for a kind that is not known; later for a case whose parts do not fit
 * together; naming file and field
 */
export async function* conform(files: readonly CaseFile[], contenders: readonly Contender[]): AsyncGenerator<Outcome> {
  const kinds = [...Object.keys(caseKinds), ...kindsToCome];
  for (const { file, header } of files)
    if (!kinds.includes(header.kind)) throw notKnown(file, "kind", header.kind, kinds);

  for (const file of files) {
    const { kind, name } = file.header;
    if (kindsToCome.includes(kind)) {
      yield { name, unsupported: `kind ${kind}` };
      continue;
    }
    const check = caseKinds[kind]!.prepare(file);
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
