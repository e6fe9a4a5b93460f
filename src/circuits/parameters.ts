import { randomStream } from "../compute/random.ts";
import type { Shape } from "../compute/shape.ts";
import type { WeightConstraint } from "./constraints/constraint.ts";
import type { Population } from "./population.ts";
import { isWeighted, type Projection } from "./projection.ts";

/** A value that a network keeps between runs. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  /** What each axis counts, in the singular; absent where nothing is said of them. */
  readonly axes?: readonly string[];
  /** Whether plasticity changes it; gating vectors and masks, for example, stay. */
  readonly plastic: boolean;
  /** What it obeys, of weights; absent where any number will do. */
  readonly constraint?: WeightConstraint;
  /** Whether weight decay acts on it: on weights, not on biases. */
  readonly decays: boolean;
  /** Whether a manipulation sets it; weights that come from elsewhere do not have it. */
  readonly manipulation?: true;
}

/** Everything a network keeps: weights, masks, biases, constants of gain functions. */
export function listParameters(populations: readonly Population[], projections: readonly Projection[]): Parameter[] {
  const weights = projections.filter(isWeighted).flatMap((projection): Parameter[] => {
    const { weight, weights, constraint, frozen, mask, maskName } = projection;
    const { shape, axes } = weights;
    return [
      { name: weight, shape, axes, plastic: !frozen, constraint, decays: true },
      ...(mask && maskName ? [{ name: maskName, shape: mask.shape, axes, plastic: false, decays: false }] : []),
    ];
  });
  const others = populations.flatMap(({ bias, frozen, periods, constants, gain, dimension }): Parameter[] => [
    ...(bias
      ? [
          {
            name: bias,
            shape: [dimension, periods.bias],
            axes: ["component", "unit"],
            plastic: !frozen,
            decays: false,
          },
        ]
      : []),
    ...Object.entries(constants).map(([constant, name]) => {
      const { shape, axes } = gain.constants![constant]!;
      return { name, shape, ...(axes ? { axes } : {}), plastic: false, decays: false };
    }),
  ]);
  return [...weights, ...others];
}

/** Values of all parameters at the start, each drawn from its own stream of the seed. */
export function initialise(
  populations: readonly Population[],
  projections: readonly Projection[],
  seed: number,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const projection of projections.filter(isWeighted)) {
    const { name, weight, mask, maskName } = projection;
    const drawn = projection.draw(randomStream(seed, `initial/${name}`));
    values.set(weight, drawn);
    if (!mask || !maskName) continue;
    const connected = mask.draw(randomStream(seed, `mask/${name}`));
    values.set(maskName, connected);
    for (let index = 0; index < drawn.length; index++) if (connected[index] === 0) drawn[index] = 0;
  }
  for (const { name, bias, periods, constants, gain, dimension } of populations) {
    if (bias) values.set(bias, new Float32Array(dimension * periods.bias));
    for (const [constant, resident] of Object.entries(constants))
      values.set(resident, gain.constants![constant]!.draw(randomStream(seed, `${constant}/${name}`)));
  }
  return values;
}
