import { convolutionDrive, localDrive } from "../../kernels/convolution.ts";
import { applyGate, vectorGateMask } from "../../kernels/gate.ts";
import { addBias } from "../../kernels/pointwise.ts";
import { averagePool } from "../../kernels/pooling.ts";
import type { ExecutablePlan } from "../../plan.ts";
import type { Step } from "../../trace.ts";
import { Uses } from "../uses.ts";
import { gatedMaps } from "./gated-map.ts";
import { isSmall, type WindowSizes } from "./tools.ts";

const names = {
  drives: [convolutionDrive.declaration.name, localDrive.declaration.name],
  bias: addBias.declaration.name,
  mask: vectorGateMask.declaration.name,
  gate: applyGate.declaration.name,
  pool: averagePool.declaration.name,
} as const;

/** A chain of steps that becomes one. */
interface Chain {
  readonly parts: readonly Step[];
  readonly fused: Step;
}

/**
 * Replaces [drive through windows ->] bias -> mask -> gate [-> average pool] by one step, where nothing else needs the
 * values between: on maps of vector units they are the largest of a plan by far.
 */
export function fuseGatedMaps(plan: ExecutablePlan): ExecutablePlan {
  const uses = new Uses(plan);
  const chains = plan.steps.flatMap((step) => (step.kernel.name === names.mask ? (chainAt(step, uses) ?? []) : []));
  const fused = new Map(
    chains.map(({ parts, fused }) => [parts.find(({ kernel }) => kernel.name === names.mask)!, fused]),
  );
  const replaced = new Set(chains.flatMap(({ parts }) => parts));
  const steps = plan.steps.flatMap((step) => fused.get(step) ?? (replaced.has(step) ? [] : [step]));
  return { ...plan, steps };
}

function chainAt(mask: Step, uses: Uses): Chain | undefined {
  const drive = mask.inputs.drive!;
  const bias = uses.maker(drive, names.bias);
  const gate = uses
    .readers(drive)
    .find(({ kernel, inputs }) => kernel.name === names.gate && inputs.mask === mask.outputs.mask);
  if (!bias || !gate || gate.inputs.values !== drive || !uses.onlyBy(drive, [mask, gate])) return undefined;
  const pool = uses.readers(gate.outputs.result!).find(({ kernel }) => kernel.name === names.pool);
  const pooled = pool && uses.onlyBy(gate.outputs.result!, [pool]) ? pool : undefined;
  const source = uses.maker(bias.inputs.drive!, ...names.drives);
  const driven = source && uses.onlyBy(bias.inputs.drive!, [bias]) ? source : undefined;
  for (const [window, pooling] of [
    [driven, pooled],
    [undefined, pooled],
    [undefined, undefined],
  ] as const) {
    const chain = assemble(mask, bias, gate, window, pooling);
    if (chain) return chain;
  }
  return undefined;
}

function assemble(mask: Step, bias: Step, gate: Step, window?: Step, pool?: Step): Chain | undefined {
  const { dimension, units } = mask.constants as { dimension: number; units: number };
  const periods = [bias.constants.period!, mask.constants.period!];
  const filters = pool?.constants.channels ?? window?.constants.filters ?? Math.min(...periods);
  if (periods.some((period) => period !== filters && period !== units)) return undefined;
  if (pool && (pool.constants.stride! < pool.constants.kernel! || pool.constants.units !== units)) return undefined;
  const sizes = window?.constants as WindowSizes | undefined;
  if (sizes && (sizes.filters !== filters || sizes.postUnits !== units)) return undefined;
  // Large products of positions with weights of their own take all samples at once, and so write the drive.
  if (sizes && sizes.weightStep > 0 && !isSmall(sizes)) return undefined;
  const batch = mask.inputShapes.drive![0]!;
  if (sizes && sizes.samples * sizes.groups !== batch * dimension) return undefined;
  if (sizes && sizes.groups !== 1 && sizes.groups !== dimension) return undefined;
  const positions = units / filters;
  const constants = {
    ...sizes,
    batch,
    dimension,
    postUnits: units,
    filters,
    biasPeriod: periods[0]!,
    gatingPeriod: periods[1]!,
    mapHeight: pool?.constants.height ?? sizes?.outHeight ?? 1,
    mapWidth: pool?.constants.width ?? sizes?.outWidth ?? positions,
    poolKernel: pool?.constants.kernel ?? 1,
    poolStride: pool?.constants.stride ?? 1,
    poolHeight: pool?.constants.outHeight ?? sizes?.outHeight ?? 1,
    poolWidth: pool?.constants.outWidth ?? sizes?.outWidth ?? positions,
  };
  const last = pool ?? gate;
  const lastOutput = pool ? "pooled" : "result";
  const ends = <T>(
    pick: (step: Step) => {
      readonly inputs: Readonly<Record<string, T>>;
      readonly outputs: Readonly<Record<string, T>>;
    },
  ) => ({
    inputs: {
      ...(window ? pick(window).inputs : { drive: pick(bias).inputs.drive! }),
      bias: pick(bias).inputs.bias!,
      gatingVectors: pick(mask).inputs.gatingVectors!,
    },
    outputs: { mask: pick(mask).outputs.mask!, result: pick(last).outputs[lastOutput]! },
  });
  const ids = ends((step) => step);
  const shapes = ends((step) => ({ inputs: step.inputShapes, outputs: step.outputShapes }));
  return {
    parts: [bias, mask, gate, ...(window ? [window] : []), ...(pool ? [pool] : [])],
    fused: {
      kernel: { name: window ? gatedMaps.fromRates : gatedMaps.fromDrive },
      ...ids,
      inputShapes: shapes.inputs,
      outputShapes: shapes.outputs,
      constants,
    },
  };
}
