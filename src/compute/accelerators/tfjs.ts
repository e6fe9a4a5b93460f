import { DeviceError, firstLine } from "../../kinds/errors.ts";
import { platform } from "../../platform/node.ts";
import type { Availability, BufferView } from "./accelerator.ts";
import type { ProductProvider } from "./products.ts";

/** The part of TensorFlow.js that the provider uses; the packages themselves are optional. */
interface TensorFlow {
  tensor2d(values: Float32Array, shape: [number, number]): TensorFlowTensor;
  matMul(a: TensorFlowTensor, b: TensorFlowTensor, transposeA: boolean, transposeB: boolean): TensorFlowTensor;
  tidy<T>(work: () => T): T;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  getBackend(): string;
  version: Readonly<Record<string, string>>;
}
interface TensorFlowTensor {
  dataSync(): Float32Array;
}

/** What to load, in order of speed. */
const candidates = [
  { packages: ["@tensorflow/tfjs-node"], backend: "tensorflow" },
  { packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"], backend: "wasm" },
];

let loaded: Promise<{ tf: TensorFlow; detail: string } | { reason: string }> | undefined;

async function load(): Promise<{ tf: TensorFlow; detail: string } | { reason: string }> {
  const missing: string[] = [];
  for (const { packages, backend } of candidates) {
    try {
      const [tf] = (await Promise.all(packages.map((name) => platform.loadPackage(name)))) as {
        default?: TensorFlow;
      }[];
      const library = (tf?.default ?? tf) as TensorFlow;
      if (!(await library.setBackend(backend))) throw new Error(`backend "${backend}" does not start`);
      await library.ready();
      return {
        tf: library,
        detail: `${packages.join(" + ")} ${library.version.tfjs ?? ""}, backend ${library.getBackend()}`,
      };
    } catch (error) {
      missing.push(`${packages.join(" + ")}: ${firstLine(error)}`);
    }
  }
  return { reason: `install @tensorflow/tfjs-node to use it (${missing.join("; ")})` };
}

/**
 * Products by TensorFlow.js: @tensorflow/tfjs-node where the user has installed it, else @tensorflow/tfjs with its
 * WebAssembly backend. Operands are copied into its tensors and the product back.
 */
export const tfjs: ProductProvider = {
  name: "tfjs",

  async probe(): Promise<Availability> {
    loaded ??= load();
    const found = await loaded;
    return "tf" in found ? { available: true, detail: found.detail } : { available: false, detail: found.reason };
  },

  async open() {
    loaded ??= load();
    const found = await loaded;
    if (!("tf" in found)) throw new DeviceError(`provider "tfjs" is not available: ${found.reason}`);
    const { tf } = found;
    // A copy: TensorFlow.js may keep the array it is given, and the memory's windows change under it.
    const tensor = ({ values, shape }: BufferView) => tf.tensor2d(values.slice(), shape as [number, number]);
    return {
      bind: (left, right, product, transposes) => () => {
        product.values.set(tf.tidy(() => tf.matMul(tensor(left), tensor(right), ...transposes).dataSync()));
      },
      async dispose() {},
    };
  },
};
