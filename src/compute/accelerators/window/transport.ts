import type { BoundCall, RunCall } from "../accelerator.ts";
import {
  cut,
  eachStretch,
  inOrder,
  type Job,
  lengthOf,
  positionsOf,
  rowsAtOnce,
  scatter,
  type Tools,
  type WindowSizes,
} from "./tools.ts";

export function transportScratch(sizes: WindowSizes, chunkBytes: number): Record<string, number> {
  const { samples, filters, patch, groups, weightStep } = sizes;
  if (weightStep > 0) {
    return { errors: 4 * samples * filters, patches: 4 * samples * patch };
  }
  return { patches: 4 * patch * rowsAtOnce(sizes, chunkBytes, (groups > 1 ? 1 : samples) * positionsOf(sizes)) };
}

/** convolution-transport and local-transport: errors times weights give patches, which are added to their units. */
export function bindTransport(tools: Tools, sizes: WindowSizes, { inputs, outputs }: BoundCall): RunCall {
  const error = inputs.error!.offset;
  const weight = inputs.weight!.offset;
  const result = outputs.result!.offset;
  const jobs =
    sizes.weightStep > 0
      ? ownJobs(tools, sizes, error, weight, result)
      : sharedJobs(tools, sizes, error, weight, result);
  const run = inOrder(jobs);
  return () => {
    tools.simd.clear!(result, sizes.samples * sizes.units);
    return run();
  };
}

function sharedJobs(tools: Tools, sizes: WindowSizes, error: number, weight: number, result: number): Job[] {
  const { samples, groups, filters, patch, units, postUnits } = sizes;
  const patches = tools.scratch.patches!;
  const positions = positionsOf(sizes);
  const rows = rowsAtOnce(sizes, tools.chunkBytes, (groups > 1 ? 1 : samples) * positions);
  // With one group, errors of successive samples follow one another; else each sample and group has a product.
  const runs =
    groups > 1
      ? Array.from({ length: samples }, (_, sample) => cut(sample, sample + 1, 0, positions, rows)).flat()
      : cut(0, samples, 0, positions, rows);
  return runs
    .flatMap((stretches) => Array.from({ length: groups }, (_, group) => ({ stretches, group })))
    .map(({ stretches, group }): Job => {
      const { sample, first } = stretches[0]!;
      const count = lengthOf(stretches);
      return {
        prepare() {},
        products: [
          tools.products.bind(
            tools.view(error + 4 * ((sample * groups + group) * postUnits + first * filters), count, filters),
            tools.view(weight + 4 * group * filters * patch, filters, patch),
            tools.view(patches, count, patch),
            [false, false],
          ),
        ],
        finish: () =>
          eachStretch(sizes, stretches, patches, (stretched, each) =>
            scatter(tools, sizes, result + 4 * stretched * units, each),
          ),
      };
    });
}

function ownJobs(tools: Tools, sizes: WindowSizes, error: number, weight: number, result: number): Job[] {
  const { samples, groups, filters, patch, postUnits } = sizes;
  const errors = tools.scratch.errors!;
  const patches = tools.scratch.patches!;
  const jobs: Job[] = [];
  for (let position = 0; position < positionsOf(sizes); position++)
    for (let group = 0; group < groups; group++) {
      const unit = group * postUnits + position * filters;
      jobs.push({
        prepare: () =>
          tools.simd.copyRows!(error + 4 * unit, 4 * groups * postUnits, errors, 4 * filters, 4 * filters, samples),
        products: [
          tools.products.bind(
            tools.view(errors, samples, filters),
            tools.view(weight + 4 * unit * patch, filters, patch),
            tools.view(patches, samples, patch),
            [false, false],
          ),
        ],
        finish: () =>
          scatter(tools, sizes, result, {
            offset: patches,
            rowBytes: 0,
            sampleBytes: 4 * patch,
            samples,
            first: position,
            count: 1,
          }),
      });
    }
  return jobs;
}
