import { restoreDale } from "../../compute/kernels/dale.ts";
import { type ConstrainedWeights, defineConstraint, unbounded } from "./constraint.ts";

/**
 * Dale's law: weights of an excitatory presynaptic unit are >= 0, those of an inhibitory one <= 0. The last
 * `inhibitoryFraction` of the presynaptic population inhibits, rounded to whole units; it needs some of both kinds.
 */
export const dale = defineConstraint({
  kind: "dale",
  summary: "by presynaptic unit: weights >= 0 of excitatory, <= 0 of inhibitory ones",
  refuse(_settings, projection) {
    const { source, weights, topology } = projection;
    if (weights.pre !== source.units)
      return `it needs a weight for each presynaptic unit, which topology "${topology}" does not have; use a dense or sparse topology`;
    const { name, units, inhibitoryFraction } = source;
    if (inhibitoryFraction === undefined)
      return `it is of populations with excitatory and inhibitory units, and "${name}" is an input, which has no such units; use sign "excitatory", "inhibitory" or "mixed"`;
    const inhibitory = inhibitoryUnits(projection);
    if (inhibitory > 0 && inhibitory < units) return undefined;
    // All of one sign: a constraint of the whole projection says that plainly.
    const alike = inhibitory === 0 ? "excitatory" : "inhibitory";
    return `it needs excitatory and inhibitory units, and inhibitoryFraction ${inhibitoryFraction} makes ${inhibitory} of the ${units} units of population "${name}" inhibitory; give the population an inhibitoryFraction above 0 and below 1, such as 0.2, or use sign "${alike}"`;
  },
  build(_settings, projection) {
    const { pre } = projection.weights;
    const inhibitoryFrom = pre - inhibitoryUnits(projection);
    return {
      signFrom: (unit) => (unit < inhibitoryFrom ? 1 : -1),
      bounds: { minimum: -unbounded, maximum: unbounded },
      allowed: `weights >= 0 from units 0 to ${inhibitoryFrom - 1}, <= 0 from units ${inhibitoryFrom} to ${pre - 1}`,
      restore: (weight) => restoreDale({ weight }, { pre, inhibitoryFrom }).result,
    };
  },
});

const inhibitoryUnits = ({ source: { units, inhibitoryFraction = 0 } }: ConstrainedWeights): number =>
  Math.round(inhibitoryFraction * units);
