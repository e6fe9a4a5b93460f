import type { AcceleratorKind, BoundCall, RunCall } from "../accelerator.ts";
import { alignedBytes } from "../buffers.ts";
import { contractionTransposes } from "../kernels/contraction.ts";
import { convolutionDrive, convolutionTransport, localDrive, localTransport } from "../kernels/convolution.ts";
import { convolutionSampleUpdate, convolutionUpdate, localUpdate } from "../kernels/window-update.ts";
import type { ProductProvider, Products } from "./products.ts";
import { openSimd } from "./simd/simd.ts";
import { bindDrive, driveScratch } from "./window/drive.ts";
import { fuseGatedMaps } from "./window/fusion.ts";
import { bindGatedMap, type GatedSizes, gatedMapScratch, gatedMaps } from "./window/gated-map.ts";
import type { Tools, WindowSizes } from "./window/tools.ts";
import { bindTransport, transportScratch } from "./window/transport.ts";
import { bindOwnUpdate, bindSharedUpdate, ownUpdateScratch, sharedUpdateScratch } from "./window/update.ts";

/** How a window contraction is put together from products: the scratch it asks for, by name in bytes, and its run. */
interface WindowContraction {
  scratch(sizes: WindowSizes, chunkBytes: number): Readonly<Record<string, number>>;
  bind(tools: Tools, sizes: WindowSizes, call: BoundCall): RunCall;
}

const drive: WindowContraction = { scratch: driveScratch, bind: bindDrive };
const transport: WindowContraction = { scratch: transportScratch, bind: bindTransport };
const sharedUpdate = (perSample: boolean): WindowContraction => ({
  scratch: (sizes, chunkBytes) => sharedUpdateScratch(sizes, chunkBytes, { perSample }),
  bind: (tools, sizes, call) => bindSharedUpdate(tools, sizes, call, { perSample }),
});

const windowContractions: Readonly<Record<string, WindowContraction>> = {
  [convolutionDrive.declaration.name]: drive,
  [localDrive.declaration.name]: drive,
  [convolutionTransport.declaration.name]: transport,
  [localTransport.declaration.name]: transport,
  [convolutionUpdate.declaration.name]: sharedUpdate(false),
  [convolutionSampleUpdate.declaration.name]: sharedUpdate(true),
  [localUpdate.declaration.name]: { scratch: ownUpdateScratch, bind: bindOwnUpdate },
};

/** Steps that `fuseGatedMaps` makes. */
const gatedMap: WindowContraction = {
  scratch: (sizes, chunkBytes) => gatedMapScratch(sizes as GatedSizes, chunkBytes),
  bind: (tools, sizes, call) => bindGatedMap(tools, sizes as GatedSizes, call),
};
const fusedSteps: Readonly<Record<string, WindowContraction>> = {
  [gatedMaps.fromDrive]: gatedMap,
  [gatedMaps.fromRates]: gatedMap,
};

export interface ContractionSettings {
  /** Whether maps of gated units are computed in one step; default false. */
  readonly fused?: boolean;
  /** Bytes of patches that are gathered at a time; default 1 MiB. */
  readonly chunkBytes?: number;
}

/** Patches that are gathered at a time: they stay in the second cache and make products large enough. */
const usualChunk = 2 ** 20;

/**
 * All contractions on a provider's matrix products: the products themselves, and window contractions as products of
 * patches, which the SIMD module gathers chunk by chunk while the product before is under way.
 */
export function contractions(
  provider: ProductProvider,
  { fused = false, chunkBytes = usualChunk }: ContractionSettings = {},
): AcceleratorKind {
  const pieced: Readonly<Record<string, WindowContraction>> = { ...windowContractions, ...(fused ? fusedSteps : {}) };
  const piecesOf = (kernel: string, constants: Readonly<Record<string, number>>) =>
    Object.entries(pieced[kernel]?.scratch(constants as unknown as WindowSizes, chunkBytes) ?? {}).map(
      ([name, bytes]) => ({ name, bytes: alignedBytes(bytes / 4) }),
    );
  return {
    name: provider.name,
    probe: provider.probe,
    ...(fused ? { fuse: fuseGatedMaps } : {}),
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
