import { type RandomStream, randomStream } from "../compute/random.ts";
import type { Shape } from "../compute/shape.ts";
import { gainFunctions } from "../neurons/gain.ts";
import type { CircuitDescription, SignConstraint } from "./description.ts";
import { initialisers } from "./initialisers.ts";
import type { Population } from "./population.ts";
import { isWeighted, type Projection, type WeightedProjection } from "./projection.ts";

/** A value that a network keeps between runs. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  /** Whether plasticity changes it; gating vectors and masks, for example, stay. */
  readonly plastic: boolean;
  readonly sign: SignConstraint;
  /** Whether weight decay acts on it: on weights, not on biases. */
  readonly decays: boolean;
  /** Whether a manipulation sets it; weights that come from elsewhere do not have it. */
  readonly manipulation?: true;
  /** Of weights under Dale's law: presynaptic units, and the first inhibitory one of them. */
  readonly dale?: { readonly pre: number; readonly inhibitoryFrom: number };
}

/** Everything a network keeps: weights, masks, biases, constants of gain functions. */
export function listParameters(populations: readonly Population[], projections: readonly Projection[]): Parameter[] {
  const weights = projections.filter(isWeighted).flatMap((projection): Parameter[] => {
    const { weight, weights, sign, mask, maskName, inhibitoryFrom } = projection;
    return [
      {
        name: weight,
        shape: weights.shape,
        plastic: true,
        sign,
        decays: true,
        ...(inhibitoryFrom === undefined ? {} : { dale: { pre: weights.pre, inhibitoryFrom } }),
      },
      ...(mask && maskName
        ? [{ name: maskName, shape: mask.shape, plastic: false, sign: "mixed" as const, decays: false }]
        : []),
    ];
  });
  const others = populations.flatMap(({ bias, periods, constants, gain, dimension }): Parameter[] => {
    const shapes = gainFunctions[gain]!.constants(periods.gates, dimension);
    return [
      ...(bias
        ? [{ name: bias, shape: [dimension, periods.bias], plastic: true, sign: "mixed" as const, decays: false }]
        : []),
      ...Object.entries(constants).map(([constant, name]) => ({
        name,
        shape: shapes[constant]!.shape,
        plastic: false,
        sign: "mixed" as const,
        decays: false,
      })),
    ];
  });
  return [...weights, ...others];
}

/** A fresh draw of a projection's weights, as its initialiser does it. */
export function drawWeights(
  { inputs, projections: descriptions }: CircuitDescription,
  { name, pre, post, sign, weights, inhibitoryFrom }: WeightedProjection,
  random: RandomStream,
): Float32Array {
  const { initial } = descriptions.find((each) => each.pre === pre && each.post === post)!;
  const fromInput = inputs.some((input) => input.name === pre);
  return initialisers[initial.kind]!({ ...weights, name, fromInput, sign, inhibitoryFrom }, random);
}

/** Values of all parameters at the start, each drawn from its own stream of the seed. */
export function initialise(
  description: CircuitDescription,
  populations: readonly Population[],
  projections: readonly Projection[],
  seed: number,
): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const projection of projections.filter(isWeighted)) {
    const { name, weight, mask, maskName } = projection;
    const drawn = drawWeights(description, projection, randomStream(seed, `initial/${name}`));
    values.set(weight, drawn);
    if (!mask || !maskName) continue;
    const connected = mask.draw(randomStream(seed, `mask/${name}`));
    values.set(maskName, connected);
    for (let index = 0; index < drawn.length; index++) if (connected[index] === 0) drawn[index] = 0;
  }
  for (const { name, bias, periods, constants, gain, dimension } of populations) {
    if (bias) values.set(bias, new Float32Array(dimension * periods.bias));
    const draws = gainFunctions[gain]!.constants(periods.gates, dimension);
    for (const [constant, resident] of Object.entries(constants))
      values.set(resident, draws[constant]!.draw(randomStream(seed, `${constant}/${name}`)));
  }
  return values;
}
