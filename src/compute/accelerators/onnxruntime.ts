import { MessageChannel } from "node:worker_threads";
import type { Availability, BufferView } from "../accelerator.ts";
import { DeviceError, firstLine } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import { contractionThreads } from "../threads.ts";
import { gemmModel } from "./onnx-model.ts";
import { type Operands, type ProductProvider, smallProduct, type Transposes } from "./products.ts";

type Runtime = typeof import("onnxruntime-node");

async function load(): Promise<Runtime> {
  return import("onnxruntime-node");
}

/**
 * Products by ONNX Runtime (package onnxruntime-node): one session for each list of transposes, sizes symbolic, inputs and
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
    const discard = tensorDiscarder();
    /** A session is made when it is first run. */
    const sessionOf = async (transposes: readonly Transposes[], addend: boolean, isSmall: boolean) => {
      const key = JSON.stringify([transposes, addend, isSmall]);
      const known = sessions.get(key);
      if (known) return known;
      const made = await runtime.InferenceSession.create(gemmModel(transposes, { addend }), isSmall ? alone : shared);
      sessions.set(key, made);
      return made;
    };
    const tensor = (view: { values: Float32Array; shape: readonly number[] }) =>
      new runtime.Tensor("float32", view.values, view.shape);
    const bind = (operands: readonly Operands[], addend: BufferView | undefined, sum: BufferView, isSmall: boolean) => {
      const feeds = Object.fromEntries([
        ...operands.flatMap(({ left, right }, index) => [
          [`left-${index}`, tensor(left)],
          [`right-${index}`, tensor(right)],
        ]),
        ...(addend ? [["addend", tensor(addend)]] : []),
      ]);
      const fetches = { product: tensor(sum) };
      const transposes = operands.map((each) => each.transposes);
      let session: import("onnxruntime-node").InferenceSession | undefined;
      return async () => {
        session ??= await sessionOf(transposes, addend !== undefined, isSmall);
        discard((await session.run(feeds, fetches)).product!);
      };
    };
    return {
      bind(left, right, product, transposes) {
        const inner = left.shape[transposes[0] ? 0 : 1]!;
        const isSmall = sizeOf(product.shape) * inner <= smallProduct;
        return bind([{ left, right, transposes }], undefined, product, isSmall);
      },
      bindSum: (operands, addend, sum) => bind(operands, addend, sum, true),
      async dispose() {
        for (const session of sessions.values()) await session.release();
      },
    };
  },
};

/**
 * ONNX Runtime writes a product where it is asked to and hands out a copy of it as well. Left to the garbage collector, these
 * copies are taken for a shortage of memory, and it runs at every step: a dense training step of 44 ms took 68 in a program
 * that had closed an earlier session. A closed port takes what is posted to it and lets go of it at once.
 */
function tensorDiscarder(): (tensor: import("onnxruntime-node").Tensor) => void {
  const { port1: closed } = new MessageChannel();
  closed.close();
  return ({ data }) => closed.postMessage(null, [(data as Float32Array<ArrayBuffer>).buffer]);
}

/**
 * Each session of large products has threads of its own. Where they spin while waiting, the threads of one session take the cores from
 * the next (measured: a dense training step takes 1.7 times as long), so they sleep.
 */
const sessionOptions = {
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: "0" } } },
} as const;
