import { signFault } from "../circuits/constraints/sign-fault.ts";
import { isWeighted, type Network, type WeightedProjection } from "../circuits/network.ts";
import { float32Values } from "../compute/float32-values.ts";
import { oddValues } from "../compute/odd-values.ts";
import { DataError } from "../kinds/errors.ts";

/**
 * Holds parameters that come from elsewhere to what the network promises of its own: all are finite numbers, masks hold
 * 0 and 1, a weight is 0 where its mask is 0, and weights have the signs that their projection allows.
 *
 * @param source what messages call the parameters, such as a file
 * @throws DataError naming source and parameter, how many values break which promise, the first of them and its place, and
 * what to try
 */
export function checkParameters(
  source: string,
  { parameters: declared, projections }: Network,
  parameters: ReadonlyMap<string, Float32Array>,
): void {
  for (const { name, shape } of declared.filter(({ manipulation }) => !manipulation))
    float32Values(`${source}: parameter "${name}"`, shape, parameters.get(name)!);
  for (const projection of projections.filter(isWeighted)) {
    checkMask(source, projection, parameters);
    const fault = signFault(projection, parameters.get(projection.weight)!);
    if (fault !== undefined) throw new DataError(`${source}: parameter "${projection.weight}" ${fault}`);
  }
}

function checkMask(
  source: string,
  { weight, weights, mask, maskName }: WeightedProjection,
  parameters: ReadonlyMap<string, Float32Array>,
): void {
  if (!mask || maskName === undefined) return;
  const connected = parameters.get(maskName)!;
  const odd = oddValues(mask.shape, connected, (value) => value !== 0 && value !== 1);
  if (odd)
    throw new DataError(
      `${source}: parameter "${maskName}" holds ${odd.told}; allowed: 1 where two units are connected, else 0`,
    );
  const unconnected = oddValues(
    weights.shape,
    parameters.get(weight)!,
    (value, at) => connected[at] === 0 && value !== 0,
  );
  if (unconnected)
    throw new DataError(
      `${source}: parameter "${weight}" holds ${unconnected.told}, where "${maskName}" is 0; allowed: 0 where there is no connection; multiply the weights by the mask, or give the mask that they were trained with`,
    );
}
