import { convolutionDrive, localDrive } from "../kernels/convolution.ts";
import { applyGate, vectorGateMask } from "../kernels/gate.ts";
import { addBias } from "../kernels/pointwise.ts";
import { averagePool } from "../kernels/pooling.ts";
import type { WindowSizes } from "../kernels/window-layout.ts";
import type { PlanStep } from "../step.ts";
import { allGiven, defineFused, given, made } from "./fused-kernel.ts";
import type { RewriteRule } from "./rewrite.ts";
import { isSmall } from "./small-patch.ts";

/** Sizes of a map of gated units: its bias, gates and pool. */
export interface GatedMapSizes {
  readonly batch: number;
  readonly dimension: number;
  readonly filters: number;
  readonly postUnits: number;
  /** Elements after which biases and gating vectors repeat: the filters, or all units. */
  readonly biasPeriod: number;
  readonly gatingPeriod: number;
  readonly mapHeight: number;
  readonly mapWidth: number;
  /** 1 where nothing is pooled. */
  readonly poolKernel: number;
  readonly poolStride: number;
  readonly poolHeight: number;
  readonly poolWidth: number;
}

/** Rates, or pooled rates, of gated vector units and their mask, from their drive. */
export const gatedMap = defineFused<GatedMapSizes>("gated-map");
/** The same from the rates that drive them through windows. */
export const windowGatedMap = defineFused<GatedMapSizes & WindowSizes>("window-gated-map");

interface GatedMap {
  readonly bias: PlanStep;
  readonly mask: PlanStep;
  readonly gate: PlanStep;
  readonly window: PlanStep | undefined;
  readonly pool: PlanStep | undefined;
  readonly sizes: GatedMapSizes;
}

/**
 * [Drive through windows ->] bias -> mask -> gate [-> average pool] is one step: on maps of vector units the values between are
 * the largest of a plan by far.
 */
export const gatedMaps: RewriteRule<GatedMap> = {
  name: "gated-map",
  // All of them take biases.
  before: ["upsampled-transport", "stretch", "rectified"],

  *match(mask, plan) {
    if (mask.kernel.name !== vectorGateMask.declaration.name) return;
    const drive = mask.inputs.drive!;
    const bias = plan.maker(drive, addBias.declaration.name);
    const gate = plan
      .readers(drive)
      .find(({ kernel, inputs }) => kernel.name === applyGate.declaration.name && inputs.mask === mask.outputs.mask);
    if (!bias || gate?.inputs.values !== drive) return;
    const rates = gate.outputs.result!;
    const pool = plan
      .readers(rates)
      .find((step) => step.kernel.name === averagePool.declaration.name && plan.onlyBy(rates, step));
    const window = plan.maker(bias.inputs.drive!, convolutionDrive.declaration.name, localDrive.declaration.name);
    const driven = window && plan.onlyBy(bias.inputs.drive!, bias) ? window : undefined;
    for (const [source, pooling] of [
      [driven, pool],
      [undefined, pool],
      [undefined, undefined],
    ] as const) {
      const sizes = sizesOf(mask, bias, source, pooling);
      if (sizes) yield { bias, mask, gate, window: source, pool: pooling, sizes };
    }
  },

  replace({ bias, mask, gate, window, pool, sizes }) {
    const rest = { bias: given(bias, "bias"), gatingVectors: given(mask, "gatingVectors") };
    const outputs = { mask: made(mask, "mask"), result: pool ? made(pool, "pooled") : made(gate, "result") };
    return {
      of: [bias, mask, gate, ...(window ? [window] : []), ...(pool ? [pool] : [])],
      as: window
        ? windowGatedMap.step({
            inputs: { ...allGiven(window), ...rest },
            outputs,
            constants: { ...convolutionDrive.constantsOf(window), ...sizes },
          })
        : gatedMap.step({ inputs: { drive: given(bias, "drive"), ...rest }, outputs, constants: sizes }),
    };
  },
};

/** Sizes of the fused step; undefined where the steps do not fit into one. */
function sizesOf(mask: PlanStep, bias: PlanStep, window?: PlanStep, pool?: PlanStep): GatedMapSizes | undefined {
  const { dimension, units, period: gatingPeriod } = vectorGateMask.constantsOf(mask);
  const biasPeriod = addBias.constantsOf(bias).period;
  const pooling = pool && averagePool.constantsOf(pool);
  const sizes = window && convolutionDrive.constantsOf(window);
  const filters = pooling?.channels ?? sizes?.filters ?? Math.min(biasPeriod, gatingPeriod);
  if ([biasPeriod, gatingPeriod].some((period) => period !== filters && period !== units)) return undefined;
  if (pooling && (pooling.stride < pooling.kernel || pooling.units !== units)) return undefined;
  if (sizes && (sizes.filters !== filters || sizes.postUnits !== units)) return undefined;
  // Large products of positions with weights of their own take all samples at once, and so write the drive.
  if (sizes && sizes.weightStep > 0 && !isSmall(sizes)) return undefined;
  const batch = mask.inputShapes.drive![0]!;
  if (sizes && sizes.samples * sizes.groups !== batch * dimension) return undefined;
  if (sizes && sizes.groups !== 1 && sizes.groups !== dimension) return undefined;
  return {
    batch,
    dimension,
    filters,
    postUnits: units,
    biasPeriod,
    gatingPeriod,
    mapHeight: pooling?.height ?? sizes?.outHeight ?? 1,
    mapWidth: pooling?.width ?? sizes?.outWidth ?? units / filters,
    poolKernel: pooling?.kernel ?? 1,
    poolStride: pooling?.stride ?? 1,
    poolHeight: pooling?.outHeight ?? sizes?.outHeight ?? 1,
    poolWidth: pooling?.outWidth ?? sizes?.outWidth ?? units / filters,
  };
}
