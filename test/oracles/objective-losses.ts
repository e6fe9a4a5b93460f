import type { CircuitDescription } from "../../src/circuits/description.ts";
import type { Part } from "../../src/kinds/kind.ts";
import type { TargetShape } from "../../src/tasks/targets.ts";
import { type Components, lossOf } from "./circuit-loss.ts";

/** What a circuit did with one sample: rates of populations by "name@step"; what no drive reached is left out. */
type Rates = ReadonlyMap<string, Components>;

/** A question to a sample: how much is asked, and the mean loss of what is. */
interface Answer {
  readonly asked: number;
  readonly loss: number;
}

/** Mean of losses, weighted by how much is asked. */
function pooled(answers: readonly Answer[]): Answer {
  const asked = answers.reduce((sum, each) => sum + each.asked, 0) / answers.length;
  const loss = answers.reduce((sum, each) => sum + each.asked * each.loss, 0) / answers.length;
  return { asked, loss: asked > 0 ? loss / asked : 0 };
}

/** What one sample's targets are, by index, step and unit. */
export interface Asked {
  readonly shapes: readonly TargetShape[];
  /** Label or value; steps count from 0. */
  value(target: number, step: number, unit: number): number;
  weight(target: number, step: number, unit: number): number;
}

/** What a report says at a time step: 0 where no drive has reached its readout. */
export const saidAt = (rates: Rates, readout: string, step: number, units: number): number[] =>
  rates.get(`${readout}@${step}`)?.flat() ?? new Array(units).fill(0);

/**
 * The loss of a sample in plain float64 loops, from an objective's description and the equations in docs/objectives.md.
 * Each readout reports a target of its own, at the last time step where it is asked once.
 */
export function objectiveLoss(
  objective: Part,
  { steps, readouts, populations }: CircuitDescription,
  rates: Rates,
  asked: Asked,
  reports: readonly number[] = readouts.map((_, index) => index),
): Answer {
  const all = Array.from({ length: steps }, (_, step) => step);
  const unitsOf = (report: number) => populations.find(({ name }) => name === readouts[report])!.units!;
  const said = (report: number, step: number) => saidAt(rates, readouts[report]!, step, unitsOf(report));
  const { kind } = objective;
  if (kind === "classification" || kind === "classification-over-time") {
    const times = kind === "classification" ? [steps - 1] : all;
    const place = (step: number) => (kind === "classification" ? 0 : step);
    return pooled(
      reports.flatMap((report) =>
        times.map((step) => ({
          asked: asked.weight(report, place(step), 0),
          loss: lossOf(said(report, step), asked.value(report, place(step), 0)),
        })),
      ),
    );
  }
  if (kind === "squared-error") {
    const times = objective.time === "steps" ? all : [steps - 1];
    const place = (step: number) => (objective.time === "steps" ? step : 0);
    return pooled(
      reports.flatMap((report) =>
        times.map((step) =>
          pooled(
            said(report, step).map((value, unit) => ({
              asked: asked.weight(report, place(step), unit),
              loss: (value - asked.value(report, place(step), unit)) ** 2,
            })),
          ),
        ),
      ),
    );
  }
  if (kind === "several") {
    const parts = Object.values(objective.of as Record<string, { objective: Part; report?: number; weight?: number }>);
    const answers = parts.map((part, index) => ({
      weight: part.weight ?? 1,
      ...objectiveLoss(part.objective, { steps, readouts, populations } as CircuitDescription, rates, asked, [
        part.report ?? index,
      ]),
    }));
    const weights = answers.reduce((sum, { weight }) => sum + weight, 0);
    const total = answers.reduce((sum, each) => sum + each.weight * each.asked, 0) / weights;
    const loss = answers.reduce((sum, each) => sum + each.weight * each.asked * each.loss, 0);
    return { asked: total, loss: total > 0 ? loss / total : 0 };
  }
  if (kind === "penalised") {
    const inner = objectiveLoss(
      objective.objective as Part,
      { steps, readouts, populations } as CircuitDescription,
      rates,
      asked,
      reports,
    );
    const { l1 = 0, l2 = 0 } = objective.rates as { l1?: number; l2?: number };
    const hidden = populations.filter(({ name }) => !readouts.includes(name));
    const count = hidden.reduce((sum, { units, dimension }) => sum + steps * units! * dimension, 0);
    const cost = hidden
      .flatMap(({ name }) => all.flatMap((step) => rates.get(`${name}@${step}`)?.flat() ?? []))
      .reduce((sum, rate) => sum + l1 * Math.abs(rate) + l2 * rate ** 2, 0);
    return { asked: inner.asked, loss: inner.asked > 0 ? inner.loss + cost / count : 0 };
  }
  throw new Error(`the oracle has no objective "${kind}"`);
}
