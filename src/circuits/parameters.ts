import { randomStream } from "../compute/random.ts";
import type { Shape } from "../compute/shape.ts";
import { DescriptionError, UsageError } from "../kinds/errors.ts";
import type { WeightConstraint } from "./constraints/constraint.ts";
import type { Population } from "./population.ts";
import { isWeighted, type Projection, type WeightedProjection } from "./projection.ts";
import { maskFault } from "./topologies/mask-fault.ts";
import type { GivenValues } from "./topologies/topology.ts";

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
  const others = populations.flatMap(({ bias, frozen, periods, constants, gain, dimension, units }): Parameter[] => [
    ...(bias
      ? [
          {
            name: bias,
            shape: [dimension, periods.bias],
            axes: ["component", periods.bias === units ? "unit" : "channel"],
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

/**
 * Weights and mask of a projection at the start: drawn from streams of the seed, or given.
 *
 * @param given what was read of files, by the names of parameters
 * @throws UsageError where they lie in a file that was not read; DescriptionError where a topology draws no mask of 0 and 1
 */
export function startOf(
  projection: WeightedProjection,
  seed: number,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
  const { name, weight, mask, maskName, given: source } = projection;
  const own = source && (source.file ? readValues(projection, source.file.path, given) : source.values);
  const weights = own?.weights?.slice() ?? projection.draw(randomStream(seed, `initial/${name}`));
  const values = new Map([[weight, weights]]);
  if (!mask || maskName === undefined) return values;
  const connected = own?.mask ?? mask.draw!(randomStream(seed, `mask/${name}`));
  const fault = maskFault(mask.shape, connected);
  if (fault !== undefined) throw new DescriptionError(`projection "${name}": its topology ${fault}`);
  values.set(maskName, connected);
  for (let index = 0; index < weights.length; index++) if (connected[index] === 0) weights[index] = 0;
  return values;
}

function readValues(
  { name, weight, maskName }: WeightedProjection,
  path: string,
  given: ReadonlyMap<string, Float32Array>,
): GivenValues {
  const [weights, mask] = [given.get(weight), maskName === undefined ? undefined : given.get(maskName)];
  if (!weights && !mask)
    throw new UsageError(
      `projection "${name}": its connections lie in ${path}, which was not read; give what readGivenFiles read to initialise`,
    );
  return { ...(weights && { weights }), ...(mask && { mask }) };
}

/** Values of all parameters at the start, each drawn from its own stream of the seed where it is not given. */
export function initialise(
  populations: readonly Population[],
  projections: readonly Projection[],
  seed: number,
  given?: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const projection of projections.filter(isWeighted))
    for (const [name, start] of startOf(projection, seed, given)) values.set(name, start);
  for (const { name, bias, periods, constants, gain, dimension } of populations) {
    if (bias) values.set(bias, new Float32Array(dimension * periods.bias));
    for (const [constant, resident] of Object.entries(constants))
      values.set(resident, gain.constants![constant]!.draw(randomStream(seed, `${constant}/${name}`)));
  }
  return values;
}
