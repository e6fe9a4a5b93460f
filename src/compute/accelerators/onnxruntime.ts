import type { Availability } from "../accelerator.ts";
import { DeviceError, firstLine } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import { contractionThreads } from "../threads.ts";
import { gemmModel } from "./onnx-model.ts";
import type { ProductProvider } from "./products.ts";

type Runtime = typeof import("onnxruntime-node");

async function load(): Promise<Runtime> {
  return import("onnxruntime-node");
}

/**
 * Products by ONNX Runtime (package onnxruntime-node): one session for each pair of transposes, sizes symbolic, inputs and
 * outputs are windows of the program's memory, so nothing is copied.
 */
export const onnxruntime: ProductProvider = {
  name: "onnxruntime",

  async probe(): Promise<Availability> {
    // A number of threads that is none is told before any work.
    contractionThreads();
    try {
      const runtime = await load();
      return { available: true, detail: `onnxruntime-node ${runtime.env.versions.node ?? ""}`.trim() };
    } catch (error) {
      return { available: false, detail: `the package onnxruntime-node cannot be loaded: ${firstLine(error)}` };
    }
  },

  async open() {
    let runtime: Runtime;
    try {
      runtime = await load();
    } catch (error) {
      throw new DeviceError(
        `provider "onnxruntime" is not available: the package onnxruntime-node cannot be loaded (${firstLine(error)}); use another provider`,
      );
    }
    const threads = contractionThreads();
    const shared = threads === undefined ? sessionOptions : { ...sessionOptions, intraOpNumThreads: threads };
    const alone = { ...sessionOptions, intraOpNumThreads: 1 };
    const sessions = new Map<string, import("onnxruntime-node").InferenceSession>();
    for (const left of [false, true])
      for (const right of [false, true])
        for (const [kind, options] of Object.entries({ shared, alone }))
          sessions.set(
            `${left} ${right} ${kind}`,
            await runtime.InferenceSession.create(gemmModel(left, right), options),
          );
    return {
      bind(left, right, product, [transposeLeft, transposeRight]) {
        const inner = left.shape[transposeLeft ? 0 : 1]!;
        const kind = sizeOf(product.shape) * inner <= mostAlone ? "alone" : "shared";
        const session = sessions.get(`${transposeLeft} ${transposeRight} ${kind}`)!;
        const tensor = (view: { values: Float32Array; shape: readonly number[] }) =>
          new runtime.Tensor("float32", view.values, view.shape);
        const feeds = { left: tensor(left), right: tensor(right) };
        const fetches = { product: tensor(product) };
        return async () => {
          await session.run(feeds, fetches);
        };
      },
      async dispose() {
        for (const session of sessions.values()) await session.release();
      },
    };
  },
};

/**
 * Multiplications up to which one thread does a product: it is done before another has woken up (measured: 256 x 100 x 100
 * in 52 us alone, in 66 us on two cores).
 */
const mostAlone = 2 ** 22;

/**
 * Each session has threads of its own. Where they spin while waiting, the threads of one session take the cores from
 * the next (measured: a dense training step takes 1.7 times as long), so they sleep.
 */
const sessionOptions = {
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: "0" } } },
} as const;
