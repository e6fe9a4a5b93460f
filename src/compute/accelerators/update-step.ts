import { type UpdateSizes, updateSteps } from "../lowering/update.ts";
import { sizeOf } from "../shape.ts";
import type { BoundCall, BufferView, KernelCall, RunCall } from "./accelerator.ts";
import { type PiecedStep, pieced, type Scratch } from "./pieced-step.ts";
import { bindSimd } from "./simd/simd.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Chunks of gradient that are made at a time: large enough that few products do, and still in the cache when the
 * optimiser reads them.
 */
const chunksAtOnce = 1.5;

const rowsAtOnce = ({ rows, columns }: UpdateSizes, chunkBytes: number): number =>
  Math.max(1, Math.min(rows, Math.floor((chunksAtOnce * chunkBytes) / (4 * columns))));

/** Scratch: some rows of the gradient, and the left operand with its rows next to each other. */
function updateStepScratch(sizes: UpdateSizes, chunkBytes: number): Scratch {
  const { rows, columns, inner, units } = sizes;
  const atOnce = rowsAtOnce(sizes, chunkBytes);
  return {
    gradient: 4 * atOnce * columns,
    ...(units === undefined
      ? { left: 4 * rows * inner }
      : { left: 4 * atOnce * inner, scale: 4 * units * inner, vector: 4 * (rows / units) * inner }),
  };
}

/** Some rows of the gradient by one product, and the optimiser on them while they are in the cache. */
function bindUpdateStep(workspace: Workspace, sizes: UpdateSizes, call: BoundCall): RunCall {
  const { products, view, scratch } = workspace;
  const { rows, columns } = sizes;
  const atOnce = rowsAtOnce(sizes, workspace.chunkBytes);
  const operand = leftOperand(workspace, sizes, call);
  const parts = Array.from({ length: Math.ceil(rows / atOnce) }, (_, index) => {
    const first = index * atOnce;
    const count = Math.min(atOnce, rows - first);
    const gradient = view(scratch.gradient!, count, columns);
    const left = operand.rows(first, count);
    return {
      prepare: left.prepare,
      multiply: products.bind(left.view, call.inputs.right!, gradient, [false, false]),
      descend: bindSimd(workspace.simd, optimiserCall(workspace, sizes, call, { first, count, gradient })),
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

function leftOperand({ simd, view, scratch }: Workspace, sizes: UpdateSizes, { inputs }: BoundCall): LeftOperand {
  const { rows, inner, units } = sizes;
  const left = scratch.left!;
  if (units === undefined)
    return {
      prepare: () => simd.transposeMatrix(inputs.left!.offset, left, inner, rows),
      rows: (first, count) => ({ view: view(left + 4 * first * inner, count, inner), prepare() {} }),
    };
  const scale = scratch.scale!;
  const vector = scratch.vector!;
  return {
    prepare() {
      simd.transposeMatrix(inputs.scale!.offset, scale, inner, units);
      simd.transposeMatrix(inputs.vector!.offset, vector, inner, rows / units);
    },
    rows: (first, count) => ({
      view: view(left, count, inner),
      prepare() {
        // Row k * units + n is component k of every vector times the factor of unit n.
        for (let row = first; row < first + count; ) {
          const component = Math.floor(row / units);
          const unit = row - component * units;
          const length = Math.min(units - unit, first + count - row);
          const target = left + 4 * (row - first) * inner;
          simd.applyGate(scale + 4 * unit * inner, vector + 4 * component * inner, target, 1, length, inner);
          row += length;
        }
      },
    }),
  };
}

/** The optimiser's step on some rows: of everything as large as the weights their part, of the rest all. */
function optimiserCall(
  { view }: Workspace,
  { rows, columns }: UpdateSizes,
  { parts, inputs, outputs }: BoundCall,
  { first, count, gradient }: { first: number; count: number; gradient: BufferView },
): KernelCall {
  const { kernel, constants } = parts.at(-1)!;
  const part = (views: BoundCall["inputs"]) =>
    Object.fromEntries(
      Object.entries(views).map(([name, whole]) => [
        name,
        sizeOf(whole.shape) === rows * columns ? view(whole.offset + 4 * first * columns, count, columns) : whole,
      ]),
    );
  const { left: _left, right: _right, vector: _vector, scale: _scale, ...own } = inputs;
  return {
    kernel,
    inputs: { ...part(own), gradient },
    outputs: part(outputs),
    constants,
  };
}

/** The steps of all optimisers, each with the gradient made on the way. */
export const updates: readonly PiecedStep[] = [...updateSteps.values()].map((kernel) =>
  pieced(kernel, { scratch: updateStepScratch, bind: bindUpdateStep }),
);
