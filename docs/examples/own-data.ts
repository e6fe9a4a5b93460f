/**
 * Data of one's own: a table (.csv) and arrays of NumPy (.npz). Both files lie beside this one.
 *
 * The arrays were written by
 *
 *   numpy.savez("own-data.npz", stimuli=evidence, targets=choices, coherence=coherence)
 *
 * with stimuli [trials, steps, units], targets [trials] and, as a factor for recordings and figures, coherence [trials].
 */
import { fileURLToPath } from "node:url";
import { adam, arrays, bp, circuit, loadTask, run } from "sulcus";

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// A table: all columns but the last one are stimuli, and the text of the last one names classes.
const flowers = arrays({ file: beside("own-data.csv"), split: { test: 50 } });
const motion = arrays({ file: beside("own-data.npz"), split: { test: 0.2 } });

const measured = circuit("flowers", (c) => {
  const input = c.input("measures", { units: 4 });
  const hidden = c.population("hidden", { units: 20, gain: "relu" });
  const species = c.population("species", { units: 3 });
  c.project(input, hidden);
  c.project(hidden, species);
});

const seen = circuit("motion", (c) => {
  c.steps(12);
  const input = c.input("evidence", { units: 2, timing: "varying" });
  const area = c.population("area", { units: 20, gain: "tanh", leak: 0.5 });
  const choice = c.population("choice", { units: 2 });
  c.project(input, area);
  c.project(area, area, { delay: 1 });
  c.project(area, choice);
});

for (const [task, net] of [
  [flowers, measured],
  [motion, seen],
] as const) {
  const { notes } = await loadTask(task, 1);
  console.log(notes?.join("; "));
  const { summary } = await run({
    circuit: net,
    task,
    rule: bp(),
    optimiser: adam({ rate: 0.01 }),
    epochs: 20,
    batch: 20,
  });
  console.log(`${net.name}: a share of ${summary.testError} is wrong`);
}
