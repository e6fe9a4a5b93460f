import { convolutionDrive } from "../kernels/convolution.ts";
import { upsampleNearest, upsampleNearestTransport } from "../kernels/upsample.ts";
import { convolutionUpdate } from "../kernels/window-update.ts";
import type { PlanStep } from "../step.ts";
import { defineFused, given, made, numbered } from "./fused-kernel.ts";
import type { PlanReader } from "./plan-reader.ts";
import type { RewriteRule } from "./rewrite.ts";
import { sameWindow, type UpsampledSizes, type UpsampledWindow, upsampledWindow } from "./upsampled-sizes.ts";

/**
 * With e a map of errors, up the nearest upsampling, up^T its transpose, x a map and W filters: up^T(drive(e, W)) of several W, and
 * updates of W by e and up(x), of several x.
 */
export const upsampledDrive = defineFused<UpsampledSizes>("upsampled-drive");

/** A drive whose result is brought back to the smaller map, or an update from an upsampled map. */
interface Use {
  readonly step: PlanStep;
  /** The step on the other side of the window step. */
  readonly scaling: PlanStep;
  readonly window: UpsampledWindow;
}

const isUpdate = ({ step }: Use) => step.kernel.name === convolutionUpdate.declaration.name;

/**
 * Drives of one map of errors that are brought back to a smaller map, and updates by that map of errors and upsampled ones, are one
 * step: patches of the errors are summed once for each site of the smaller map, and multiplied there.
 */
export const upsampledDrives: RewriteRule<readonly [Use, ...Use[]]> = {
  name: "upsampled-drive",
  remakes: [upsampleNearest.declaration.name],

  match(step, plan) {
    const use = useOf(step, plan);
    if (!use) return [];
    const uses = plan.readers(step.inputs.rates!).flatMap((reader) => useOf(reader, plan) ?? []);
    const [first, ...others] = uses.filter(
      (other) => other.step.inputs.rates === step.inputs.rates && sameWindow(other.window, use.window),
    ) as [Use, ...Use[]];
    // What a later one needs has to be there where the first one is made.
    const group: [Use, ...Use[]] = [first, ...others.filter((other) => plan.isThereBefore(needOf(other), first.step))];
    return group.some((each) => each.step === step) ? [group] : [];
  },

  replace(uses) {
    const [{ step, window }] = uses;
    const [updated, driven] = [uses.filter(isUpdate), uses.filter((use) => !isUpdate(use))];
    return {
      of: uses.flatMap(({ step, scaling }) => [step, scaling]),
      as: upsampledDrive.step({
        inputs: {
          error: given(step, "rates"),
          ...numbered(
            "weight",
            driven.map(({ step }) => given(step, "weight")),
          ),
          ...numbered(
            "map",
            updated.map(({ scaling }) => given(scaling, "rates")),
          ),
        },
        outputs: {
          ...numbered(
            "result",
            driven.map(({ scaling }) => made(scaling, "result")),
          ),
          ...numbered(
            "update",
            updated.map(({ step }) => made(step, "update")),
          ),
        },
        constants: { ...window, sources: driven.length, updates: updated.length },
      }),
    };
  },
};

/** What a step has to do with an upsampled map, if nothing else needs what lies between. */
function useOf(step: PlanStep, plan: PlanReader): Use | undefined {
  const scaling = scalingOf(step, plan);
  const window = scaling && upsampledWindow(step, scaling);
  return window && { step, scaling, window };
}

function scalingOf(step: PlanStep, plan: PlanReader): PlanStep | undefined {
  if (step.kernel.name === convolutionUpdate.declaration.name)
    return plan.maker(step.inputs.error!, upsampleNearest.declaration.name);
  if (step.kernel.name !== convolutionDrive.declaration.name) return undefined;
  const [down] = plan.readers(step.outputs.drive!);
  return down?.kernel.name === upsampleNearestTransport.declaration.name && plan.onlyBy(step.outputs.drive!, down)
    ? down
    : undefined;
}

/** What a use reads besides the errors. */
const needOf = (use: Use): number => (isUpdate(use) ? use.scaling.inputs.rates! : use.step.inputs.weight!);
