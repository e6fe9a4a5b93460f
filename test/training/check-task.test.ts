import { expect, test } from "vitest";
import { buildNetwork, buildObjective } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { DescriptionError } from "../../src/kinds/errors.ts";
import type { Description } from "../../src/kinds/kind.ts";
import { classTarget, type TargetShape } from "../../src/tasks/targets.ts";
import type { Task } from "../../src/tasks/task.ts";
import { checkTask } from "../../src/training/check-task.ts";

const steps = 3;
const streams = [{ name: "evidence", height: 1, width: 2, channels: 1, steps }];

/** A circuit of three time steps whose readouts report a target each. */
const network = (...units: number[]) =>
  buildNetwork(
    circuit("net", (c) => {
      c.steps(steps);
      const input = c.input("evidence", { units: 2, timing: "varying" });
      const area = c.population("area", { units: 4 });
      c.project(input, area);
      for (const [index, size] of units.entries()) {
        const readout = c.population(`report-${index + 1}`, { units: size });
        c.project(area, readout);
        c.readout(readout);
      }
      c.decision({ module: "each" });
    }),
  );

const task = (targets: readonly TargetShape[], context = {}): Task =>
  ({
    name: "mine",
    classes: 0,
    training: { shape: { streams, targets, context, factors: [] } },
  }) as unknown as Task;

const check =
  (objective: Description, units: readonly number[], ...targets: TargetShape[]) =>
  () =>
    checkTask(network(...units), buildObjective(objective), task(targets));

const values = (more: Partial<TargetShape> = {}, units = 2): TargetShape =>
  ({ kind: "values", name: "eye position", units, steps: 1, ...more }) as TargetShape;
const overTime = { kind: "squared-error", time: "steps" };

test("targets fit that are of the kind, the size and the time steps that objective and circuit ask for", () => {
  for (const fits of [
    check("classification", [3], classTarget(3)),
    check("classification", [3, 2], classTarget(3), classTarget(2)),
    check("classification", [3], { ...classTarget(3), weights: { steps: 1, units: 1 } }),
    check("classification-over-time", [3], classTarget(3)),
    check("classification-over-time", [3], { ...classTarget(3), steps, weights: { steps, units: 1 } }),
    check("squared-error", [2], values({ weights: { steps: 1, units: 2 } })),
    check(overTime, [2], values({ steps, weights: { steps, units: 2 } })),
    check(
      { kind: "several", of: { choice: { objective: "classification" }, eye: { objective: overTime } } },
      [3, 2],
      classTarget(3),
      values({ steps }),
    ),
    check({ kind: "several", of: { eye: { objective: overTime, report: 1 } } }, [3, 2], classTarget(3), values()),
  ])
    expect(fits).not.toThrow();
});

test.for([
  [
    check("classification", [2], values()),
    'objective "classification" asks for a class, and target "eye position" of task "mine" is 2 values; choose an objective of values',
  ],
  [
    check("squared-error", [3], classTarget(3, "choice")),
    'objective "squared-error" asks for values, and target "choice" of task "mine" is one of 3 classes; choose an objective of classes',
  ],
  [
    check("squared-error", [3], values()),
    'circuit "net": readout "report-1" gives 3 values, target "eye position" of task "mine" is 2 values; give it 2 scalar units',
  ],
  [
    check("classification", [2], classTarget(3)),
    'circuit "net": readout "report-1" tells 2 classes apart, task "mine" has 3; give it one vector unit of dimension 3, or 3 scalar units',
  ],
  [
    check("squared-error", [2], values({ steps })),
    'objective "squared-error" asks for values once a trial, and target "eye position" of task "mine" is given at 3 time steps; choose an objective over time',
  ],
  [
    check("classification", [3], { ...classTarget(3, "choice"), weights: { steps, units: 1 } }),
    'objective "classification" asks for a class once a trial, and target "choice" of task "mine" is weighted at 3 time steps; choose an objective over time',
  ],
  [
    check(overTime, [2], values({ steps: 5 })),
    'circuit "net" has 3 time steps, and target "eye position" of task "mine" is given at 5; give it 5 steps',
  ],
  [
    check(overTime, [2], values({ weights: { steps: 5, units: 1 } })),
    'circuit "net" has 3 time steps, and target "eye position" of task "mine" is weighted at 5; give it 5 steps',
  ],
  [
    check("squared-error", [3], values({ weights: { steps: 1, units: 2 } }, 3)),
    'target "eye position" of task "mine" has 2 weights a time step, expected 1 or 3, one a value',
  ],
  [
    check("classification", [3, 2], classTarget(3)),
    'circuit "net": its decision reports 2 targets over 3 time steps, task "mine" asks for 1; choose another decision than module "each"',
  ],
  [
    check("classification", [3]),
    'objective "classification" asks for a class as target 1, which task "mine" does not have; choose another objective',
  ],
] as const)("a target that does not fit is told of: %#", ([misfit, message]) => {
  expect(misfit).toThrow(new DescriptionError(message));
});

test("what an objective finds in the context of a trial must be there, in its size", () => {
  const scenes = buildNetwork(
    circuit("scenes", (c) => {
      const scene = c.input("evidence", { units: 2 });
      const gated = c.population("gated-1", { units: 2, bias: "none" });
      c.project(scene, gated, { topology: "one-to-one" });
      c.project(gated, c.population("report", { units: 3 }));
    }),
  );
  const objective = buildObjective({ kind: "attended-object", objects: 2 });
  const shown = (context: object) => {
    const shape = { streams: [{ ...streams[0], steps: 1 }], targets: [], context, factors: [] };
    return { name: "mine", classes: 3, training: { shape } } as unknown as Task;
  };
  const whole = { objects: 4, objectLabels: 2, objectWeights: 2, present: 2 };
  expect(() => checkTask(scenes, objective, shown(whole))).not.toThrow();
  expect(() => checkTask(scenes, objective, shown({}))).toThrow(
    new DescriptionError(
      'objective "attended-object" asks for 4 values "objects" of each trial, task "mine" gives none; choose another objective, or a task that gives them',
    ),
  );
  expect(() => checkTask(scenes, objective, shown({ ...whole, objects: 6 }))).toThrow(
    new DescriptionError(
      'objective "attended-object" asks for 4 values "objects" of each trial, task "mine" gives 6; give both the same number of objects',
    ),
  );
  expect(() => checkTask(scenes, objective, { ...shown(whole), classes: 4 })).toThrow(
    'readout "report" tells 3 classes apart, task "mine" has 4',
  );
});
