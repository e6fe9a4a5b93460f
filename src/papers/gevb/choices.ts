import type { Architecture, UnitKind } from "../../circuits/ready-made/gevb-choices.ts";

/** Data sets of the gevb experiment, and the task that shows each. */
export const gevbDatasets = {
  mnist: { task: "digits", title: "MNIST", summary: "handwritten digits, 28 x 28 pixels, grey" },
  cifar10: {
    task: "cifar10",
    title: "CIFAR-10",
    summary: "photographs of ten kinds of things, 32 x 32 pixels, colour",
  },
} as const;
export type Dataset = keyof typeof gevbDatasets;

/** The keys of a table of choices, for a schema. */
export const choicesOf = <Name extends string>(choices: Readonly<Record<Name, unknown>>): [Name, ...Name[]] =>
  Object.keys(choices) as [Name, ...Name[]];

/** A rule as tables call it: "GEVB", "BP", but "node-perturbation". */
export const ruleTitle = (rule: string): string => (rule.length <= 4 ? rule.toUpperCase() : rule);

/**
 * Units of each hidden population in the paper, from the pixels on; channels where a layer is convolutional or local.
 * Source: Clark, Abbott & Chung 2021, section 4 and its supplement.
 */
export function paperHidden(dataset: Dataset, arch: Architecture, units: UnitKind): number[] {
  const sizes: Record<Dataset, Record<Architecture, number[]>> = {
    mnist: { dense: [1024, 512], conv: [64, 32, 1024], local: [32, 32, 1024] },
    cifar10: {
      dense: [1024, 512, 512],
      conv: [128, 64, 64, 1024],
      local: [64, 32, 32, units === "vector" ? 256 : 512],
    },
  };
  return sizes[dataset][arch];
}
