import { convolutionTransport, localTransport } from "../../kernels/convolution.ts";
import { positionsOf, type WindowSizes } from "../../kernels/window-layout.ts";
import type { BoundCall, RunCall } from "../accelerator.ts";
import { type PiecedStep, pieced, type Scratch } from "../pieced-step.ts";
import { inOrder, type Job, type Workspace } from "../workspace.ts";
import { rowsAtOnce, scatter } from "./patches.ts";
import { cut, eachRun, lengthOf } from "./runs.ts";

function transportScratch(sizes: WindowSizes, chunkBytes: number): Scratch {
  const { samples, filters, patch, groups, weightStep } = sizes;
  if (weightStep > 0) {
    return { errors: 4 * samples * filters, patches: 4 * samples * patch };
  }
  return { patches: 4 * patch * rowsAtOnce(sizes, chunkBytes, (groups > 1 ? 1 : samples) * positionsOf(sizes)) };
}

/** Errors times weights give patches, which are added to their units. */
function bindTransport(workspace: Workspace, sizes: WindowSizes, { inputs, outputs }: BoundCall): RunCall {
  const error = inputs.error!.offset;
  const weight = inputs.weight!.offset;
  const result = outputs.result!.offset;
  const jobs =
    sizes.weightStep > 0
      ? ownJobs(workspace, sizes, error, weight, result)
      : sharedJobs(workspace, sizes, error, weight, result);
  const run = inOrder(jobs);
  return () => {
    workspace.simd.clear(result, sizes.samples * sizes.units);
    return run();
  };
}

function sharedJobs(workspace: Workspace, sizes: WindowSizes, error: number, weight: number, result: number): Job[] {
  const { samples, groups, filters, patch, units, postUnits } = sizes;
  const patches = workspace.scratch.patches!;
  const positions = positionsOf(sizes);
  const rows = rowsAtOnce(sizes, workspace.chunkBytes, (groups > 1 ? 1 : samples) * positions);
  // With one group, errors of successive samples follow one another; else each sample and group has a product.
  const chunks =
    groups > 1
      ? Array.from({ length: samples }, (_, sample) => cut(sample, sample + 1, 0, positions, rows)).flat()
      : cut(0, samples, 0, positions, rows);
  return chunks
    .flatMap((runs) => Array.from({ length: groups }, (_, group) => ({ runs, group })))
    .map(({ runs, group }): Job => {
      const { sample, first } = runs[0]!;
      const count = lengthOf(runs);
      return {
        prepare() {},
        products: [
          workspace.products.bind(
            workspace.view(error + 4 * ((sample * groups + group) * postUnits + first * filters), count, filters),
            workspace.view(weight + 4 * group * filters * patch, filters, patch),
            workspace.view(patches, count, patch),
            [false, false],
          ),
        ],
        finish: () =>
          eachRun(sizes, runs, patches, (ofSample, each) =>
            scatter(workspace, sizes, result + 4 * ofSample * units, each),
          ),
      };
    });
}

function ownJobs(workspace: Workspace, sizes: WindowSizes, error: number, weight: number, result: number): Job[] {
  const { samples, groups, filters, patch, postUnits } = sizes;
  const errors = workspace.scratch.errors!;
  const patches = workspace.scratch.patches!;
  const jobs: Job[] = [];
  for (let position = 0; position < positionsOf(sizes); position++)
    for (let group = 0; group < groups; group++) {
      const unit = group * postUnits + position * filters;
      jobs.push({
        prepare: () =>
          workspace.simd.copyRows(error + 4 * unit, 4 * groups * postUnits, errors, 4 * filters, 4 * filters, samples),
        products: [
          workspace.products.bind(
            workspace.view(errors, samples, filters),
            workspace.view(weight + 4 * unit * patch, filters, patch),
            workspace.view(patches, samples, patch),
            [false, false],
          ),
        ],
        finish: () =>
          scatter(workspace, sizes, result, {
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

/** Errors back through windows. */
export const transports: readonly PiecedStep[] = [convolutionTransport, localTransport].map((kernel) =>
  pieced(kernel, { scratch: transportScratch, bind: bindTransport }),
);
