import { positionsOf, type WindowSizes } from "../../kernels/window-layout.ts";
import { convolutionSampleUpdate, convolutionUpdate, localUpdate } from "../../kernels/window-update.ts";
import { isSmall } from "../../lowering/small-patch.ts";
import type { BoundCall, RunCall } from "../accelerator.ts";
import { type PiecedStep, pieced, type Scratch } from "../pieced-step.ts";
import { inOrder, type Job, type Workspace } from "../workspace.ts";
import { gather, rowsAtOnce } from "./patches.ts";
import { cut, eachRun, lengthOf } from "./runs.ts";

/** Updates of filters for the whole batch, or for each sample alone. */
interface SharedUpdate {
  readonly perSample: boolean;
}

function sharedUpdateScratch(sizes: WindowSizes, chunkBytes: number, { perSample }: SharedUpdate): Scratch {
  const { samples, groups, filters, patch } = sizes;
  if (isSmall(sizes)) return { patches: 4 * patch * positionsOf(sizes) };
  const together = perSample || groups > 1 ? 1 : samples;
  return {
    patches: 4 * patch * rowsAtOnce(sizes, chunkBytes, together * positionsOf(sizes)),
    partial: 4 * groups * filters * patch,
  };
}

/** Shared filters: errors, transposed, times patches, summed over chunks. */
function bindSharedUpdate(
  workspace: Workspace,
  sizes: WindowSizes,
  { inputs, outputs }: BoundCall,
  { perSample }: SharedUpdate,
): RunCall {
  const { simd } = workspace;
  const { samples, groups, filters, patch, units, postUnits } = sizes;
  const error = inputs.error!.offset;
  const rates = inputs.rates!.offset;
  const update = outputs.update!.offset;
  const patches = workspace.scratch.patches!;
  const positions = positionsOf(sizes);
  const elements = groups * filters * patch;
  const updateOf = (sample: number) => update + (perSample ? 4 * sample * elements : 0);
  const clear = () => simd.clear(update, elements * (perSample ? samples : 1));
  if (isSmall(sizes)) {
    const rowBytes = 4 * patch;
    const rows = { offset: patches, rowBytes, sampleBytes: 0, samples: 1, first: 0, count: positions };
    return () => {
      clear();
      for (let sample = 0; sample < samples; sample++) {
        gather(workspace, sizes, rates + 4 * sample * units, rows);
        for (let group = 0; group < groups; group++)
          simd.updateRows(
            error + 4 * (sample * groups + group) * postUnits,
            4 * filters,
            patches,
            rowBytes,
            updateOf(sample) + 4 * group * filters * patch,
            positions,
            patch,
            filters,
          );
      }
    };
  }
  const partial = workspace.scratch.partial!;
  const alone = perSample || groups > 1;
  const rows = rowsAtOnce(sizes, workspace.chunkBytes, (alone ? 1 : samples) * positions);
  const chunks = alone
    ? Array.from({ length: samples }, (_, sample) => cut(sample, sample + 1, 0, positions, rows)).flat()
    : cut(0, samples, 0, positions, rows);
  const jobs = chunks.map((runs): Job => {
    const { sample, first } = runs[0]!;
    const count = lengthOf(runs);
    return {
      prepare: () =>
        eachRun(sizes, runs, patches, (ofSample, each) => gather(workspace, sizes, rates + 4 * ofSample * units, each)),
      products: Array.from({ length: groups }, (_, group) =>
        workspace.products.bind(
          workspace.view(error + 4 * ((sample * groups + group) * postUnits + first * filters), count, filters),
          workspace.view(patches, count, patch),
          workspace.view(partial + 4 * group * filters * patch, filters, patch),
          [true, false],
        ),
      ),
      finish: () => simd.accumulate(partial, updateOf(sample), elements),
    };
  });
  const run = inOrder(jobs);
  return () => {
    clear();
    return run();
  };
}

function ownUpdateScratch(sizes: WindowSizes): Scratch {
  const { samples, filters, patch } = sizes;
  const patches = 4 * samples * patch;
  return isSmall(sizes) ? { patches } : { patches, errors: 4 * samples * filters };
}

/** Weights of each position's own: position by position, errors of all samples, transposed, times their patches. */
function bindOwnUpdate(workspace: Workspace, sizes: WindowSizes, { inputs, outputs }: BoundCall): RunCall {
  const { simd } = workspace;
  const { samples, groups, filters, patch, postUnits } = sizes;
  const error = inputs.error!.offset;
  const rates = inputs.rates!.offset;
  const update = outputs.update!.offset;
  const patches = workspace.scratch.patches!;
  const positions = positionsOf(sizes);
  const rowBytes = 4 * patch;
  const gatherAt = (position: number, offset: number) =>
    gather(workspace, sizes, rates, { offset, rowBytes: 0, sampleBytes: rowBytes, samples, first: position, count: 1 });
  const errorBytes = 4 * groups * postUnits;
  if (isSmall(sizes)) {
    return () => {
      simd.clear(update, groups * postUnits * patch);
      for (let position = 0; position < positions; position++) {
        gatherAt(position, patches);
        for (let group = 0; group < groups; group++) {
          const unit = group * postUnits + position * filters;
          simd.updateRows(
            error + 4 * unit,
            errorBytes,
            patches,
            rowBytes,
            update + 4 * unit * patch,
            samples,
            patch,
            filters,
          );
        }
      }
    };
  }
  const errors = workspace.scratch.errors!;
  const jobs: Job[] = [];
  for (let position = 0; position < positions; position++)
    for (let group = 0; group < groups; group++) {
      const unit = group * postUnits + position * filters;
      jobs.push({
        prepare() {
          if (group === 0) gatherAt(position, patches);
          simd.copyRows(error + 4 * unit, errorBytes, errors, 4 * filters, 4 * filters, samples);
        },
        products: [
          workspace.products.bind(
            workspace.view(errors, samples, filters),
            workspace.view(patches, samples, patch),
            workspace.view(update + 4 * unit * patch, filters, patch),
            [true, false],
          ),
        ],
      });
    }
  return inOrder(jobs);
}

const sharedUpdate = (kernel: typeof convolutionUpdate, how: SharedUpdate): PiecedStep =>
  pieced(kernel, {
    scratch: (sizes, chunkBytes) => sharedUpdateScratch(sizes, chunkBytes, how),
    bind: (workspace, sizes, call) => bindSharedUpdate(workspace, sizes, call, how),
  });

/** Errors times rates, summed over positions, samples or neither. */
export const windowUpdates: readonly PiecedStep[] = [
  sharedUpdate(convolutionUpdate, { perSample: false }),
  sharedUpdate(convolutionSampleUpdate, { perSample: true }),
  pieced(localUpdate, { scratch: ownUpdateScratch, bind: bindOwnUpdate }),
];
