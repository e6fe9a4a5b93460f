import type fc from "fast-check";
import type { KernelDeclaration } from "../../src/compute/kernel.ts";
import * as contraction from "../../src/compute/kernels/contraction.ts";
import * as convolution from "../../src/compute/kernels/convolution.ts";
import * as dale from "../../src/compute/kernels/dale.ts";
import * as decision from "../../src/compute/kernels/decision.ts";
import * as direction from "../../src/compute/kernels/direction.ts";
import * as filters from "../../src/compute/kernels/filters.ts";
import * as gain from "../../src/compute/kernels/gain.ts";
import * as gainError from "../../src/compute/kernels/gain-error.ts";
import * as gate from "../../src/compute/kernels/gate.ts";
import * as hold from "../../src/compute/kernels/hold.ts";
import * as modulation from "../../src/compute/kernels/modulation.ts";
import * as optimiser from "../../src/compute/kernels/optimiser.ts";
import * as penalty from "../../src/compute/kernels/penalty.ts";
import * as pointwise from "../../src/compute/kernels/pointwise.ts";
import * as pooling from "../../src/compute/kernels/pooling.ts";
import * as reduction from "../../src/compute/kernels/reduction.ts";
import * as scaling from "../../src/compute/kernels/scaling.ts";
import * as selection from "../../src/compute/kernels/selection.ts";
import * as target from "../../src/compute/kernels/target.ts";
import * as threshold from "../../src/compute/kernels/threshold.ts";
import * as upsample from "../../src/compute/kernels/upsample.ts";
import * as weighting from "../../src/compute/kernels/weighting.ts";
import * as windowUpdate from "../../src/compute/kernels/window-update.ts";
import type { Tensor } from "../../src/compute/trace.ts";
import {
  contractionCases,
  daleCases,
  decisionCases,
  directionCases,
  gainCases,
  gainErrorCases,
  gateCases,
  holdCases,
  optimiserCases,
  pointwiseCases,
  reductionCases,
  scalingCases,
  thresholdCases,
} from "../arbitraries/kernels-cases.ts";
import {
  modulationCases,
  penaltyCases,
  selectionCases,
  targetCases,
  weightingCases,
} from "../arbitraries/kernels-selection.ts";
import type { KernelCase } from "../arbitraries/kernels-values.ts";
import { convolutionCases, filtersCases, poolingCases, resampleCases } from "../arbitraries/window-cases.ts";
import { contractionOracles } from "../oracles/kernels-contraction.ts";
import { convolutionOracles } from "../oracles/kernels-convolution.ts";
import { daleOracles } from "../oracles/kernels-dale.ts";
import { decisionOracles } from "../oracles/kernels-decision.ts";
import { directionOracles } from "../oracles/kernels-direction.ts";
import { filtersOracles } from "../oracles/kernels-filters.ts";
import { gainErrorOracles, gainOracles, thresholdOracles } from "../oracles/kernels-gain.ts";
import { gateOracles } from "../oracles/kernels-gate.ts";
import { holdOracles } from "../oracles/kernels-hold.ts";
import { modulationOracles } from "../oracles/kernels-modulation.ts";
import { optimiserOracles } from "../oracles/kernels-optimiser.ts";
import type { Oracle } from "../oracles/kernels-oracle.ts";
import { pointwiseOracles } from "../oracles/kernels-pointwise.ts";
import { poolingOracles } from "../oracles/kernels-pooling.ts";
import { reductionOracles } from "../oracles/kernels-reduction.ts";
import { resampleOracles } from "../oracles/kernels-resample.ts";
import { scalingOracles } from "../oracles/kernels-scaling.ts";
import { penaltyOracles, selectionOracles, targetOracles, weightingOracles } from "../oracles/kernels-selection.ts";

/** A kernel whose types have been forgotten. */
export interface AnyKernel {
  (inputs: Readonly<Record<string, Tensor>>, attributes: object): Readonly<Record<string, Tensor>>;
  readonly declaration: KernelDeclaration;
}

/** A kernel with what it must answer and what to ask it. */
export interface CataloguedKernel {
  readonly name: string;
  readonly kernel: AnyKernel;
  readonly declaration: KernelDeclaration;
  readonly oracle: Oracle<string, string, object>;
  readonly cases: fc.Arbitrary<KernelCase>;
}

function entries(module: object, oracles: object, cases: object): CataloguedKernel[] {
  return Object.keys(oracles).map((name) => {
    const kernel = module[name as never] as AnyKernel;
    const { declaration } = kernel;
    return { name: declaration.name, kernel, declaration, oracle: oracles[name as never], cases: cases[name as never] };
  });
}

/** Every kernel of src/compute/kernels; the table's types keep oracles and cases in step with the modules' exports. */
export const catalogue: readonly CataloguedKernel[] = [
  ...entries(contraction, contractionOracles, contractionCases),
  ...entries({ ...convolution, ...windowUpdate }, convolutionOracles, convolutionCases),
  ...entries(dale, daleOracles, daleCases),
  ...entries(decision, decisionOracles, decisionCases),
  ...entries(direction, directionOracles, directionCases),
  ...entries(gain, gainOracles, gainCases),
  ...entries(gainError, gainErrorOracles, gainErrorCases),
  ...entries(gate, gateOracles, gateCases),
  ...entries(hold, holdOracles, holdCases),
  ...entries(modulation, modulationOracles, modulationCases),
  ...entries(optimiser, optimiserOracles, optimiserCases),
  ...entries(penalty, penaltyOracles, penaltyCases),
  ...entries(pointwise, pointwiseOracles, pointwiseCases),
  ...entries(pooling, poolingOracles, poolingCases),
  ...entries(reduction, reductionOracles, reductionCases),
  ...entries(filters, filtersOracles, filtersCases),
  ...entries(upsample, resampleOracles, resampleCases),
  ...entries(scaling, scalingOracles, scalingCases),
  ...entries(selection, selectionOracles, selectionCases),
  ...entries(target, targetOracles, targetCases),
  ...entries(threshold, thresholdOracles, thresholdCases),
  ...entries(weighting, weightingOracles, weightingCases),
];

export function cataloguedKernel(name: string): CataloguedKernel {
  return catalogue.find((entry) => entry.name === name)!;
}
