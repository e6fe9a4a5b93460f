import * as z from "zod";
import { described } from "../kinds/described.ts";
import { UsageError } from "../kinds/errors.ts";
import type { Part } from "../kinds/kind.ts";
import { ruleInWords } from "../plasticity/rules/rule-in-words.ts";
import { arraysTask } from "../tasks/arrays/arrays.ts";
import { RunDescription, resolveRun } from "../training/run-description.ts";
import type { Cell } from "./execution/cell.ts";
import { defineExperiment } from "./experiment.ts";
import { seedList } from "./setting-lists.ts";

/** One rule, several, or their names with commas between them; always a list once parsed. */
const rules = z.preprocess(
  (given) => {
    if (typeof given === "string") return given.split(",").map((name) => name.trim());
    return Array.isArray(given) ? given : [given];
  },
  z.array(described("rule")).min(1),
);

/** A run description, for several seeds and rules. */
const CircuitSettings = RunDescription.extend({
  rule: rules.meta({ help: "learning rules, such as bp or bp,fa", value: "names" }),
  /** A run each, instead of one seed. */
  seeds: seedList.optional(),
});

const namesIn = (text: string) => text.split(",").map((name) => name.trim());

/** The task of arrays that there is, with another file and without the checksum of the old one; or one of the file alone. */
function withFile(file: string, current: unknown): Part {
  const { sha256: _, ...task } = (current ?? {}) as Partial<Part>;
  return { ...(task.kind === arraysTask.kind && task), kind: arraysTask.kind, file };
}

/**
 * A circuit of one's own: its settings are a run description (circuit, task, rule, optimiser, ...), which a run's own
 * config.yaml holds too. Every rule is run with every seed.
 */
export const circuitExperiment = defineExperiment({
  kind: "circuit",
  summary: "a circuit of your own: circuit, task, rule, optimiser and all else out of a file",
  settings: CircuitSettings,
  single: true,
  shortcuts: {
    data: {
      setting: "task",
      help: "data of your own: a .npz, .npy or .csv file of arrays",
      value: "file",
      of: withFile,
    },
    stimuli: {
      setting: "task.stimuli",
      help: "of --data: names of its arrays of stimuli",
      value: "names",
      of: namesIn,
    },
    targets: {
      setting: "task.targets",
      help: "of --data: names of its arrays of targets",
      value: "names",
      of: namesIn,
    },
    as: {
      setting: "task.as",
      help: "of --data: whether targets are labels or values",
      value: "what",
      of: (text) => text,
    },
    limit: { setting: "task.limit", help: "training stimuli to use", value: "n" },
    rate: { setting: "optimiser.rate", help: "learning rate", value: "n" },
  },
  examples: [
    "circuit --config mine.yaml --seeds 1..3",
    "circuit --config mine.yaml --data trials.npz",
    "circuit --config runs/circuit/20241124-120000-1",
  ],
  async build({ rule: rules, seeds: several, seed, ...shared }, { owner, tasks }, library) {
    const seeds = several ?? [seed];
    const within = owner === "circuit" ? "" : `${owner}, `;
    const cells = seeds.flatMap((each) =>
      rules.map((rule): Cell => {
        const description = resolveRun({ ...shared, seed: each, rule }, library, within);
        const name = ruleInWords(description.rule);
        return {
          name: seeds.length === 1 ? name : rules.length === 1 ? `seed-${each}` : `${name}-seed-${each}`,
          condition: name.toUpperCase(),
          description,
        };
      }),
    );
    const names = cells.map((cell) => cell.name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined)
      throw new UsageError(
        `${owner}: the rule "${twice}" comes twice; give every rule once, or sweep over its settings`,
      );
    const [first] = cells as [Cell, ...Cell[]];
    const { seed: _, rule: __, ...settings } = first.description;
    const resolved = rules.map((rule) => library.resolve("rule", rule, within));
    return {
      experiment: "circuit",
      settings: { ...settings, rule: resolved, seeds },
      cells,
      tasks,
    };
  },
});
