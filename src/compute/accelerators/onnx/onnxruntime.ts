import { DeviceError, firstLine } from "../../../kinds/errors.ts";
import { platform } from "../../../platform/node.ts";
import { sizeOf } from "../../shape.ts";
import { contractionThreads, coresAreShared } from "../../threads.ts";
import type { Availability } from "../accelerator.ts";
import { type ProductProvider, smallProduct } from "../products.ts";
import { productGraph, stretchGraph } from "./graphs.ts";
import { type OnnxGraph, onnxModel } from "./model.ts";
import { hasOperator } from "./operators.ts";
import { holdSessions } from "./shared-sessions.ts";

type Runtime = typeof import("onnxruntime-node");

async function load(): Promise<Runtime> {
  return (await platform.loadPackage("onnxruntime-node")) as Runtime;
}

/** Values in the program's memory as a tensor. */
interface TensorView {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/**
 * Products by ONNX Runtime (package onnxruntime-node), and stretches of small steps as graphs of its operators. Inputs and
 * outputs are windows of the program's memory. One session serves all small products with the same operands transposed, one all
 * large ones, and one each stretch, in all programs that a process has loaded.
 */
export const onnxruntime: ProductProvider = {
  name: "onnxruntime",
  takes: hasOperator,

  async probe(): Promise<Availability> {
    // An impossible number of threads is refused before any work.
    contractionThreads(platform.processors());
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
    const threads = contractionThreads(platform.processors());
    const all = threads === undefined ? {} : { intraOpNumThreads: threads };
    const few = { intraOpNumThreads: threads ?? Math.min(mostTogether, platform.processors()) };
    const own = coresAreShared() ? { between: waiting.asleep, within: waiting.asleep } : waiting;
    const options = {
      alone: { ...sessionOptions, intraOpNumThreads: 1, extra: waiting.asleep },
      woken: { ...sessionOptions, ...all, extra: own.between },
      // A stretch has nothing left to shorten, and with thousands of products looking for it takes seconds.
      together: { ...sessionOptions, ...few, graphOptimizationLevel: "disabled" as const, extra: own.within },
    };
    const sessions = holdSessions(runtime);
    const discard = tensorDiscarder();
    /** Runs a graph on windows of the program's memory; the session is made when it is first run. */
    const bindGraph = (graph: OnnxGraph, views: Readonly<Record<string, TensorView>>, crew: keyof typeof options) => {
      const tensors = (names: object) =>
        Object.fromEntries(
          Object.keys(names).map((name) => {
            const { values, shape } = views[name]!;
            return [name, new runtime.Tensor("float32", values, shape)];
          }),
        );
      const [feeds, fetches] = [tensors(graph.inputs), tensors(graph.outputs)];
      const key = JSON.stringify(graph);
      let session: import("onnxruntime-node").InferenceSession | undefined;
      return async () => {
        session ??= await sessions.of(key, () => onnxModel(graph), options[crew]);
        for (const result of Object.values(await session.run(feeds, fetches))) discard(result);
      };
    };
    return {
      bind(left, right, product, transposes) {
        const inner = left.shape[transposes[0] ? 0 : 1]!;
        const isSmall = sizeOf(product.shape) * inner <= smallProduct;
        return bindGraph(productGraph(transposes), { left, right, product }, isSmall ? "alone" : "woken");
      },
      bindStretch({ parts, inputs, outputs }) {
        const graph = stretchGraph(parts, Object.keys(outputs));
        const views = Object.entries({ ...graph.inputs, ...graph.outputs }).map(([name, shape]) => {
          const { values } = (inputs[name] ?? outputs[name])!;
          return [name, { values, shape: shape as readonly number[] }];
        });
        return bindGraph(graph, Object.fromEntries(views), "together");
      },
      dispose: () => sessions.release(),
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

const sessionOptions = {
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
} as const;

/** Threads that divide the small products of a stretch: each has its own, in every stretch of every plan. */
const mostTogether = 4;

/**
 * Each session has threads of its own. Where they spin as long as they like, the threads of one session take the cores from
 * the next (measured: a dense training step takes 1.7 times as long); where they sleep at once, each product waits for them to
 * wake up. So they spin for a moment, which spans the work between two products of one step (measured, sleeping at once, 100,
 * 300 and 1000 us: a test batch of attention 90, 87, 81 and 101 ms, a step of the conv network 240, 243, 204 and 205, of the
 * dense one 37.5, 37.6, 38.4 and 40.8), and as long as a stretch of small products goes on (modules over 5 time steps: 3.9 ms
 * instead of 4.4 with one thread and 5.2 with threads that sleep). Where other processes want the cores they sleep at once.
 */
const waiting = {
  asleep: { session: { intra_op: { allow_spinning: "0" } } },
  between: { session: { intra_op: { allow_spinning: "1", spin_duration_us: "300" } } },
  within: { session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1" } },
};
