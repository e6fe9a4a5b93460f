import type { BoundCall, RunCall } from "../../accelerator.ts";
import {
  cut,
  eachStretch,
  gather,
  inOrder,
  isSmall,
  type Job,
  lengthOf,
  positionsOf,
  rowsAtOnce,
  type Tools,
  type WindowSizes,
} from "./tools.ts";

/** Updates of filters for the whole batch, or for each sample alone. */
interface SharedUpdate {
  readonly perSample: boolean;
}

export function sharedUpdateScratch(
  sizes: WindowSizes,
  chunkBytes: number,
  { perSample }: SharedUpdate,
): Record<string, number> {
  const { samples, groups, filters, patch } = sizes;
  if (isSmall(sizes)) return { patches: 4 * patch * positionsOf(sizes) };
  const together = perSample || groups > 1 ? 1 : samples;
  return {
    patches: 4 * patch * rowsAtOnce(sizes, chunkBytes, together * positionsOf(sizes)),
    partial: 4 * groups * filters * patch,
  };
}

/** convolution-update and convolution-sample-update: errors, transposed, times patches, summed over chunks. */
export function bindSharedUpdate(
  tools: Tools,
  sizes: WindowSizes,
  { inputs, outputs }: BoundCall,
  { perSample }: SharedUpdate,
): RunCall {
  const { simd } = tools;
  const { samples, groups, filters, patch, units, postUnits } = sizes;
  const error = inputs.error!.offset;
  const rates = inputs.rates!.offset;
  const update = outputs.update!.offset;
  const patches = tools.scratch.patches!;
  const positions = positionsOf(sizes);
  const elements = groups * filters * patch;
  const updateOf = (sample: number) => update + (perSample ? 4 * sample * elements : 0);
  const clear = () => simd.clear!(update, elements * (perSample ? samples : 1));
  if (isSmall(sizes)) {
    const rowBytes = 4 * patch;
    const rows = { offset: patches, rowBytes, sampleBytes: 0, samples: 1, first: 0, count: positions };
    return () => {
      clear();
      for (let sample = 0; sample < samples; sample++) {
        gather(tools, sizes, rates + 4 * sample * units, rows);
        for (let group = 0; group < groups; group++)
          simd.updateRows!(
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
  const partial = tools.scratch.partial!;
  const alone = perSample || groups > 1;
  const rows = rowsAtOnce(sizes, tools.chunkBytes, (alone ? 1 : samples) * positions);
  const runs = alone
    ? Array.from({ length: samples }, (_, sample) => cut(sample, sample + 1, 0, positions, rows)).flat()
    : cut(0, samples, 0, positions, rows);
  const jobs = runs.map((stretches): Job => {
    const { sample, first } = stretches[0]!;
    const count = lengthOf(stretches);
    return {
      prepare: () =>
        eachStretch(sizes, stretches, patches, (stretched, each) =>
          gather(tools, sizes, rates + 4 * stretched * units, each),
        ),
      products: Array.from({ length: groups }, (_, group) =>
        tools.products.bind(
          tools.view(error + 4 * ((sample * groups + group) * postUnits + first * filters), count, filters),
          tools.view(patches, count, patch),
          tools.view(partial + 4 * group * filters * patch, filters, patch),
          [true, false],
        ),
      ),
      finish: () => simd.accumulate!(partial, updateOf(sample), elements),
    };
  });
  const run = inOrder(jobs);
  return () => {
    clear();
    return run();
  };
}

export function ownUpdateScratch(sizes: WindowSizes): Record<string, number> {
  const { samples, filters, patch } = sizes;
  const patches = 4 * samples * patch;
  return isSmall(sizes) ? { patches } : { patches, errors: 4 * samples * filters };
}

/** local-update: position by position, errors of all samples, transposed, times their patches. */
export function bindOwnUpdate(tools: Tools, sizes: WindowSizes, { inputs, outputs }: BoundCall): RunCall {
  const { simd } = tools;
  const { samples, groups, filters, patch, postUnits } = sizes;
  const error = inputs.error!.offset;
  const rates = inputs.rates!.offset;
  const update = outputs.update!.offset;
  const patches = tools.scratch.patches!;
  const positions = positionsOf(sizes);
  const rowBytes = 4 * patch;
  const gatherAt = (position: number, offset: number) =>
    gather(tools, sizes, rates, { offset, rowBytes: 0, sampleBytes: rowBytes, samples, first: position, count: 1 });
  const errorBytes = 4 * groups * postUnits;
  if (isSmall(sizes)) {
    return () => {
      simd.clear!(update, groups * postUnits * patch);
      for (let position = 0; position < positions; position++) {
        gatherAt(position, patches);
        for (let group = 0; group < groups; group++) {
          const unit = group * postUnits + position * filters;
          simd.updateRows!(
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
  const errors = tools.scratch.errors!;
  const jobs: Job[] = [];
  for (let position = 0; position < positions; position++)
    for (let group = 0; group < groups; group++) {
      const unit = group * postUnits + position * filters;
      jobs.push({
        prepare() {
          if (group === 0) gatherAt(position, patches);
          simd.copyRows!(error + 4 * unit, errorBytes, errors, 4 * filters, 4 * filters, samples);
        },
        products: [
          tools.products.bind(
            tools.view(errors, samples, filters),
            tools.view(patches, samples, patch),
            tools.view(update + 4 * unit * patch, filters, patch),
            [true, false],
          ),
        ],
      });
    }
  return inOrder(jobs);
}
