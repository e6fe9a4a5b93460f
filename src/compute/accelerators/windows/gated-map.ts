import type { WindowSizes } from "../../kernels/window-layout.ts";
import { type GatedMapSizes, gatedMap, windowGatedMap } from "../../lowering/gated-map.ts";
import { isSmall } from "../../lowering/small-patch.ts";
import type { BoundCall, RunCall } from "../accelerator.ts";
import { type PiecedStep, pieced, type Scratch } from "../pieced-step.ts";
import { inOrder, type Job, type Workspace } from "../workspace.ts";
import {
  driveSmall,
  samplesOfSmallDrive,
  sharedDriveJobs,
  sharedDriveScratch,
  smallDriveScratch,
  transposeWeights,
} from "./drive.ts";

/** Sizes where the step begins with a drive through windows. */
type WindowGatedMapSizes = GatedMapSizes & WindowSizes;

/** Rows of a map that are worked on together, and the rows of pools in them. */
interface Band {
  readonly row: number;
  readonly rows: number;
  readonly poolRow: number;
  readonly poolRows: number;
}

/** Bytes of drive that stay in the second cache between one pass and the next. */
const cachedBytes = 2 ** 18;
/** Bytes of drive that products write at a time: they are in the cache still when masks and pools read them. */
const productBytes = 2 ** 21;

function bandsOf(sizes: GatedMapSizes, bytes: number, samples: number): Band[] {
  const { dimension, mapWidth, mapHeight, filters, poolStride, poolHeight } = sizes;
  const rowBytes = 4 * samples * dimension * mapWidth * filters;
  const atOnce = Math.max(1, Math.min(poolHeight, Math.floor(bytes / (rowBytes * poolStride))));
  const bands: Band[] = [];
  for (let poolRow = 0; poolRow < poolHeight; poolRow += atOnce) {
    const poolRows = Math.min(atOnce, poolHeight - poolRow);
    const row = poolRow * poolStride;
    // Units that no pool sees have a mask all the same.
    const end = poolRow + poolRows === poolHeight ? mapHeight : row + poolRows * poolStride;
    bands.push({ row, rows: end - row, poolRow, poolRows });
  }
  return bands;
}

const largestBand = (bands: readonly Band[]) => Math.max(...bands.map(({ rows }) => rows));

/** Samples of the batch that a drive through small patches takes at a time, and the maps of rates that they are. */
function smallBlock(sizes: WindowGatedMapSizes) {
  const samples = samplesOfSmallDrive(sizes);
  return { samples, maps: sizes.groups === 1 ? samples * sizes.dimension : samples };
}

function windowGatedMapScratch(sizes: WindowGatedMapSizes, chunkBytes: number): Scratch {
  const { dimension, mapWidth, filters, groups } = sizes;
  if (isSmall(sizes)) {
    const { samples, maps } = smallBlock(sizes);
    const positions = largestBand(bandsOf(sizes, cachedBytes, samples)) * mapWidth;
    return {
      ...smallDriveScratch(sizes, maps, positions),
      drive: 4 * samples * dimension * positions * filters,
    };
  }
  const positions = largestBand(bandsOf(sizes, productBytes, 1)) * mapWidth;
  return {
    ...sharedDriveScratch(sizes, chunkBytes, (groups === 1 ? dimension : 1) * positions),
    drive: 4 * dimension * positions * filters,
  };
}

/** Band by band mask and rates, while the drive is in the cache. */
function bindGatedMap(workspace: Workspace, sizes: GatedMapSizes, call: BoundCall): RunCall {
  const { dimension, postUnits, batch } = sizes;
  const finish = finisher(workspace, sizes, call);
  const drive = call.inputs.drive!.offset;
  return () => {
    for (const band of bandsOf(sizes, cachedBytes, 1))
      for (let sample = 0; sample < batch; sample++) {
        const start = drive + 4 * (sample * dimension * postUnits + band.row * sizes.mapWidth * sizes.filters);
        finish(band, sample, start, 4 * postUnits);
      }
  };
}

/** Band by band the drive, then mask and rates. */
function bindWindowGatedMap(workspace: Workspace, sizes: WindowGatedMapSizes, call: BoundCall): RunCall {
  const finish = finisher(workspace, sizes, call);
  const [rates, weight] = [call.inputs.rates!.offset, call.inputs.weight!.offset];
  return isSmall(sizes)
    ? throughSmallPatches(workspace, sizes, rates, weight, finish)
    : inOrder(productJobs(workspace, sizes, rates, weight, finish));
}

type Finish = (band: Band, sample: number, drive: number, componentBytes: number) => void;

/** Mask and rates of a band of one sample, from the drive that lies at an offset. */
function finisher({ simd }: Workspace, sizes: GatedMapSizes, { inputs, outputs }: BoundCall): Finish {
  const { dimension, filters, postUnits, mapWidth, biasPeriod, gatingPeriod } = sizes;
  const { poolKernel, poolStride, poolHeight, poolWidth } = sizes;
  const bias = inputs.bias!.offset;
  const gating = inputs.gatingVectors!.offset;
  const mask = outputs.mask!.offset;
  const result = outputs.result!.offset;
  const site = 4 * filters;
  const biasStep = biasPeriod > filters ? site : 0;
  const gatingStep = gatingPeriod > filters ? site : 0;
  const pooledBytes = poolHeight * poolWidth * site;
  return ({ row, rows, poolRow, poolRows }, sample, drive, componentBytes) => {
    const first = row * mapWidth;
    const masked = mask + 4 * sample * postUnits + first * site;
    const biased = bias + first * biasStep;
    simd.maskPositions(
      drive,
      componentBytes,
      biased,
      4 * biasPeriod,
      biasStep,
      gating + first * gatingStep,
      4 * gatingPeriod,
      gatingStep,
      masked,
      dimension,
      rows * mapWidth,
      filters,
    );
    simd.poolGated(
      drive,
      componentBytes,
      biased,
      4 * biasPeriod,
      biasStep,
      masked,
      result + sample * dimension * pooledBytes + poolRow * poolWidth * site,
      pooledBytes,
      dimension,
      mapWidth,
      filters,
      poolKernel,
      poolStride,
      poolRows,
      poolWidth,
    );
  };
}

function throughSmallPatches(
  workspace: Workspace,
  sizes: WindowGatedMapSizes,
  rates: number,
  weight: number,
  finish: Finish,
): RunCall {
  const { dimension, filters, groups, batch, mapWidth } = sizes;
  const { samples, maps } = smallBlock(sizes);
  const bands = bandsOf(sizes, cachedBytes, samples);
  const offset = workspace.scratch.drive!;
  return () => {
    transposeWeights(workspace, sizes, weight);
    for (const band of bands) {
      const positions = { first: band.row * mapWidth, count: band.rows * mapWidth };
      const componentBytes = 4 * positions.count * filters;
      const sampleBytes = groups === 1 ? componentBytes : dimension * componentBytes;
      for (let from = 0; from < batch; from += samples) {
        const count = Math.min(samples, batch - from);
        const mapsOf = { from: (from * maps) / samples, count: (count * maps) / samples };
        driveSmall(workspace, sizes, rates, mapsOf, positions, { offset, sampleBytes, groupBytes: componentBytes });
        for (let index = 0; index < count; index++)
          finish(band, from + index, offset + index * dimension * componentBytes, componentBytes);
      }
    }
  };
}

function productJobs(
  workspace: Workspace,
  sizes: WindowGatedMapSizes,
  rates: number,
  weight: number,
  finish: Finish,
): Job[] {
  const { dimension, filters, groups, batch, mapWidth } = sizes;
  const drive = workspace.scratch.drive!;
  return bandsOf(sizes, productBytes, 1).flatMap((band) =>
    Array.from({ length: batch }, (_, sample) => sample).flatMap((sample): Job[] => {
      const positions = { first: band.row * mapWidth, count: band.rows * mapWidth };
      const componentBytes = 4 * positions.count * filters;
      const samples =
        groups === 1 ? { from: sample * dimension, to: (sample + 1) * dimension } : { from: sample, to: sample + 1 };
      const target = { offset: drive, sampleBytes: componentBytes, groupBytes: componentBytes };
      const jobs = sharedDriveJobs(workspace, sizes, { rates, weight }, samples, positions, target);
      const last = jobs.pop()!;
      return [...jobs, { ...last, finish: () => finish(band, sample, drive, componentBytes) }];
    }),
  );
}

/** Maps of gated units in one step. */
export const gatedMapSteps: readonly PiecedStep[] = [
  pieced(gatedMap, { bind: bindGatedMap }),
  pieced(windowGatedMap, { scratch: windowGatedMapScratch, bind: bindWindowGatedMap }),
];
