import type { AcceleratorKind, BoundCall, RunCall } from "../../accelerator.ts";
import { DeviceError } from "../../errors.ts";
import { alternatingRelu, alternatingReluSlope, relu, reluSlope } from "../../kernels/gain.ts";
import { applyGate, projectOnVector, spreadVector, vectorGateMask } from "../../kernels/gate.ts";
import { adamStep, momentumStep, sgdStep } from "../../kernels/optimiser.ts";
import { add, addBias, multiply } from "../../kernels/pointwise.ts";
import { averagePool, averagePoolTransport, maxPool, maxPoolTransport } from "../../kernels/pooling.ts";
import { sumPositions } from "../../kernels/reduction.ts";
import { sizeOf } from "../../shape.ts";
import { simdModule } from "./module.generated.ts";

/** What the module offers: see assembly/. */
export type SimdExports = Readonly<Record<string, (...values: number[]) => void>>;
type Binder = (exports: SimdExports, call: BoundCall) => RunCall;

const pointer = (call: BoundCall, ...inputs: string[]) => inputs.map((name) => call.inputs[name]!.offset);
const target = (call: BoundCall, ...outputs: string[]) => outputs.map((name) => call.outputs[name]!.offset);

/** Binds an export whose arguments are known before the first run. */
function bound(run: ((...values: number[]) => void) | undefined, ...values: number[]): RunCall {
  return () => run!(...values);
}

/** Kernels with [batch, dimension, units] on one side: both inputs, the output, then the three sizes. */
function vectorKernel(name: string, first: string, second: string, output: string, sizesOf: string): Binder {
  return (exports, call) => {
    const { dimension, units } = call.constants as { dimension: number; units: number };
    const batch = (call.inputs[sizesOf] ?? call.outputs[sizesOf])!.shape[0]!;
    return bound(exports[name], ...pointer(call, first, second), ...target(call, output), batch, dimension, units);
  };
}

/** Kernels of a drive [batch, dimension, units] and values that repeat along its units. */
function periodicKernel(name: string, periodic: string, output: string): Binder {
  return (exports, call) => {
    const { dimension, units, period } = call.constants as { dimension: number; units: number; period: number };
    const sizes = [call.inputs.drive!.shape[0]!, dimension, units / period, period];
    return bound(exports[name], ...pointer(call, "drive", periodic), ...target(call, output), ...sizes);
  };
}

/** Gains that act on each element alone. */
function elementwise(name: string): Binder {
  return (exports, call) =>
    bound(exports[name], ...pointer(call, "values"), ...target(call, "result"), sizeOf(call.inputs.values!.shape));
}

/** Gains that tell even from odd units, the last dimension. */
function alternating(name: string): Binder {
  return (exports, call) => {
    const { shape } = call.inputs.values!;
    const columns = shape[shape.length - 1]!;
    return bound(
      exports[name],
      ...pointer(call, "values"),
      ...target(call, "result"),
      sizeOf(shape) / columns,
      columns,
    );
  };
}

/** Pools and their transposes: inputs and output, then samples and the window's sizes. */
function poolKernel(name: string, inputs: readonly string[], output: string, ...more: readonly number[]): Binder {
  return (exports, call) => {
    const { height, width, channels, kernel, stride, outHeight, outWidth } = call.constants as Record<string, number>;
    const samples = call.outputs[output]!.shape[0]!;
    const sizes = [samples, height!, width!, channels!, kernel!, stride!, outHeight!, outWidth!];
    return bound(exports[name], ...pointer(call, ...inputs), ...target(call, output), ...sizes, ...more);
  };
}

/** How each kernel is called, by the kernel's name. */
const binders: Readonly<Record<string, Binder>> = {
  [add.declaration.name]: (exports, call) =>
    bound(exports.add, ...pointer(call, "left", "right"), ...target(call, "result"), sizeOf(call.inputs.left!.shape)),
  [multiply.declaration.name]: (exports, call) =>
    bound(
      exports.multiply,
      ...pointer(call, "left", "right"),
      ...target(call, "result"),
      sizeOf(call.inputs.left!.shape),
    ),
  [addBias.declaration.name]: periodicKernel("addBias", "bias", "result"),
  [vectorGateMask.declaration.name]: periodicKernel("vectorGateMask", "gatingVectors", "mask"),
  [applyGate.declaration.name]: vectorKernel("applyGate", "values", "mask", "result", "values"),
  [spreadVector.declaration.name]: vectorKernel("spreadVector", "vector", "scale", "result", "vector"),
  [projectOnVector.declaration.name]: vectorKernel("projectOnVector", "rates", "vector", "result", "rates"),
  [relu.declaration.name]: elementwise("relu"),
  [reluSlope.declaration.name]: elementwise("reluSlope"),
  [alternatingRelu.declaration.name]: alternating("alternatingRelu"),
  [alternatingReluSlope.declaration.name]: alternating("alternatingReluSlope"),
  [averagePool.declaration.name]: poolKernel("pool", ["rates"], "pooled", 0),
  [maxPool.declaration.name]: poolKernel("pool", ["rates"], "pooled", 1),
  [averagePoolTransport.declaration.name]: poolKernel("averagePoolTransport", ["error"], "result"),
  [maxPoolTransport.declaration.name]: poolKernel("maxPoolTransport", ["error", "rates"], "result"),
  [sumPositions.declaration.name]: (exports, call) =>
    bound(
      exports.sumPositions,
      ...pointer(call, "values"),
      ...target(call, "sums"),
      ...(call.inputs.values!.shape as [number, number, number]),
    ),
  [sgdStep.declaration.name]: (exports, call) => {
    const { minimum, maximum } = call.constants as { minimum: number; maximum: number };
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
    const { momentum, minimum, maximum } = call.constants as { momentum: number; minimum: number; maximum: number };
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
    const { beta1, rest1, beta2, rest2, epsilon, minimum, maximum, keepIndex } = call.constants as Record<
      string,
      number
    >;
    return bound(
      exports.adamStep,
      ...pointer(call, "weight", "gradient", "firstMoment", "secondMoment", "schedule"),
      ...target(call, "weight", "firstMoment", "secondMoment"),
      sizeOf(call.inputs.weight!.shape),
      keepIndex!,
      beta1!,
      rest1!,
      beta2!,
      rest2!,
      epsilon!,
      minimum!,
      maximum!,
    );
  },
};

/** Prepares a call of a kernel that the module stands in for. */
export const bindSimd: Binder = (exports, call) => binders[call.kernel.name]!(exports, call);

/** Memory-bound kernels in WebAssembly SIMD, four lanes at a time, in place in the program's memory. */
export const simd: AcceleratorKind = {
  name: "simd",

  async probe() {
    try {
      await WebAssembly.compile(moduleBytes());
      return { available: true, detail: "WebAssembly SIMD" };
    } catch (error) {
      return { available: false, detail: `this engine has no WebAssembly SIMD (${String(error)})` };
    }
  },

  async open(memory) {
    const exports = await openSimd(memory);
    return {
      name: "simd",
      kernels: new Set(Object.keys(binders)),
      bind: (call) => bindSimd(exports, call),
      async dispose() {},
    };
  },
};

/**
 * The SIMD module on a memory.
 *
 * @throws DeviceError when it does not start
 */
export async function openSimd(memory: WebAssembly.Memory): Promise<SimdExports> {
  try {
    const { instance } = await WebAssembly.instantiate(moduleBytes(), { env: { memory } });
    return instance.exports as unknown as SimdExports;
  } catch (error) {
    throw new DeviceError(`accelerator "simd" does not start (${String(error)}); switch accelerators off`);
  }
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(simdModule), (character) => character.charCodeAt(0));
}
