import type { AcceleratorKind, BoundCall, RunCall } from "../accelerator.ts";
import { alignedBytes } from "../buffers.ts";
import { contractionTransposes, multiplyTransposed } from "../kernels/contraction.ts";
import { convolutionDrive, convolutionTransport, localDrive, localTransport } from "../kernels/convolution.ts";
import { convolutionSampleUpdate, convolutionUpdate, localUpdate } from "../kernels/window-update.ts";
import type { ExecutablePlan } from "../plan.ts";
import type { Step } from "../trace.ts";
import { bindLeftTransposed, leftTransposedScratch, type ProductSizes } from "./left-transposed.ts";
import type { ProductProvider, Products } from "./products.ts";
import { openSimd } from "./simd/open-simd.ts";
import { canJoin, fuseStretches, isStretch, stretch } from "./stretch/fusion.ts";
import { fuseUpdates, updateSteps } from "./update/fusion.ts";
import { bindUpdateStep, type UpdateSizes, updateStepScratch } from "./update/update-step.ts";
import { fuseUpsampled } from "./upsampled/fusion.ts";
import {
  bindUpsampledDrive,
  bindUpsampledTransport,
  type UpsampledSizes,
  upsampledDriveScratch,
  upsampledSteps,
  upsampledTransportScratch,
} from "./upsampled/upsampled-steps.ts";
import { bindDrive, driveScratch } from "./window/drive.ts";
import { fuseGatedMaps } from "./window/fusion.ts";
import { bindGatedMap, type GatedSizes, gatedMapScratch, gatedMaps } from "./window/gated-map.ts";
import type { Tools, WindowSizes } from "./window/tools.ts";
import { bindTransport, transportScratch } from "./window/transport.ts";
import { bindOwnUpdate, bindSharedUpdate, ownUpdateScratch, sharedUpdateScratch } from "./window/update.ts";

/** How a contraction is put together from products: the scratch it asks for, by name in bytes, and its run. */
interface PiecedContraction {
  scratch(sizes: WindowSizes, chunkBytes: number): Readonly<Record<string, number>>;
  bind(tools: Tools, sizes: WindowSizes, call: BoundCall): RunCall;
}

const drive: PiecedContraction = { scratch: driveScratch, bind: bindDrive };
const transport: PiecedContraction = { scratch: transportScratch, bind: bindTransport };
const sharedUpdate = (perSample: boolean): PiecedContraction => ({
  scratch: (sizes, chunkBytes) => sharedUpdateScratch(sizes, chunkBytes, { perSample }),
  bind: (tools, sizes, call) => bindSharedUpdate(tools, sizes, call, { perSample }),
});

const leftTransposed: PiecedContraction = {
  scratch: (sizes) => leftTransposedScratch(sizes as unknown as ProductSizes),
  bind: (tools, sizes, call) => bindLeftTransposed(tools, sizes as unknown as ProductSizes, call),
};

const piecedContractions: Readonly<Record<string, PiecedContraction>> = {
  [convolutionDrive.declaration.name]: drive,
  [localDrive.declaration.name]: drive,
  [convolutionTransport.declaration.name]: transport,
  [localTransport.declaration.name]: transport,
  [convolutionUpdate.declaration.name]: sharedUpdate(false),
  [convolutionSampleUpdate.declaration.name]: sharedUpdate(true),
  [multiplyTransposed.declaration.name]: leftTransposed,
  [localUpdate.declaration.name]: { scratch: ownUpdateScratch, bind: bindOwnUpdate },
};

/** Steps that `fuseGatedMaps`, `fuseUpdates`, `fuseUpsampled` and `fuseStretches` make. */
const gatedMap: PiecedContraction = {
  scratch: (sizes, chunkBytes) => gatedMapScratch(sizes as GatedSizes, chunkBytes),
  bind: (tools, sizes, call) => bindGatedMap(tools, sizes as GatedSizes, call),
};
const updateStep: PiecedContraction = {
  scratch: (sizes, chunkBytes) => updateStepScratch(sizes as unknown as UpdateSizes, chunkBytes),
  bind: (tools, sizes, call) => bindUpdateStep(tools, sizes as unknown as UpdateSizes, call),
};
const upsampledTransport: PiecedContraction = {
  scratch: (sizes, chunkBytes) => upsampledTransportScratch(sizes as UpsampledSizes, chunkBytes),
  bind: (tools, sizes, call) => bindUpsampledTransport(tools, sizes as UpsampledSizes, call),
};
const upsampledDrive: PiecedContraction = {
  scratch: (sizes, chunkBytes) => upsampledDriveScratch(sizes as UpsampledSizes, chunkBytes),
  bind: (tools, sizes, call) => bindUpsampledDrive(tools, sizes as UpsampledSizes, call),
};
const stretchOfSteps: PiecedContraction = {
  scratch: () => ({}),
  bind: ({ products }, _sizes, call) => {
    if (!isStretch(call) || !products.bindStretch) throw new Error("a stretch came to a provider that takes none");
    return products.bindStretch(call.kernel, call);
  },
};
const fusedSteps: Readonly<Record<string, PiecedContraction>> = {
  ...Object.fromEntries(Object.keys(updateSteps).map((name) => [name, updateStep])),
  [stretch]: stretchOfSteps,
  [gatedMaps.fromDrive]: gatedMap,
  [gatedMaps.fromRates]: gatedMap,
  [upsampledSteps.transport]: upsampledTransport,
  [upsampledSteps.drive]: upsampledDrive,
};

interface ContractionSettings {
  /**
   * Whether maps of gated units, updates with their optimiser, windows over upsampled maps and stretches of small steps are
   * computed in one step; default false.
   */
  readonly fused?: boolean;
  /** Bytes of patches that are gathered at a time, and two thirds of those of a gradient; default 4 MiB. */
  readonly chunkBytes?: number;
}

/**
 * Patches that are gathered at a time: they are in a cache when they are multiplied, and the product is large beside the time
 * that threads take to wake up (measured on a training batch of the attention circuit: 330 ms with 1 MiB, 322 with 2, 307
 * with 4 and with 8).
 */
const usualChunk = 2 ** 22;

function fuse(plan: ExecutablePlan, { takes = () => false }: ProductProvider): ExecutablePlan {
  const joins = (step: Step) => canJoin(step) && takes(step);
  // Updates last: those of small projections belong to the stretch that they are made in, where there is one.
  return fuseUpdates(fuseStretches(fuseUpsampled(fuseGatedMaps(plan)), joins));
}

/**
 * All contractions on a provider's matrix products: the products themselves, and window contractions as products of
 * patches, which the SIMD module gathers chunk by chunk.
 */
export function contractions(
  provider: ProductProvider,
  { fused = false, chunkBytes = usualChunk }: ContractionSettings = {},
): AcceleratorKind {
  const pieced: Readonly<Record<string, PiecedContraction>> = { ...piecedContractions, ...(fused ? fusedSteps : {}) };
  const piecesOf = (kernel: string, constants: Readonly<Record<string, number>>) =>
    Object.entries(pieced[kernel]?.scratch(constants as unknown as WindowSizes, chunkBytes) ?? {}).map(
      ([name, bytes]) => ({ name, bytes: alignedBytes(bytes / 4) }),
    );
  return {
    name: provider.name,
    probe: provider.probe,
    ...(fused ? { fuse: (plan: ExecutablePlan) => fuse(plan, provider) } : {}),
    scratchBytes: ({ kernel, constants }) =>
      piecesOf(kernel.name, constants).reduce((sum, { bytes }) => sum + bytes, 0),
    async open(memory, scratchOffset) {
      const products = await provider.open();
      const simd = await openSimd(memory);
      const tools = { simd, products, chunkBytes, view: viewer(memory) };
      return {
        name: provider.name,
        kernels: new Set([...Object.keys(contractionTransposes), ...Object.keys(pieced)]),
        bind(call) {
          const contraction = pieced[call.kernel.name];
          if (!contraction) return bindProduct(products, call);
          let end = scratchOffset;
          const scratch: Record<string, number> = {};
          for (const { name, bytes } of piecesOf(call.kernel.name, call.constants)) {
            scratch[name] = end;
            end += bytes;
          }
          return contraction.bind({ ...tools, scratch }, call.constants as unknown as WindowSizes, call);
        },
        dispose: () => products.dispose(),
      };
    },
  };
}

function bindProduct(products: Products, { kernel, inputs, outputs }: BoundCall): RunCall {
  return products.bind(inputs.left!, inputs.right!, outputs.product!, contractionTransposes[kernel.name]!);
}

const viewer =
  ({ buffer }: WebAssembly.Memory): Tools["view"] =>
  (offset, rows, columns) => ({
    offset,
    shape: [rows, columns],
    values: new Float32Array(buffer, offset, rows * columns),
  });
