import { restoreDale } from "../../kernels/dale.ts";
import { crossEntropy, softmaxError, wrongDecision } from "../../kernels/decision.ts";
import { rowDirections, rowLargest, rowSquares } from "../../kernels/direction.ts";
import { alternatingRelu, leakyRelu, relu, sigmoid, softplus, tanh } from "../../kernels/gain.ts";
import {
  alternatingReluError,
  leakyReluError,
  reluError,
  sigmoidError,
  softplusError,
  tanhError,
} from "../../kernels/gain-error.ts";
import { applyGate, projectOnVector, spreadVector, vectorGateMask } from "../../kernels/gate.ts";
import { inhibitReturn, markAttended, modulate, modulationSlope } from "../../kernels/modulation.ts";
import { adamStep, momentumStep, sgdStep } from "../../kernels/optimiser.ts";
import { add, addBias, multiply, ones, subtract } from "../../kernels/pointwise.ts";
import { averagePool, averagePoolTransport, maxPool, maxPoolTransport } from "../../kernels/pooling.ts";
import { sumPositions } from "../../kernels/reduction.ts";
import { addScaled, leak, scale, scaleRows } from "../../kernels/scaling.ts";
import { chooseObject, largerMaximum, objectDistances, pickRows } from "../../kernels/selection.ts";
import { squaredError, squaredErrorGradient } from "../../kernels/target.ts";
import { binarise, binariseSlope, keepAbove } from "../../kernels/threshold.ts";
import {
  upsampleBicubic,
  upsampleBicubicTransport,
  upsampleNearest,
  upsampleNearestTransport,
} from "../../kernels/upsample.ts";
import { addBiasRelu, maxPoolTransportRelu, rectified } from "../../lowering/rectified.ts";
import { sizeOf } from "../../shape.ts";
import type { AcceleratorKind, KernelCall } from "../accelerator.ts";
import { compiledModule, openSimd, type SimdExports } from "./open-simd.ts";

type Binder = (exports: SimdExports, call: KernelCall) => () => void;

const pointer = (call: KernelCall, ...inputs: string[]) => inputs.map((name) => call.inputs[name]!.offset);
const target = (call: KernelCall, ...outputs: string[]) => outputs.map((name) => call.outputs[name]!.offset);

/** Binds an export whose arguments are known before the first run; a number too few would be taken for 0. */
function bound(run: (...values: number[]) => void, ...values: number[]): () => void {
  if (run.length !== values.length)
    throw new Error(`an export of ${run.length} arguments was bound to ${values.length} values`);
  return () => {
    run(...values);
  };
}

/** Kernels with [batch, dimension, units] on one side: both inputs, the output, then the three sizes. */
function vectorKernel(name: keyof SimdExports, first: string, second: string, output: string, sizesOf: string): Binder {
  return (exports, call) => {
    const { dimension, units } = applyGate.constantsOf(call);
    const batch = (call.inputs[sizesOf] ?? call.outputs[sizesOf])!.shape[0]!;
    return bound(exports[name], ...pointer(call, first, second), ...target(call, output), batch, dimension, units);
  };
}

/** Kernels of a drive [batch, dimension, units] and values that repeat along its units. */
function periodicKernel(name: keyof SimdExports, periodic: string, output: string, ...more: readonly number[]): Binder {
  return (exports, call) => {
    const { dimension, units, period } = addBias.constantsOf(call);
    const sizes = [call.inputs.drive!.shape[0]!, dimension, units / period, period];
    return bound(exports[name], ...pointer(call, "drive", periodic), ...target(call, output), ...sizes, ...more);
  };
}

/** Kernels of inputs and a result of one shape, element by element; then come constants of the kernel. */
function elementwise(name: keyof SimdExports, inputs: readonly string[], ...constants: readonly string[]): Binder {
  return (exports, call) =>
    bound(
      exports[name],
      ...pointer(call, ...inputs),
      ...target(call, "result"),
      sizeOf(call.outputs.result!.shape),
      ...constants.map((constant) => call.constants[constant]!),
    );
}

/** The same for kernels that tell even from odd units, the last dimension. */
function alternating(name: keyof SimdExports, ...inputs: readonly string[]): Binder {
  return (exports, call) => {
    const { shape } = call.outputs.result!;
    const columns = shape[shape.length - 1]!;
    const sizes = [sizeOf(shape) / columns, columns];
    return bound(exports[name], ...pointer(call, ...inputs), ...target(call, "result"), ...sizes);
  };
}

/** Kernels whose sizes are those of one input, from its first dimension on; then come constants of the kernel. */
function sized(
  name: keyof SimdExports,
  inputs: readonly string[],
  outputs: readonly string[],
  sizesOf: string,
  ...constants: readonly string[]
): Binder {
  return (exports, call) =>
    bound(
      exports[name],
      ...pointer(call, ...inputs),
      ...target(call, ...outputs),
      ...call.inputs[sizesOf]!.shape,
      ...constants.map((constant) => call.constants[constant]!),
    );
}

/** Pools and their transposes: inputs and output, then samples and the window's sizes. */
function poolKernel(
  name: keyof SimdExports,
  inputs: readonly string[],
  output: string,
  ...more: readonly number[]
): Binder {
  return (exports, call) => {
    const { height, width, channels, kernel, stride, outHeight, outWidth } = averagePool.constantsOf(call);
    const samples = call.outputs[output]!.shape[0]!;
    const sizes = [samples, height, width, channels, kernel, stride, outHeight, outWidth];
    return bound(exports[name], ...pointer(call, ...inputs), ...target(call, output), ...sizes, ...more);
  };
}

/** Kernels between a map and a larger one, either way: input and result, samples and the sizes of both maps. */
function resampling(name: keyof SimdExports, input: string, ...more: readonly number[]): Binder {
  return (exports, call) => {
    const { height, width, channels, outHeight, outWidth } = upsampleNearest.constantsOf(call);
    const sizes = [call.inputs[input]!.shape[0]!, height, width, channels, outHeight, outWidth];
    return bound(exports[name], ...pointer(call, input), ...target(call, "result"), ...sizes, ...more);
  };
}

/** How each kernel is called, by the kernel's name. */
const binders: Readonly<Record<string, Binder>> = {
  [ones.declaration.name]: elementwise("ones", []),
  [add.declaration.name]: elementwise("add", ["left", "right"]),
  [subtract.declaration.name]: elementwise("subtract", ["left", "right"]),
  [multiply.declaration.name]: elementwise("multiply", ["left", "right"]),
  [addScaled.declaration.name]: elementwise("addScaled", ["left", "right"], "factor"),
  [scale.declaration.name]: elementwise("scale", ["values"], "factor"),
  [scaleRows.declaration.name]: sized("scaleRowsByFactor", ["values", "scales"], ["result"], "values", "factor"),
  [leak.declaration.name]: elementwise("leak", ["previous", "rates"], "kept", "rate"),
  [modulate.declaration.name]: elementwise("modulate", ["rates", "signal"], "strength"),
  [modulationSlope.declaration.name]: elementwise("modulationSlope", ["error", "rates"], "strength"),
  [inhibitReturn.declaration.name]: elementwise("inhibitReturn", ["rates", "inhibition"]),
  [markAttended.declaration.name]: elementwise("markAttended", ["inhibition", "signal"], "threshold"),
  [binarise.declaration.name]: elementwise("binarise", ["rates"], "threshold"),
  [binariseSlope.declaration.name]: elementwise("binariseSlope", ["rates"], "threshold", "sharpness"),
  [keepAbove.declaration.name]: elementwise("keepAbove", ["values", "scores", "threshold"]),
  [restoreDale.declaration.name]: elementwise("restoreDale", ["weight"], "pre", "inhibitoryFrom"),
  [addBias.declaration.name]: periodicKernel("addBias", "bias", "result", 0),
  [vectorGateMask.declaration.name]: periodicKernel("vectorGateMask", "gatingVectors", "mask"),
  [applyGate.declaration.name]: vectorKernel("applyGate", "values", "mask", "result", "values"),
  [spreadVector.declaration.name]: vectorKernel("spreadVector", "vector", "scale", "result", "vector"),
  [projectOnVector.declaration.name]: vectorKernel("projectOnVector", "rates", "vector", "result", "rates"),
  [relu.declaration.name]: elementwise("relu", ["values"]),
  [reluError.declaration.name]: elementwise("reluError", ["error", "rates"]),
  [leakyRelu.declaration.name]: elementwise("leakyRelu", ["values"], "slope"),
  [leakyReluError.declaration.name]: elementwise("leakyReluError", ["error", "rates"], "slope"),
  [alternatingRelu.declaration.name]: alternating("alternatingRelu", "values"),
  [alternatingReluError.declaration.name]: alternating("alternatingReluError", "error", "drive"),
  [tanh.declaration.name]: elementwise("tanh", ["values"]),
  [tanhError.declaration.name]: elementwise("tanhError", ["error", "rates"]),
  [sigmoid.declaration.name]: elementwise("sigmoid", ["values"]),
  [sigmoidError.declaration.name]: elementwise("sigmoidError", ["error", "rates"]),
  [softplus.declaration.name]: elementwise("softplus", ["values"]),
  [softplusError.declaration.name]: elementwise("softplusError", ["error", "rates"]),
  [averagePool.declaration.name]: poolKernel("pool", ["rates"], "pooled", 0),
  [maxPool.declaration.name]: poolKernel("pool", ["rates"], "pooled", 1),
  [averagePoolTransport.declaration.name]: poolKernel("averagePoolTransport", ["error"], "result"),
  [maxPoolTransport.declaration.name]: poolKernel("maxPoolTransport", ["error", "rates"], "result", 0),
  [upsampleNearest.declaration.name]: resampling("upsampleNearest", "rates"),
  [upsampleNearestTransport.declaration.name]: resampling("upsampleNearestTransport", "error"),
  [upsampleBicubic.declaration.name]: resampling("upsampleBicubic", "rates", 1),
  [upsampleBicubicTransport.declaration.name]: resampling("upsampleBicubic", "error", 0),
  [sumPositions.declaration.name]: sized("sumPositions", ["values"], ["sums"], "values"),
  [rowLargest.declaration.name]: sized("rowLargest", ["values"], ["largest"], "values"),
  [rowSquares.declaration.name]: sized("rowSquares", ["values", "factors"], ["sums"], "values"),
  [rowDirections.declaration.name]: sized(
    "rowDirections",
    ["left", "right", "leftFactors", "rightFactors"],
    ["apart", "together"],
    "left",
  ),
  [softmaxError.declaration.name]: sized("softmaxError", ["scores", "labels", "weights"], ["error"], "scores"),
  [crossEntropy.declaration.name]: sized("crossEntropy", ["scores", "labels"], ["loss"], "scores"),
  [wrongDecision.declaration.name]: sized("wrongDecision", ["scores", "labels"], ["wrong"], "scores"),
  [squaredError.declaration.name]: sized("squaredError", ["values", "target"], ["sums"], "values"),
  [squaredErrorGradient.declaration.name]: sized(
    "squaredErrorGradient",
    ["values", "target", "weights"],
    ["result"],
    "values",
    "factor",
  ),
  [objectDistances.declaration.name]: sized("objectDistances", ["values", "objects"], ["distances"], "objects"),
  [chooseObject.declaration.name]: sized("chooseObject", ["distances", "taken"], ["chosen"], "distances"),
  [pickRows.declaration.name]: sized("pickRows", ["objects", "chosen"], ["result"], "objects"),
  [largerMaximum.declaration.name]: sized("largerMaximum", ["left", "right"], ["result", "tookRight"], "left"),
  [sgdStep.declaration.name]: (exports, call) => {
    const { minimum, maximum } = sgdStep.constantsOf(call);
    return bound(
      exports.sgdStep,
      ...pointer(call, "weight", "gradient", "schedule"),
      ...target(call, "weight"),
      sizeOf(call.inputs.weight!.shape),
      minimum,
      maximum,
    );
  },
  [momentumStep.declaration.name]: (exports, call) => {
    const { momentum, minimum, maximum } = momentumStep.constantsOf(call);
    return bound(
      exports.momentumStep,
      ...pointer(call, "weight", "gradient", "velocity", "schedule"),
      ...target(call, "weight", "velocity"),
      sizeOf(call.inputs.weight!.shape),
      momentum,
      minimum,
      maximum,
    );
  },
  [adamStep.declaration.name]: (exports, call) => {
    const { beta1, rest1, beta2, rest2, epsilon, minimum, maximum, decayIndex } = adamStep.constantsOf(call);
    return bound(
      exports.adamStep,
      ...pointer(call, "weight", "gradient", "firstMoment", "secondMoment", "schedule"),
      ...target(call, "weight", "firstMoment", "secondMoment"),
      sizeOf(call.inputs.weight!.shape),
      decayIndex,
      beta1,
      rest1,
      beta2,
      rest2,
      epsilon,
      minimum,
      maximum,
    );
  },
};

/** What the rule `rectified` makes of two steps. */
const fusedBinders: Readonly<Record<string, Binder>> = {
  [addBiasRelu.declaration.name]: periodicKernel("addBias", "bias", "result", 1),
  [maxPoolTransportRelu.declaration.name]: poolKernel("maxPoolTransport", ["error", "rates"], "result", 1),
};

/** Prepares a call of a kernel that the module stands in for. */
export const bindSimd: Binder = (exports, call) => binders[call.kernel.name]!(exports, call);

/** Memory-bound kernels in WebAssembly SIMD, four lanes at a time, in place in the program's memory. */
export const simd: AcceleratorKind = accelerator(binders);

/** The same, with rectification in one pass with what comes before it. */
export const fusingSimd: AcceleratorKind = { ...accelerator({ ...binders, ...fusedBinders }), rules: [rectified] };

function accelerator(offered: Readonly<Record<string, Binder>>): AcceleratorKind {
  return {
    name: "simd",
    kernels: new Set(Object.keys(offered)),

    async probe() {
      try {
        await compiledModule();
        return { available: true, detail: "WebAssembly SIMD" };
      } catch (error) {
        return { available: false, detail: `this engine has no WebAssembly SIMD (${String(error)})` };
      }
    },

    async open(memory) {
      const exports = await openSimd(memory);
      return {
        bind: (call) => offered[call.kernel.name]!(exports, call),
        allFinite: ({ byteOffset, length }) => exports.allFinite(byteOffset, length) === 1,
        async dispose() {},
      };
    },
  };
}
