import { oddValues } from "../../compute/odd-values.ts";
import type { WeightLayout } from "../topologies/topology.ts";
import { allowing, commonSign, type WeightConstraint } from "./constraint.ts";
import { signsAreInRows } from "./rows-and-columns.ts";

/**
 * What is wrong with the signs of a projection's weights, in words that go on after what holds them; undefined where all are
 * allowed. Under a constraint by unit a square matrix is told to be transposed where its signs say so.
 *
 * @param values in the shape of the weights, row-major
 * @param turn what to do with a transposed matrix
 */
export function signFault(
  {
    pre,
    sign,
    constraint,
    weights,
  }: {
    readonly pre: string;
    readonly sign: string;
    readonly constraint: WeightConstraint;
    readonly weights: WeightLayout;
  },
  values: ArrayLike<number>,
  turn = "transpose it",
): string | undefined {
  const columns = weights.pre;
  const allows = allowing(constraint, columns);
  const wrong = oddValues(weights.shape, values, (value, at) => !allows(value, at % columns));
  if (!wrong) return undefined;
  const unit = wrong.at % columns;
  const byUnit = commonSign(constraint, columns) === undefined;
  const whose = byUnit
    ? ` from unit ${unit} of "${pre}", which is ${constraint.signFrom(unit) > 0 ? "excitatory" : "inhibitory"}`
    : "";
  const remedy =
    byUnit && values.length === columns ** 2 && signsAreInRows(values, columns)
      ? `the signs of its rows do not mix and those of its columns do, so it is [pre, post]: ${turn}`
      : 'give such weights, or give the projection the sign "mixed"';
  return `holds ${wrong.told}${whose}, against the projection's sign "${sign}"; allowed: ${constraint.allowed}; ${remedy}`;
}
