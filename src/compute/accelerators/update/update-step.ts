import { sizeOf } from "../../shape.ts";
import type { BoundCall, BufferView, RunCall } from "../accelerator.ts";
import { bindSimd } from "../simd/simd.ts";
import type { Tools } from "../window/tools.ts";
import { updateSteps } from "./fusion.ts";

/** Constants of a fused step: those of its product, besides the optimiser's. */
export interface UpdateSizes {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Where the left operand is a vector spread over units: how many. */
  readonly units?: number;
}

/**
 * Chunks of gradient that are made at a time: large enough that few products do, and still in the cache when the
 * optimiser reads them.
 */
const chunksAtOnce = 1.5;

const rowsAtOnce = ({ rows, columns }: UpdateSizes, chunkBytes: number): number =>
  Math.max(1, Math.min(rows, Math.floor((chunksAtOnce * chunkBytes) / (4 * columns))));

/** Scratch: some rows of the gradient, and the left operand with its rows next to each other. */
export function updateStepScratch(sizes: UpdateSizes, chunkBytes: number): Record<string, number> {
  const { rows, columns, inner, units } = sizes;
  const atOnce = rowsAtOnce(sizes, chunkBytes);
  return {
    gradient: 4 * atOnce * columns,
    ...(units === undefined
      ? { left: 4 * rows * inner }
      : { left: 4 * atOnce * inner, scale: 4 * units * inner, vector: 4 * (rows / units) * inner }),
  };
}

/** Binds a fused step: some rows of the gradient by one product, and the optimiser on them while they are in the cache. */
export function bindUpdateStep(tools: Tools, sizes: UpdateSizes, call: BoundCall): RunCall {
  const { products, view, scratch } = tools;
  const { rows, columns } = sizes;
  const atOnce = rowsAtOnce(sizes, tools.chunkBytes);
  const operand = leftOperand(tools, sizes, call);
  const parts = Array.from({ length: Math.ceil(rows / atOnce) }, (_, index) => {
    const first = index * atOnce;
    const count = Math.min(atOnce, rows - first);
    const gradient = view(scratch.gradient!, count, columns);
    const left = operand.rows(first, count);
    return {
      prepare: left.prepare,
      multiply: products.bind(left.view, call.inputs.right!, gradient, [false, false]),
      descend: bindSimd(tools.simd, optimiserCall(tools, sizes, call, { first, count, gradient })),
    };
  });
  return async () => {
    operand.prepare();
    for (const { prepare, multiply, descend } of parts) {
      prepare();
      await multiply();
      descend();
    }
  };
}

/** Rows of the left operand, transposed, as they are asked for. */
interface LeftOperand {
  prepare(): void;
  rows(first: number, count: number): { readonly view: BufferView; prepare(): void };
}

function leftOperand({ simd, view, scratch }: Tools, sizes: UpdateSizes, { inputs }: BoundCall): LeftOperand {
  const { rows, inner, units } = sizes;
  const left = scratch.left!;
  if (units === undefined)
    return {
      prepare: () => simd.transposeMatrix!(inputs.left!.offset, left, inner, rows),
      rows: (first, count) => ({ view: view(left + 4 * first * inner, count, inner), prepare() {} }),
    };
  const scale = scratch.scale!;
  const vector = scratch.vector!;
  return {
    prepare() {
      simd.transposeMatrix!(inputs.scale!.offset, scale, inner, units);
      simd.transposeMatrix!(inputs.vector!.offset, vector, inner, rows / units);
    },
    rows: (first, count) => ({
      view: view(left, count, inner),
      prepare() {
        // Row k * units + n is component k of every vector times the factor of unit n.
        for (let row = first; row < first + count; ) {
          const component = Math.floor(row / units);
          const unit = row - component * units;
          const stretch = Math.min(units - unit, first + count - row);
          const target = left + 4 * (row - first) * inner;
          simd.applyGate!(scale + 4 * unit * inner, vector + 4 * component * inner, target, 1, stretch, inner);
          row += stretch;
        }
      },
    }),
  };
}

/** The optimiser's step on some rows: of everything as large as the weights their part, of the rest all. */
function optimiserCall(
  { view }: Tools,
  { rows, columns }: UpdateSizes,
  { kernel, inputs, outputs, constants }: BoundCall,
  { first, count, gradient }: { first: number; count: number; gradient: BufferView },
): BoundCall {
  const part = (views: BoundCall["inputs"]) =>
    Object.fromEntries(
      Object.entries(views).map(([name, whole]) => [
        name,
        sizeOf(whole.shape) === rows * columns ? view(whole.offset + 4 * first * columns, count, columns) : whole,
      ]),
    );
  const { left: _left, right: _right, vector: _vector, scale: _scale, ...own } = inputs;
  return {
    kernel: { name: updateSteps[kernel.name]! },
    inputs: { ...part(own), gradient },
    outputs: part(outputs),
    constants,
  };
}
