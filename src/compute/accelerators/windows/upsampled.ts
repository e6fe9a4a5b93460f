import { upsampledDrive } from "../../lowering/upsampled-drive.ts";
import type { UpsampledSizes } from "../../lowering/upsampled-sizes.ts";
import { upsampledTransport } from "../../lowering/upsampled-transport.ts";
import type { BoundCall, RunCall } from "../accelerator.ts";
import { type PiecedStep, pieced, type Scratch } from "../pieced-step.ts";
import { inOrder, type Job, type Workspace } from "../workspace.ts";

const sitesOf = ({ sourceHeight, sourceWidth }: UpsampledSizes): number => sourceHeight * sourceWidth;

/** Samples whose patches are made at a time. */
function samplesAtOnce(sizes: UpsampledSizes, chunkBytes: number): number {
  return Math.max(1, Math.min(sizes.samples, Math.floor(chunkBytes / (4 * sitesOf(sizes) * sizes.patch))));
}

/** Successive samples, and how many rows of patches they have. */
interface Chunk {
  readonly first: number;
  readonly samples: number;
  readonly rows: number;
}

function chunksOf(sizes: UpsampledSizes, chunkBytes: number): Chunk[] {
  const atOnce = samplesAtOnce(sizes, chunkBytes);
  return Array.from({ length: Math.ceil(sizes.samples / atOnce) }, (_, index) => {
    const samples = Math.min(atOnce, sizes.samples - index * atOnce);
    return { first: index * atOnce, samples, rows: samples * sitesOf(sizes) };
  });
}

const geometryOf = (sizes: UpsampledSizes) => {
  const { width, channels, kernel, stride, sourceHeight, sourceWidth, outHeight, outWidth } = sizes;
  return [width, channels, kernel, stride, sourceHeight, sourceWidth, outHeight, outWidth] as const;
};

const numbered = (views: BoundCall["inputs"], name: string, count: number) =>
  Array.from({ length: count }, (_, index) => views[`${name}${index}`]!.offset);

function upsampledTransportScratch(sizes: UpsampledSizes, chunkBytes: number): Scratch {
  const { sources, filters, patch } = sizes;
  const rows = samplesAtOnce(sizes, chunkBytes) * sitesOf(sizes);
  const joined = sources > 1 ? { rates: 4 * rows * sources * filters, weights: 4 * sources * filters * patch } : {};
  return { patches: 4 * rows * patch, ...joined };
}

/**
 * Copying a site to several and multiplying each by the filters is multiplying it once and copying the product. All sources
 * are one product, of their channels together.
 */
function bindUpsampledTransport(workspace: Workspace, sizes: UpsampledSizes, { inputs, outputs }: BoundCall): RunCall {
  const { simd, scratch, view, products } = workspace;
  const { samples, sources, filters, patch, units, channels } = sizes;
  const rates = numbered(inputs, "rates", sources);
  const weights = numbered(inputs, "weight", sources);
  const result = outputs.result!.offset;
  const inner = sources * filters;
  const [rowBytes, siteBytes, weightBytes] = [4 * inner, 4 * filters, 4 * filters * patch];
  const geometry = geometryOf(sizes);
  const jobs = chunksOf(sizes, workspace.chunkBytes).map(({ first, samples: count, rows }): Job => {
    const start = first * sitesOf(sizes) * siteBytes;
    return {
      prepare() {
        if (sources === 1) return;
        rates.forEach((offset, index) => {
          simd.copyRows(offset + start, siteBytes, scratch.rates! + index * siteBytes, rowBytes, siteBytes, rows);
        });
      },
      products: [
        products.bind(
          view(sources === 1 ? rates[0]! + start : scratch.rates!, rows, inner),
          view(sources === 1 ? weights[0]! : scratch.weights!, inner, patch),
          view(scratch.patches!, rows, patch),
          [false, false],
        ),
      ],
      finish: () => simd.spreadPatches(scratch.patches!, count, result + 4 * first * units, 4 * units, ...geometry),
    };
  });
  const run = inOrder(jobs);
  return () => {
    if (sources > 1)
      weights.forEach((offset, index) => {
        simd.copyRows(offset, 0, scratch.weights! + index * weightBytes, 0, weightBytes, 1);
      });
    if (inputs.bias)
      simd.copyRows(inputs.bias.offset, 0, result, 4 * channels, 4 * channels, (samples * units) / channels);
    else simd.clear(result, samples * units);
    return run();
  };
}

function upsampledDriveScratch(sizes: UpsampledSizes, chunkBytes: number): Scratch {
  const { filters, patch, updates } = sizes;
  return {
    patches: 4 * samplesAtOnce(sizes, chunkBytes) * sitesOf(sizes) * patch,
    partial: 4 * updates * filters * patch,
  };
}

/** Sums patches over the positions that a site was copied to, once, and multiplies them by all filters and all maps. */
function bindUpsampledDrive(workspace: Workspace, sizes: UpsampledSizes, { inputs, outputs }: BoundCall): RunCall {
  const { simd, scratch, view, products } = workspace;
  const { sources, updates, filters, patch, units } = sizes;
  const error = inputs.error!.offset;
  const weights = numbered(inputs, "weight", sources);
  const results = numbered(outputs, "result", sources);
  const maps = numbered(inputs, "map", updates);
  const updated = numbered(outputs, "update", updates);
  const geometry = geometryOf(sizes);
  const elements = filters * patch;
  const jobs = chunksOf(sizes, workspace.chunkBytes).map(({ first, samples, rows }): Job => {
    const patches = view(scratch.patches!, rows, patch);
    const start = 4 * first * sitesOf(sizes) * filters;
    const partialOf = (index: number) => scratch.partial! + 4 * index * elements;
    return {
      prepare: () => simd.collectPatches(error + 4 * first * units, 4 * units, samples, patches.offset, ...geometry),
      products: [
        ...weights.map((weight, index) =>
          products.bind(patches, view(weight, filters, patch), view(results[index]! + start, rows, filters), [
            false,
            true,
          ]),
        ),
        ...maps.map((map, index) =>
          products.bind(
            view(map + start, rows, filters),
            patches,
            view(first === 0 ? updated[index]! : partialOf(index), filters, patch),
            [true, false],
          ),
        ),
      ],
      finish() {
        if (first === 0) return;
        updated.forEach((update, index) => {
          simd.accumulate(partialOf(index), update, elements);
        });
      },
    };
  });
  return inOrder(jobs);
}

/** Windows over upsampled maps at the size of the smaller map. */
export const upsampledSteps: readonly PiecedStep[] = [
  pieced(upsampledTransport, { scratch: upsampledTransportScratch, bind: bindUpsampledTransport }),
  pieced(upsampledDrive, { scratch: upsampledDriveScratch, bind: bindUpsampledDrive }),
];
