import type { Network } from "../../circuits/network.ts";
import { sizeOf } from "../../compute/shape.ts";
import type { Library } from "../../kinds/library.ts";
import type { ArrayLayout, FactorLayout } from "./recording-layout.ts";
import { type RecordingOptions, recordingStream, type ShownTrials } from "./recording-stream.ts";

/** A recording in memory. */
export interface Recording {
  readonly trials: number;
  /** By name: "v1/rates", "v1->v2/weight". */
  readonly arrays: Readonly<Record<string, ArrayLayout & { readonly data: Float32Array }>>;
  /** What is told of the trials: "trial" (its place in the set), "label" or "target", and the task's own factors. */
  readonly factors: Readonly<Record<string, FactorLayout & { readonly data: Float32Array }>>;
}

/**
 * Shows trials to a circuit, which does not learn meanwhile, and records it.
 *
 * Arrays are [trial, step, unit], of vector units [trial, step, component, unit]; where trials are shown several times in a
 * row, an axis of presentations comes after the trials. Before any drive has reached a population its rates and drive are 0,
 * and an error is 0 where nothing leads to the loss. What is recorded of a trial does not depend on the others.
 *
 * @param options probes, and the trials of a task or stimuli as arrays; all else has defaults
 * @param library which devices there are
 * @throws DescriptionError for a probe or manipulation that does not fit the network, UsageError for trials that there are
 *   not or errors without an objective, DataError for stimuli that do not fit; DeviceError as `openDevice` does
 */
export async function observe(
  network: Network,
  options: RecordingOptions & ShownTrials,
  library: Library,
): Promise<Recording> {
  const stream = recordingStream(network, options, library);
  const data = new Map(
    stream.arrays.map(({ name, shape }) => [name, stream.parameters[name]?.slice() ?? new Float32Array(sizeOf(shape))]),
  );
  const factors = new Map(stream.factors.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
  let done = 0;
  for await (const part of stream.parts()) {
    for (const [name, rows] of Object.entries(part.arrays))
      data.get(name)!.set(rows, (rows.length / part.count) * done);
    for (const [name, column] of Object.entries(part.factors))
      factors.get(name)!.set(column, (column.length / part.count) * done);
    done += part.count;
  }
  return {
    trials: stream.trials,
    arrays: Object.fromEntries(stream.arrays.map((array) => [array.name, { ...array, data: data.get(array.name)! }])),
    factors: Object.fromEntries(
      stream.factors.map((factor) => [factor.name, { ...factor, data: factors.get(factor.name)! }]),
    ),
  };
}
