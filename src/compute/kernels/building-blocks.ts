// Kernels that rules, objectives, neurons and topologies of one's own are built from; the public API offers them as `kernels`.
export { multiplyByTranspose, multiplyMatrices, multiplyTransposed } from "./contraction.ts";
export { penalty, penaltySlope } from "./penalty.ts";
export { add, multiply, ones, subtract } from "./pointwise.ts";
export { rowProducts, sumPositions } from "./reduction.ts";
export { addScaled, scale, scaleRows } from "./scaling.ts";
export { squaredError, squaredErrorGradient } from "./target.ts";
export { shareOf, weighValues } from "./weighting.ts";
