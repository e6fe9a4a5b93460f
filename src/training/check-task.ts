import type { Network } from "../circuits/network.ts";
import { describeMap } from "../compute/kernels/window.ts";
import { DescriptionError } from "../kinds/errors.ts";
import type { AskedTarget, Objective } from "../plasticity/objectives/objective.ts";
import { type TargetShape, unitsOfTarget } from "../tasks/targets.ts";
import type { Task } from "../tasks/task.ts";
import { type TrialShape, unitsOfStream } from "../tasks/trials.ts";

/**
 * Compares what a task shows and asks with what the circuit takes and reports, and with what the objective asks for.
 *
 * @throws DescriptionError where streams of stimuli, targets or what else the objective needs do not fit
 */
export function checkTask(network: Network, objective: Objective, task: Task): void {
  checkStreams(network, task);
  checkContext(objective.asks(network).context ?? {}, objective, task);
  checkReports(network, task);
  for (const asked of objective.asks(network).targets) checkTarget(network, objective, task, asked);
}

/** @throws DescriptionError where stimuli do not fit the inputs */
function checkStreams({ description, inputs }: Network, { name: task, training: { shape } }: Task): void {
  const owner = `circuit "${description.name}"`;
  const { streams } = shape;
  if (inputs.length !== streams.length)
    throw new DescriptionError(
      `${owner} has ${inputs.length} inputs, task "${task}" shows ${streams.length} streams of stimuli: ${streams.map(({ name }) => name).join(", ")}; give it an input for each`,
    );
  for (const [index, stream] of streams.entries()) {
    const { name, units, steps: shown } = inputs[index]!;
    const { map } = description.inputs[index]!;
    const pixels = unitsOfStream(stream);
    if (units !== pixels)
      throw new DescriptionError(
        `${owner}: input "${name}" has ${units} units, task "${task}" shows ${pixels} pixels; give it ${pixels} units`,
      );
    // Stimuli in a row have no place in space, so that any map of as many units may see them.
    const arranged = stream.height > 1 || stream.channels > 1;
    if (
      map &&
      arranged &&
      (map.height !== stream.height || map.width !== stream.width || map.channels !== stream.channels)
    )
      throw new DescriptionError(
        `${owner}: input "${name}" is a map of ${describeMap(map)}, task "${task}" shows images of ${describeMap(stream)}; give it the same height, width and channels`,
      );
    if (stream.steps > 1 && shown !== stream.steps)
      throw new DescriptionError(
        `${owner}: input "${name}" takes stimuli of ${shown} time steps, task "${task}" shows ${stream.steps}; give the circuit ${stream.steps} steps and the input timing "varying"`,
      );
  }
}

/** @throws DescriptionError where the task does not give what the objective reads besides targets */
function checkContext(
  wanted: Readonly<Record<string, number>>,
  objective: Objective,
  { name: task, training: { shape } }: Task,
): void {
  for (const [name, size] of Object.entries(wanted)) {
    const given = shape.context[name];
    if (given === size) continue;
    const asks = `objective "${objective.name}" asks for ${size} values "${name}" of each trial, task "${task}" gives`;
    throw new DescriptionError(
      given === undefined
        ? `${asks} none; choose another objective, or a task that gives them`
        : `${asks} ${given}; give both the same number of objects`,
    );
  }
}

/** @throws DescriptionError where the circuit makes another number of reports than the task has targets */
function checkReports({ description, reports, steps }: Network, { name, classes, training: { shape } }: Task): void {
  const { targets } = shape;
  // A task without targets of its own names classes in its context.
  if (targets.length === 0 && classes > 0) checkClasses(description.name, reports[0]!, classes, name);
  if (targets.length === 0 || reports.length === targets.length) return;
  throw new DescriptionError(
    `circuit "${description.name}": its decision reports ${reports.length} ${reports.length === 1 ? "target" : "targets"} over ${steps} time steps, task "${name}" asks for ${targets.length}; ${targets.length > 1 ? `let its decision have ${targets.length} targets with readouts for each, or give it ${targets.length} readouts and decision module "each"` : 'choose another decision than module "each"'}`,
  );
}

/** @throws DescriptionError where a target is not what the objective asks for and the circuit reports */
function checkTarget(
  { description, reports, steps }: Network,
  { name: objective }: Objective,
  { name: task, training: { shape } }: Task,
  { report: index, kind, time }: AskedTarget,
): void {
  const report = reports.find((each) => each.index === index)!;
  const target = shape.targets[index];
  const asks = `objective "${objective}" asks for ${kind === "class" ? "a class" : "values"}`;
  if (target === undefined)
    throw new DescriptionError(
      `${asks} as target ${index + 1}, which task "${task}" does not have; choose another objective`,
    );
  const which = `target "${target.name}" of task "${task}"`;
  if (target.kind !== kind)
    throw new DescriptionError(
      `${asks}, and ${which} is ${inWords(target)}; choose an objective of ${target.kind === "class" ? "classes" : "values"}`,
    );
  if (target.kind === "class") checkClasses(description.name, report, target.classes, task);
  else if (target.units !== report.units)
    throw new DescriptionError(
      `circuit "${description.name}": ${readoutsOf(report)} ${report.readouts.length === 1 ? "gives" : "give"} ${report.units} values, ${which} is ${inWords(target)}; give it ${target.units} scalar units`,
    );
  for (const [what, given] of [
    ["is given", target.steps],
    ["is weighted", target.weights?.steps ?? 1],
  ] as const) {
    if (given === 1) continue;
    if (time === "once")
      throw new DescriptionError(
        `${asks} once a trial, and ${which} ${what} at ${given} time steps; choose an objective over time`,
      );
    if (given !== steps)
      throw new DescriptionError(
        `circuit "${description.name}" has ${steps} time steps, and ${which} ${what} at ${given}; give it ${given} steps`,
      );
  }
  checkWeights(which, target);
}

/** @throws DescriptionError where weights are neither one a step nor one a value */
function checkWeights(which: string, target: TargetShape): void {
  const { weights } = target;
  const most = target.kind === "class" ? 1 : unitsOfTarget(target);
  if (weights === undefined || weights.units === 1 || weights.units === most) return;
  throw new DescriptionError(
    `${which} has ${weights.units} weights a time step, expected 1${most > 1 ? ` or ${most}, one a value` : ""}`,
  );
}

type Reported = Network["reports"][number];

const readoutsOf = ({ readouts: [first, ...others] }: Reported) =>
  others.length === 0 ? `readout "${first!.name}"` : "its readouts";

const inWords = (target: TrialShape["targets"][number]) =>
  target.kind === "class"
    ? `one of ${target.classes} classes`
    : `${target.units} ${target.units === 1 ? "value" : "values"}`;

/** @throws DescriptionError where readouts tell another number of classes apart */
function checkClasses(circuit: string, report: Reported, classes: number, task: string): void {
  if (report.units === classes) return;
  throw new DescriptionError(
    `circuit "${circuit}": ${readoutsOf(report)} ${report.readouts.length === 1 ? "tells" : "tell"} ${report.units} classes apart, task "${task}" has ${classes}; give it one vector unit of dimension ${classes}, or ${classes} scalar units`,
  );
}
