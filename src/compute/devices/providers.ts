import type { AcceleratorKind } from "../accelerators/accelerator.ts";
import { contractions } from "../accelerators/contractions.ts";
import { onnxruntime } from "../accelerators/onnx/onnxruntime.ts";
import { tfjs } from "../accelerators/tfjs.ts";

/** GPU.js itself: nothing stands in for its kernels. */
const gpujs: AcceleratorKind = {
  name: "gpujs",
  kernels: new Set(),
  probe: async () => ({ available: true, detail: "the GPU.js kernels themselves" }),
  open: async () => ({
    bind: () => {
      throw new Error("gpujs accelerates nothing");
    },
    dispose: async () => {},
  }),
};

/** Contraction providers of the cpu device, the fastest first. */
export const providers: Readonly<Record<string, AcceleratorKind>> = {
  onnxruntime: contractions(onnxruntime),
  tfjs: contractions(tfjs),
  gpujs,
};

/** The same with maps of gated units computed in one step, which goes with the other accelerators. */
export const fusing: Readonly<Record<string, AcceleratorKind>> = {
  onnxruntime: contractions(onnxruntime, { fused: true }),
  tfjs: contractions(tfjs, { fused: true }),
  gpujs,
};
