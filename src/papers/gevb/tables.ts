import { UsageError } from "../../kinds/errors.ts";
import { metricIn } from "../../records/metrics.ts";
import type { CellStates, Collection } from "../../runs/collection.ts";
import type { Cell } from "../../runs/execution/cell.ts";
import type { TaskShelf } from "../../runs/execution/task-shelf.ts";
import { defineExperiment } from "../../runs/experiment.ts";
import { tableChapters } from "./chapter/table-chapter.ts";
import { choicesOf, gevbDatasets, ruleTitle } from "./choices.ts";
import { checkCombination } from "./combinations.ts";
import { describeGevbRun, type GevbRunSettings, gevbTask } from "./gevb.ts";
import { localRule, paperErrors } from "./paper-tables.ts";
import type { TableCell } from "./table-record.ts";
import { GevbTablesConfig } from "./tables-settings.ts";

const name = "gevb-tables";

/** The choices that make a cell of the tables. */
type Choices = Pick<GevbRunSettings, "dataset" | "arch" | "units" | "sign" | "rule">;

/** Every cell of the tables that settings ask for, in the order of the tables. */
function choicesIn(config: GevbTablesConfig): Choices[] {
  const datasets = config.dataset === "both" ? choicesOf(gevbDatasets) : [config.dataset];
  return datasets.flatMap((dataset) =>
    config.arch.flatMap((arch) =>
      config.units.flatMap((units) =>
        config.sign.flatMap((sign) =>
          [localRule(units), "bp" as const]
            .filter((rule) => config.rule.includes(rule))
            .map((rule) => ({ dataset, arch, units, sign, rule })),
        ),
      ),
    ),
  );
}

const nameOf = ({ dataset, arch, units, rule, sign, seed }: Choices & { seed: number }) =>
  [dataset, arch, units, rule, sign, "seed", seed].join("-");

/** What runs of different seeds share; figures have to fit it in, so the data set is left out where there is one. */
function conditionOf({ dataset, arch, units, rule, sign }: Choices, datasets: number): string {
  const circuit = [arch, units, ruleTitle(rule), sign];
  return (datasets > 1 ? [gevbDatasets[dataset].title, ...circuit] : circuit).join(", ");
}

/** One table cell from what its runs have left so far. */
function tableCell(choices: Choices, seeds: readonly number[], states: CellStates): TableCell {
  const runs = seeds.map((seed) => ({ seed, state: states.get(nameOf({ ...choices, seed }))! }));
  const failed = runs.find(({ state }) => state.state === "failed")?.state as { message: string } | undefined;
  const paper = paperErrors(choices);
  return {
    ...choices,
    runs: runs.flatMap(({ seed, state }) => {
      if (state.state !== "finished") return [];
      const { summary } = state;
      const [testError, trainError] = [metricIn(summary, "error", "test"), metricIn(summary, "error", "train")];
      return { seed, testError, trainError, epochs: summary.epochs };
    }),
    ...(failed ? { failure: failed.message } : {}),
    ...(paper ? { paper } : {}),
  };
}

async function tablesCollection(config: GevbTablesConfig, tasks: TaskShelf): Promise<Collection> {
  const table = choicesIn(config);
  if (table.length === 0)
    throw new UsageError(
      `${name}: units ${config.units.join(", ")} with rule ${config.rule.join(", ")} are in no cell of the tables, ` +
        "which have gevb and bp in vector circuits, dfa and bp in conventional ones; add one of these rules",
    );
  const { data, seeds, ...learning } = config;
  const stray = (["mnist", "cifar10"] as const).find(
    (each) => data[each] !== undefined && table.every(({ dataset }) => dataset !== each),
  );
  if (stray !== undefined)
    throw new UsageError(
      `${name}, data.${stray}: got "${data[stray]}", and no cell of the table is of ${gevbDatasets[stray].title}; leave it out, or add that dataset`,
    );
  const settingsOf = (choices: Choices, seed: number): GevbRunSettings => {
    const folder = data[choices.dataset];
    return { ...learning, ...choices, seed, ...(folder === undefined ? {} : { data: folder }) };
  };
  for (const choices of table) checkCombination(settingsOf(choices, seeds[0]!), tasks.library);

  const cells: Cell[] = [];
  // One data set after the other, and within it one seed after the other: each task is loaded once, and the table is
  // complete with few seeds long before it is with all.
  const datasets = new Set(table.map((choices) => choices.dataset));
  for (const dataset of datasets) {
    const inDataset = table.filter((choices) => choices.dataset === dataset);
    const first = settingsOf(inDataset[0]!, seeds[0]!);
    const task = await tasks.take({ task: gevbTask(first), seed: first.seed });
    for (const seed of seeds)
      for (const choices of inDataset)
        cells.push({
          name: nameOf({ ...choices, seed }),
          condition: conditionOf(choices, datasets.size),
          description: describeGevbRun(settingsOf(choices, seed), task, tasks.library),
        });
  }
  return {
    experiment: name,
    settings: config,
    cells,
    tasks,
    chapters: (states) => tableChapters(table.map((choices) => tableCell(choices, seeds, states))),
  };
}

/**
 * The paper's tables of test and training errors beside what is measured here: architectures, kinds of units, signs and
 * rules on MNIST and CIFAR-10, several seeds each.
 */
export const gevbTables = defineExperiment({
  kind: name,
  summary: "the paper's tables of errors: architectures, units, signs and rules (Clark, Abbott & Chung 2021)",
  settings: GevbTablesConfig,
  sweeps: false,
  examples: ["gevb-tables --dataset mnist --arch dense --units vector --epochs 20 --seeds 1..3"],
  build: (settings, { tasks }) => tablesCollection(settings, tasks),
});
