import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AcceleratorKind, BufferView } from "../../../src/compute/accelerators/accelerator.ts";
import { contractions } from "../../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../../src/compute/accelerators/onnx/onnxruntime.ts";
import { simd } from "../../../src/compute/accelerators/simd/simd.ts";
import { tfjs } from "../../../src/compute/accelerators/tfjs.ts";
import { alignedBytes } from "../../../src/compute/buffers.ts";
import { recordedSteps, tracePlan } from "../../../src/compute/plan.ts";
import { type Shape, sizeOf } from "../../../src/compute/shape.ts";
import type { TracedStep } from "../../../src/compute/step.ts";
import { type KernelCase, withSpecialValue } from "../../arbitraries/kernels-values.ts";
import { watched } from "../accelerated.ts";
import { expectOracle } from "../hold-kernels-to-oracles.ts";
import { type AnyKernel, catalogue, cataloguedKernel } from "../kernel-catalogue.ts";
import { argumentsOf, runKernels, runKernelsInPlace, several } from "../run-kernel.ts";
import { specialInputs } from "../special-inputs.ts";

/** Each of several calls. */
const runs = { numRuns: 2 };
/** Few patches at a time, so that windows of drawn sizes are cut into several. */
const chunkBytes = 1024;
const providers = [onnxruntime, tfjs].map((provider) => contractions(provider, { chunkBytes }));
const kinds: readonly AcceleratorKind[] = [simd, ...providers];
const pairs = (
  await Promise.all(
    kinds.map(async (kind) =>
      (await kind.probe()).available ? [...kind.kernels].map((name) => ({ kind, accelerator: kind.name, name })) : [],
    ),
  )
).flat();

describe("an accelerator", () => {
  test.for(kinds)("$name says what it is, or why it is not there", async (kind) => {
    const { available, detail } = await kind.probe();
    expect(detail).not.toBe("");
    if (!available) console.warn(`${kind.name} is not tested: ${detail}`);
  });

  test("of the contractions offers all of them, simd none", async () => {
    const family = (name: string) => cataloguedKernel(name).declaration.family;
    for (const { accelerator, name } of pairs) expect(family(name) === "contraction").toBe(accelerator !== "simd");
    const all = catalogue.filter(({ declaration }) => declaration.family === "contraction").map(({ name }) => name);
    for (const { kernels } of providers) expect([...kernels].sort()).toEqual(all.sort());
  });

  test.for(pairs)(
    "$accelerator: $name equals its oracle, and leaves its arguments and the memory around its results alone",
    async ({ kind, name }) => {
      const entry = cataloguedKernel(name);
      const { executor, bound } = watched(kind);
      await fc.assert(
        fc.asyncProperty(several(entry.cases), async (calls) => {
          bound.length = 0;
          const results = await runKernels(executor, entry.kernel, calls, async (session, found) => {
            const { values } = argumentsOf(calls);
            for (const [argument, given] of Object.entries(values)) expect(await session.read(argument)).toEqual(given);
            for (const { buffer, byteOffset, byteLength } of Object.values(found)) {
              // What is left of the last 64 bytes belongs to nobody and was never written.
              const end = byteOffset + byteLength;
              const padding = new Float32Array(buffer, end, ((64 - (end % 64)) % 64) / 4);
              expect([...padding]).toEqual(new Array(padding.length).fill(0));
            }
          });
          expect(new Set(bound)).toEqual(new Set([name]));
          expectOracle(entry, calls, results);
        }),
        runs,
      );
    },
  );

  test.for(pairs.filter(({ name }) => cataloguedKernel(name).declaration.inPlace))(
    "$accelerator: $name written over its own arguments equals its oracle",
    async ({ kind, name }) => {
      const entry = cataloguedKernel(name);
      const { executor, bound } = watched(kind);
      await fc.assert(
        fc.asyncProperty(several(entry.cases), async (calls) => {
          bound.length = 0;
          const results = await runKernelsInPlace(executor, entry.kernel, calls);
          expect(new Set(bound)).toEqual(new Set([name]));
          expectOracle(entry, calls, results);
        }),
        runs,
      );
    },
  );

  test.for(pairs.filter(({ name }) => specialInputs[name]))(
    "$accelerator: $name treats NaN and infinities as its oracle does",
    async ({ kind, name }) => {
      const entry = cataloguedKernel(name);
      const { executor } = watched(kind);
      await fc.assert(
        fc.asyncProperty(several(withSpecialValue(entry.cases, specialInputs[name]!)), async (calls) => {
          expectOracle(entry, calls, await runKernels(executor, entry.kernel, calls));
        }),
        runs,
      );
    },
  );

  test.for(pairs)("$accelerator: $name writes all of its results, whatever was there", async ({ kind, name }) => {
    const { kernel, cases } = cataloguedKernel(name);
    await fc.assert(
      fc.asyncProperty(several(cases), async (calls) => {
        expect(await writtenOver(kind, kernel, calls, Number.NaN)).toEqual(await writtenOver(kind, kernel, calls, 0));
      }),
      runs,
    );
  });
});

/** What calls write into a memory that was full of a value before, results and scratch alike. */
async function writtenOver(
  kind: AcceleratorKind,
  kernel: AnyKernel,
  calls: readonly KernelCase[],
  value: number,
): Promise<Float32Array[]> {
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 32 });
  // The first page belongs to the accelerator's module.
  let end = 65536;
  new Float32Array(memory.buffer, end).fill(value);
  const place = (shape: Shape): BufferView => {
    const offset = end;
    end += alignedBytes(sizeOf(shape));
    return { shape, offset, values: new Float32Array(memory.buffer, offset, sizeOf(shape)) };
  };
  const placed = (shapes: Readonly<Record<string, Shape>>) =>
    Object.fromEntries(Object.entries(shapes).map(([argument, shape]) => [argument, place(shape)]));
  const bound = calls.map(({ inputs, attributes }) => {
    const plan = tracePlan("call", {}, (trace) => {
      const given = Object.entries(inputs).map(([input, { shape }]) => [input, trace.input(input, shape)]);
      for (const [output, tensor] of Object.entries(kernel(Object.fromEntries(given), attributes)))
        trace.output(output, tensor);
    });
    const [step] = recordedSteps(plan) as [TracedStep];
    const given = placed(step.inputShapes);
    for (const [input, { values }] of Object.entries(inputs)) given[input]!.values.set(values);
    return { ...step, inputs: given, outputs: placed(step.outputShapes), parts: [step] };
  });
  const accelerator = await kind.open(memory, end);
  try {
    for (const call of bound) await accelerator.bind(call)();
    return bound.flatMap(({ outputs }) => Object.values(outputs).map(({ values }) => values.slice()));
  } finally {
    await accelerator.dispose();
  }
}

test("a contraction provider multiplies a matrix with itself", async () => {
  for (const kind of providers) {
    if (!(await kind.probe()).available) continue;
    const plan = tracePlan("square", {}, (trace) => {
      const matrix = trace.input("matrix", [2, 2]);
      const { kernel } = cataloguedKernel("matrix-product");
      trace.output("square", kernel({ left: matrix, right: matrix }, {}).product!);
    });
    const session = await watched(kind).executor.load({ residents: {}, plans: { square: plan } });
    const [results] = await session.run("square", [{ matrix: Float32Array.of(1, 2, 3, 4) }]);
    expect([...results!.square!]).toEqual([7, 10, 15, 22]);
    await session.dispose();
  }
});
