import type { Network } from "../../circuits/network.ts";
import type { Tensor, Trace } from "../../compute/trace.ts";
import type { TargetShape } from "../../tasks/targets.ts";
import type { Given, JudgedBatch } from "./objective.ts";

const named = (name: string, target: number, step: number | undefined) =>
  `${name}${target === 0 ? "" : `/${target}`}${step === undefined ? "" : `@${step}`}`;

/** Name of the plan input that holds the class of each sample, [batch], as the target of an index; at a time step where it varies. */
export const labelsName = (target: number, step?: number): string => named("labels", target, step);

/** Name of the plan input that holds the values to be reported, [batch, units], as the target of an index. */
export const valuesName = (target: number, step?: number): string => named("values", target, step);

/** Name of the plan input that says how much of the target of an index is asked, [batch, 1] or [batch, units]. */
export const targetWeightsName = (target: number, step?: number): string => named("targetWeights", target, step);

/** Whether a batch asks for nothing that a network reports: all weights of all its targets are 0. */
export const asksNothing = ({ targets }: Pick<JudgedBatch, "targets">, { reports }: Network): boolean =>
  reports.every(({ index }) => {
    const { weights } = targets[index] ?? {};
    return weights?.every((column) => column.every((weight) => weight === 0)) ?? false;
  });

/** A target as inputs of a plan. */
export interface TargetInputs {
  /** Labels [batch] or values [batch, units] at a time step. */
  values(step: number): Tensor;
  /** How much of it is asked at a time step, [batch, 1] or [batch, units]; absent: all, with weight 1. */
  weights?(step: number): Tensor;
}

/**
 * Declares the target of a report as inputs of a plan, at each of some time steps or once.
 *
 * @param index of the report, which is that of its target
 * @param wanted classes to be told apart, or units of values
 * @param steps time steps at which it is asked for; where the task gives the target once, it is the same at all
 */
export function targetInputs(
  trace: Trace,
  { batch, targets }: Given,
  index: number,
  wanted: { readonly classes: number } | { readonly units: number },
  steps: number,
): TargetInputs {
  const shape: TargetShape | undefined = targets?.[index];
  const over = <T>(count: number, make: (step: number | undefined) => T) => {
    const all = count === 1 ? [make(undefined)] : Array.from({ length: count }, (_, step) => make(step));
    return (step: number) => all[step] ?? all[0]!;
  };
  const values = over(shape?.steps ?? steps, (step) =>
    "classes" in wanted
      ? trace.sharedInput(labelsName(index, step), [batch], { below: wanted.classes })
      : trace.sharedInput(valuesName(index, step), [batch, wanted.units], "finite"),
  );
  const given = shape?.weights;
  if (given === undefined) return { values };
  return {
    values,
    weights: over(given.steps, (step) =>
      trace.sharedInput(targetWeightsName(index, step), [batch, given.units], "finite"),
    ),
  };
}
