import { convolutionDrive, localDrive } from "../../kernels/convolution.ts";
import { positionsOf, type WindowSizes } from "../../kernels/window-layout.ts";
import { isSmall } from "../../lowering/small-patch.ts";
import type { BoundCall, RunCall } from "../accelerator.ts";
import { type PiecedStep, pieced, type Scratch } from "../pieced-step.ts";
import { inOrder, type Job, type Workspace } from "../workspace.ts";
import { gather, rowsAtOnce } from "./patches.ts";
import { cut, eachRun, lengthOf } from "./runs.ts";

/** Where a map of drives is written, by byte strides; filters of a position are always next to each other. */
interface DriveTarget {
  readonly offset: number;
  readonly sampleBytes: number;
  readonly groupBytes: number;
}

/** Samples whose patches are multiplied by one load of a position's own weights. */
const samplesPerLoad = 4;

/** Scratch of a drive through small patches: transposed weights, and patches of some samples and positions. */
export function smallDriveScratch(sizes: WindowSizes, samples: number, positions: number): Scratch {
  const { groups, filters, patch, weightStep } = sizes;
  return {
    weights: 4 * groups * (weightStep > 0 ? positionsOf(sizes) : 1) * filters * patch,
    patches: 4 * samples * positions * patch,
  };
}

/** Samples that one call of a small drive takes. */
export const samplesOfSmallDrive = ({ weightStep }: WindowSizes): number => (weightStep > 0 ? samplesPerLoad : 1);

/** Transposes the weights, once a call, so that filters are next to each other. */
export function transposeWeights({ simd, scratch }: Workspace, sizes: WindowSizes, weight: number): void {
  const { groups, filters, patch, weightStep } = sizes;
  const blocks = groups * (weightStep > 0 ? positionsOf(sizes) : 1);
  simd.transposeBlocks(weight, scratch.weights!, blocks, filters, patch);
}

/**
 * Drives of some positions of a few samples through small patches, straight from transposed weights. Filters that all
 * positions share take several samples only with one group, and then leave no gap between them.
 */
export function driveSmall(
  workspace: Workspace,
  sizes: WindowSizes,
  rates: number,
  samples: { from: number; count: number },
  positions: { first: number; count: number },
  target: DriveTarget,
): void {
  const { simd, scratch } = workspace;
  const { groups, filters, patch, units } = sizes;
  const rowBytes = 4 * patch;
  const sampleBytes = positions.count * rowBytes;
  const blockBytes = filters * rowBytes;
  const patches = scratch.patches!;
  gather(workspace, sizes, rates + 4 * samples.from * units, {
    offset: patches,
    rowBytes,
    sampleBytes,
    samples: samples.count,
    ...positions,
  });
  if (sizes.weightStep === 0)
    simd.driveRows(
      patches,
      scratch.weights!,
      target.offset,
      groups,
      0,
      blockBytes,
      target.groupBytes,
      samples.count * positions.count,
      rowBytes,
      4 * filters,
      patch,
      filters,
    );
  else
    for (let group = 0; group < groups; group++)
      simd.driveRows(
        patches,
        scratch.weights! + (group * positionsOf(sizes) + positions.first) * blockBytes,
        target.offset + group * target.groupBytes,
        positions.count,
        rowBytes,
        blockBytes,
        4 * filters,
        samples.count,
        sampleBytes,
        target.sampleBytes,
        patch,
        filters,
      );
}

/** Scratch of a drive through shared filters by products. */
export function sharedDriveScratch(sizes: WindowSizes, chunkBytes: number, most: number): Scratch {
  return { patches: 4 * sizes.patch * rowsAtOnce(sizes, chunkBytes, most) };
}

/**
 * Products for the drive of some positions of successive samples through shared filters. With one group, samples follow
 * one another in the target without a gap; else each sample and group is a product of its own.
 */
export function sharedDriveJobs(
  workspace: Workspace,
  sizes: WindowSizes,
  { rates, weight }: { rates: number; weight: number },
  samples: { from: number; to: number },
  positions: { first: number; count: number },
  target: DriveTarget,
): Job[] {
  const { patch, filters, groups, units } = sizes;
  const patches = workspace.scratch.patches!;
  const rows = rowsAtOnce(
    sizes,
    workspace.chunkBytes,
    groups > 1 ? positions.count : (samples.to - samples.from) * positions.count,
  );
  const perSample =
    groups > 1 ? Array.from({ length: samples.to - samples.from }, (_, index) => index + samples.from) : [undefined];
  return perSample.flatMap((sample) => {
    const [from, to] = sample === undefined ? [samples.from, samples.to] : [sample, sample + 1];
    let done = 0;
    return cut(from, to, positions.first, positions.count, rows).map((runs): Job => {
      const count = lengthOf(runs);
      const start =
        target.offset + (sample === undefined ? 0 : (sample - samples.from) * target.sampleBytes) + 4 * done * filters;
      done += count;
      return {
        prepare() {
          eachRun(sizes, runs, patches, (ofSample, each) =>
            gather(workspace, sizes, rates + 4 * ofSample * units, each),
          );
        },
        products: Array.from({ length: groups }, (_, group) =>
          workspace.products.bind(
            workspace.view(patches, count, patch),
            workspace.view(weight + 4 * group * filters * patch, filters, patch),
            workspace.view(start + group * target.groupBytes, count, filters),
            [false, true],
          ),
        ),
      };
    });
  });
}

/** Samples whose patches are multiplied by a position's own weights at a time: so few that the weights stay cached as well. */
const samplesAtOnce = (sizes: WindowSizes, chunkBytes: number) => rowsAtOnce(sizes, chunkBytes / 16, sizes.samples);

/** Scratch of a drive through positions' own weights by products. */
function ownDriveScratch(sizes: WindowSizes, chunkBytes: number): Scratch {
  const samples = samplesAtOnce(sizes, chunkBytes);
  return { patches: 4 * samples * sizes.patch, product: 4 * samples * sizes.filters };
}

/** Some samples at a time, position by position and group by group: patches times the position's weights. */
function ownDriveJobs(workspace: Workspace, sizes: WindowSizes, rates: number, weight: number, drive: number): Job[] {
  const { patch, filters, groups, units, postUnits } = sizes;
  const atOnce = samplesAtOnce(sizes, workspace.chunkBytes);
  const patches = workspace.scratch.patches!;
  const product = workspace.scratch.product!;
  const jobs: Job[] = [];
  for (let from = 0; from < sizes.samples; from += atOnce) {
    const samples = Math.min(atOnce, sizes.samples - from);
    for (let position = 0; position < positionsOf(sizes); position++) {
      for (let group = 0; group < groups; group++) {
        const unit = group * postUnits + position * filters;
        jobs.push({
          prepare() {
            if (group > 0) return;
            gather(workspace, sizes, rates + 4 * from * units, {
              offset: patches,
              rowBytes: 0,
              sampleBytes: 4 * patch,
              samples,
              first: position,
              count: 1,
            });
          },
          products: [
            workspace.products.bind(
              workspace.view(patches, samples, patch),
              workspace.view(weight + 4 * unit * patch, filters, patch),
              workspace.view(product, samples, filters),
              [false, true],
            ),
          ],
          finish() {
            const target = drive + 4 * (from * groups * postUnits + unit);
            workspace.simd.copyRows(product, 4 * filters, target, 4 * groups * postUnits, 4 * filters, samples);
          },
        });
      }
    }
  }
  return jobs;
}

function driveScratch(sizes: WindowSizes, chunkBytes: number): Scratch {
  if (isSmall(sizes)) return smallDriveScratch(sizes, samplesOfSmallDrive(sizes), positionsOf(sizes));
  if (sizes.weightStep > 0) return ownDriveScratch(sizes, chunkBytes);
  return sharedDriveScratch(sizes, chunkBytes, (sizes.groups > 1 ? 1 : sizes.samples) * positionsOf(sizes));
}

function bindDrive(workspace: Workspace, sizes: WindowSizes, { inputs, outputs }: BoundCall): RunCall {
  const rates = inputs.rates!.offset;
  const weight = inputs.weight!.offset;
  const drive = outputs.drive!.offset;
  const { samples, groups, postUnits } = sizes;
  const target = { offset: drive, sampleBytes: 4 * groups * postUnits, groupBytes: 4 * postUnits };
  const all = { first: 0, count: positionsOf(sizes) };
  if (isSmall(sizes)) {
    const step = samplesOfSmallDrive(sizes);
    return () => {
      transposeWeights(workspace, sizes, weight);
      for (let from = 0; from < samples; from += step)
        driveSmall(workspace, sizes, rates, { from, count: Math.min(step, samples - from) }, all, {
          ...target,
          offset: drive + from * target.sampleBytes,
        });
    };
  }
  if (sizes.weightStep > 0) return inOrder(ownDriveJobs(workspace, sizes, rates, weight, drive));
  return inOrder(sharedDriveJobs(workspace, sizes, { rates, weight }, { from: 0, to: samples }, all, target));
}

/** Rates through windows. */
export const drives: readonly PiecedStep[] = [convolutionDrive, localDrive].map((kernel) =>
  pieced(kernel, { scratch: driveScratch, bind: bindDrive }),
);
