import type { Architecture, GevbSign, UnitKind } from "../../circuits/ready-made/gevb-choices.ts";
import type { Dataset } from "./choices.ts";

/** Errors that the paper reports, shares from 0 to 1. */
interface PaperErrors {
  readonly testError: number;
  readonly trainError: number;
}

/** Test error and, where it is above 0, training error, both in per cent. */
type Errors = readonly [test: number, training?: number];
/** By sign and rule: GEVB (in vector circuits) or DFA (in conventional ones) excitatory, BP excitatory, both mixed. */
type Row = readonly [local: Errors, bp: Errors, localMixed: Errors, bpMixed: Errors];

/**
 * Test and training errors at the end of up to 190 epochs, mean of 5 seeds.
 * Source: Clark, Abbott & Chung 2021, tables of test and training errors on MNIST and CIFAR-10.
 */
// biome-ignore format: rows as the paper prints them
const rows: Record<Dataset, Record<Architecture, Record<UnitKind, Row>>> = {
  mnist: {
    dense: {
      vector: [[1.87, 0.06], [1.93, 0.05], [2.32, 0.33], [1.84, 0.07]],
      conventional: [[2.2, 0.3], [1.36], [2.09, 0.19], [1.29]],
    },
    conv: {
      vector: [[2.33, 1.03], [1.3, 0.19], [1.83, 0.83], [0.8]],
      conventional: [[1.56, 0.67], [0.71], [1.64, 0.42], [0.65]],
    },
    local: {
      vector: [[1.78], [1.64], [1.84, 0.05], [1.44]],
      conventional: [[1.98, 0.32], [1.21], [1.48, 0.09], [1.07]],
    },
  },
  cifar10: {
    dense: {
      vector: [[47.62, 1.25], [47.03, 0.72], [48.86, 2.02], [45.98, 0.78]],
      conventional: [[48.69, 3.28], [45.42, 0.96], [49.54, 2.88], [45.69, 0.73]],
    },
    conv: {
      vector: [[33.74, 28.83], [30.85, 16.29], [38.43, 20.59], [30.54, 1.71]],
      conventional: [[54.18, 48.43], [32.13, 0.23], [44.07, 17.25], [28.8, 0.15]],
    },
    local: {
      vector: [[41.08, 0.83], [41.01, 0.34], [40.11, 0.83], [38.77, 0.36]],
      conventional: [[41.18, 10.62], [35.51], [39.41, 2.94], [32.32]],
    },
  },
};

/** The rule beside back-propagation in a row of the tables. */
export const localRule = (units: UnitKind): "gevb" | "dfa" => (units === "vector" ? "gevb" : "dfa");

/** What the paper reports of a circuit and rule; undefined where it reports nothing. */
export function paperErrors(cell: {
  readonly dataset: Dataset;
  readonly arch: Architecture;
  readonly units: UnitKind;
  readonly sign: GevbSign;
  readonly rule: string;
}): PaperErrors | undefined {
  const { dataset, arch, units, sign, rule } = cell;
  if (rule !== "bp" && rule !== localRule(units)) return undefined;
  const [test, training = 0] = rows[dataset][arch][units][(sign === "mixed" ? 2 : 0) + (rule === "bp" ? 1 : 0)]!;
  return { testError: share(test), trainError: share(training) };
}

/** Per cent with two decimals as the share nearest to it. */
const share = (percent: number) => Math.round(100 * percent) / 10_000;
