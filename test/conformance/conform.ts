import * as z from "zod";
import type { Executor } from "../../src/compute/executor.ts";
import { DataError, didYouMean, UsageError } from "../../src/kinds/errors.ts";
import { AttentionNetworkCase } from "./attention-network.ts";
import { type CaseFile, parseCase } from "./case-file.ts";
import { checkAttentionNetwork } from "./check-attention-network.ts";
import { checkConventionalNetwork, checkVectorizedNetwork } from "./check-layered-network.ts";
import { checkModularNetwork } from "./check-modular-network.ts";
import { farthest, type Quantities } from "./comparison.ts";
import { ConventionalNetworkCase, VectorizedNetworkCase } from "./layered-network.ts";
import { knownLayers } from "./layers.ts";
import { ModularNetworkCase } from "./modular-network.ts";
import { checkModularity, ModularityCase } from "./modularity.ts";
import type { Contender } from "./providers.ts";
import { checkStatistics, StatisticsCase } from "./statistics.ts";

/** What came of a case on a provider. */
export interface Outcome {
  readonly name: string;
  /** "-" where no device takes part. */
  readonly provider: string;
  readonly quantity: string;
  readonly difference: number;
  /** Largest difference that passes. */
  readonly tolerance: number;
  readonly passes: boolean;
}

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
  "attention-network": {
    prepare({ file, header }) {
      const reference = parseCase(file, AttentionNetworkCase, header);
      return { perProvider: (executor) => checkAttentionNetwork(reference, executor) };
    },
  },
  "modular-network": {
    prepare({ file, header }) {
      const reference = parseCase(file, ModularNetworkCase, header);
      return { perProvider: (executor) => checkModularNetwork(reference, executor) };
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

/** @throws UsageError for a pending kind that is built by now: its cases would be left out for ever */
export function checkPending(pending: readonly string[]): void {
  for (const kind of pending)
    if (Object.hasOwn(caseKinds, kind))
      throw new UsageError(`--pending: kind "${kind}" is built; take it out, so that its cases are checked`);
}

/**
 * Checks cases one after the other on every provider.
 *
 * @throws DataError, before any case is checked, for a kind that is not known; later for a case whose parts do not fit
 * together; naming file and field
 */
export async function* conform(files: readonly CaseFile[], contenders: readonly Contender[]): AsyncGenerator<Outcome> {
  const kinds = Object.keys(caseKinds);
  for (const { file, header } of files)
    if (!kinds.includes(header.kind)) throw notKnown(file, "kind", header.kind, kinds);

  for (const file of files) {
    const { kind, name } = file.header;
    const check = caseKinds[kind]!.prepare(file);
    if ("once" in check) yield judge(name, "-", await check.once());
    else
      for (const { name: provider, executor } of contenders)
        yield judge(name, provider, await check.perProvider(executor));
  }
}

function judge(name: string, provider: string, quantities: Quantities): Outcome {
  const worst = farthest(quantities);
  return { name, provider, ...worst, passes: worst.difference <= worst.tolerance };
}

/** The line that the report prints. */
export function describeOutcome(outcome: Outcome): string {
  const { name, provider, quantity, difference, tolerance, passes } = outcome;
  const verdict = passes ? "ok" : `FAILS (more than ${tolerance})`;
  return `${name}  ${provider}  ${difference.toExponential(1)} (${quantity})  ${verdict}`;
}

/** Exit code of a run: 0, or 1 where a case is off by more than the tolerance. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  return outcomes.every(({ passes }) => passes) ? 0 : 1;
}
