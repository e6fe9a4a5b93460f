import { defineMeasure, definePlugin, figure, mean, sequentialBatches, z } from "sulcus";

/**
 * Class selectivity of the units of the last hidden population: of the mean size of a unit's rate for the class that it answers
 * most, and for all others,
 *
 *   (most - others) / (most + others),
 *
 * 0 for a unit that answers all classes alike, 1 for one that answers a single class.
 * Source: Morcos, Barrett, Rabinowitz & Botvinick 2018.
 */
export const selectivity = defineMeasure({
  kind: "selectivity",
  summary: "how far each unit of the last hidden population prefers one class",
  settings: z.strictObject({ stimuli: z.int().min(1).default(500) }),
  record: z.object({ ofUnits: z.array(z.number()) }),
  refuse: (_settings, { network, task }) =>
    network.populations.length === network.readouts.length || task.test.shape.targets[0]?.kind !== "class"
      ? "it is of circuits with a hidden population that learn classes"
      : undefined,
  async take({ stimuli }, { learner, task, description: { batch, seed } }) {
    const shown = () => sequentialBatches(task.test, { batch, seed, limit: stimuli });
    const labels = [...shown()].flatMap(({ targets, count }) => [...targets[0]!.values[0]!.subarray(0, count)]);
    const { shape, data } = await learner.represent(shown());
    const rate = (unit: number, asked: (label: number) => boolean) =>
      mean(labels.flatMap((label, trial) => (asked(label) ? [Math.abs(data[trial * shape[1] + unit]!)] : [])));
    const ofUnits = Array.from({ length: shape[1] }, (_, unit) => {
      const [most] = [...new Set(labels)]
        .map((label) => [rate(unit, (each) => each === label), rate(unit, (each) => each !== label)] as const)
        .sort(([a], [b]) => b - a);
      const [own, others] = most!;
      return own + others === 0 ? 0 : (own - others) / (own + others);
    });
    return { ofUnits };
  },
  words: ({ ofUnits }) => [`selectivity ${mean(ofUnits).toFixed(3)}, mean over ${ofUnits.length} units`],
  chapter: {
    quantities: () => [{ name: "selectivity", value: ({ record }) => mean(record.ofUnits) }],
    figures: ({ conditions }) => [
      figure({
        name: "selectivity",
        title: "Class selectivity of hidden units",
        caption: "How many units prefer one class how far: 0 answers all classes alike, 1 a single one.",
        data: conditions.flatMap(({ name, runs }) =>
          runs.flatMap(({ seed, record }) => record.ofUnits.map((value) => ({ condition: name, seed, value }))),
        ),
        spec: {
          mark: "bar",
          encoding: {
            x: { field: "value", type: "quantitative", bin: { maxbins: 20 }, title: "class selectivity" },
            y: { aggregate: "count", type: "quantitative", title: "units" },
            row: { field: "condition", type: "nominal", title: null },
          },
        },
      }),
    ],
  },
});

export default definePlugin({ name: "selectivity", parts: [selectivity] });
