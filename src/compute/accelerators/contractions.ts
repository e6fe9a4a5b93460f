import { alignedBytes } from "../buffers.ts";
import { contractionTransposes } from "../kernels/contraction.ts";
import { gatedMaps } from "../lowering/gated-map.ts";
import type { RewriteRule } from "../lowering/rewrite.ts";
import { stretch, stretches } from "../lowering/stretch.ts";
import { update } from "../lowering/update.ts";
import { upsampledDrives } from "../lowering/upsampled-drive.ts";
import { upsampledTransports } from "../lowering/upsampled-transport.ts";
import type { Step } from "../step.ts";
import type { AcceleratorKind, BoundCall, RunCall } from "./accelerator.ts";
import { leftTransposed } from "./left-transposed.ts";
import { type PiecedStep, pieced } from "./pieced-step.ts";
import type { ProductProvider, Products } from "./products.ts";
import { openSimd } from "./simd/open-simd.ts";
import { updates } from "./update-step.ts";
import { drives } from "./windows/drive.ts";
import { gatedMapSteps } from "./windows/gated-map.ts";
import { transports } from "./windows/transport.ts";
import { windowUpdates } from "./windows/update.ts";
import { upsampledSteps } from "./windows/upsampled.ts";
import type { Workspace } from "./workspace.ts";

/** Contractions that products are put together to. */
const contractionsInPieces: readonly PiecedStep[] = [...drives, ...transports, ...windowUpdates, leftTransposed];

/** What rules make of several steps, and the rules. */
const fusedInPieces: readonly PiecedStep[] = [...gatedMapSteps, ...upsampledSteps, ...updates];
const rulesInPieces: readonly RewriteRule[] = [gatedMaps, upsampledTransports, upsampledDrives, update];

/** For providers that take steps as parts of a stretch. */
const stretchStep = pieced(stretch, { bind: ({ products }, _sizes, call) => products.bindStretch!(call) });

interface ContractionSettings {
  /**
   * Whether maps of gated units, updates with their optimiser, windows over upsampled maps and stretches of small steps are
   * computed in one step; default false.
   */
  readonly fused?: boolean;
  /** Bytes of patches that are gathered at a time for a drive; a gradient gathers two thirds of it. Default: 4 MiB. */
  readonly chunkBytes?: number;
}

/**
 * Patches that are gathered at a time: they are in a cache when they are multiplied, and the product is large beside the time
 * that threads take to wake up (measured on a training batch of the attention circuit: 330 ms with 1 MiB, 322 with 2, 307
 * with 4 and with 8).
 */
const usualChunk = 2 ** 22;

/**
 * All contractions on a provider's matrix products: the products themselves, and window contractions as products of
 * patches, which the SIMD module gathers chunk by chunk.
 */
export function contractions(
  provider: ProductProvider,
  { fused = false, chunkBytes = usualChunk }: ContractionSettings = {},
): AcceleratorKind {
  const { takes } = provider;
  const steps = fused
    ? [...contractionsInPieces, ...fusedInPieces, ...(takes ? [stretchStep] : [])]
    : contractionsInPieces;
  const stepsByKernel = new Map(steps.map((step) => [step.kernel, step]));
  const scratchOf = (step: Pick<Step, "kernel" | "constants">) =>
    Object.entries(stepsByKernel.get(step.kernel.name)?.scratch(step, chunkBytes) ?? {}).map(([name, bytes]) => ({
      name,
      bytes: alignedBytes(bytes / 4),
    }));
  return {
    name: provider.name,
    kernels: new Set([...Object.keys(contractionTransposes), ...stepsByKernel.keys()]),
    rules: fused ? [...rulesInPieces, ...(takes ? [stretches(takes)] : [])] : [],
    probe: provider.probe,
    scratchBytes: (step) => scratchOf(step).reduce((sum, { bytes }) => sum + bytes, 0),
    async open(memory, scratchOffset) {
      const products = await provider.open();
      const simd = await openSimd(memory);
      const view = viewer(memory);
      return {
        bind(call) {
          const step = stepsByKernel.get(call.kernel.name);
          if (!step) return bindProduct(products, call);
          let end = scratchOffset;
          const scratch: Record<string, number> = {};
          for (const { name, bytes } of scratchOf(call)) {
            scratch[name] = end;
            end += bytes;
          }
          return step.bind({ simd, products, chunkBytes, view, scratch }, call);
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
  ({ buffer }: WebAssembly.Memory): Workspace["view"] =>
  (offset, rows, columns) => ({
    offset,
    shape: [rows, columns],
    values: new Float32Array(buffer, offset, rows * columns),
  });
