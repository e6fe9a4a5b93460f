import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AcceleratorKind, BufferView } from "../../src/compute/accelerator.ts";
import { contractions } from "../../src/compute/accelerators/contractions.ts";
import { onnxruntime } from "../../src/compute/accelerators/onnx/onnxruntime.ts";
import { simd } from "../../src/compute/accelerators/simd/simd.ts";
import { tfjs } from "../../src/compute/accelerators/tfjs.ts";
import { alignedBytes } from "../../src/compute/buffers.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { type Shape, sizeOf } from "../../src/compute/shape.ts";
import { withSpecialValue } from "../arbitraries/kernels-values.ts";
import { definition, kernelsOf, watched } from "./accelerated.ts";
import { expectClose, magnitudeOf } from "./closeness.ts";
import { catalogue, cataloguedKernel } from "./kernel-catalogue.ts";
import { runKernel, runKernelInPlace } from "./run-kernel.ts";
import { specialInputs } from "./special-inputs.ts";

const runs = { numRuns: 15 };
/** Few patches at a time, so that windows of drawn sizes are cut into several. */
const chunkBytes = 1024;
const providers = [onnxruntime, tfjs].map((provider) => contractions(provider, { chunkBytes }));
const kinds: readonly AcceleratorKind[] = [simd, ...providers];
const pairs = (
  await Promise.all(
    kinds.map(async (kind) =>
      (
        await kind.probe()
      ).available
        ? (await kernelsOf(kind)).map((name) => ({ kind, accelerator: kind.name, name }))
        : [],
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
    for (const kind of providers)
      if ((await kind.probe()).available) expect((await kernelsOf(kind)).sort()).toEqual(all.sort());
  });

  test.for(pairs)("$accelerator: $name equals the kernel itself", async ({ kind, name }) => {
    const { kernel, oracle, cases } = cataloguedKernel(name);
    const { executor, bound } = watched(kind);
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        bound.length = 0;
        const accelerated = await runKernel(executor, kernel, drawn);
        expect(bound).toEqual([name]);
        expectClose(accelerated, await runKernel(definition, kernel, drawn), magnitudeOf(oracle, drawn));
      }),
      runs,
    );
  });

  test.for(pairs.filter(({ name }) => cataloguedKernel(name).declaration.inPlace))(
    "$accelerator: $name written over its own arguments equals the kernel itself",
    async ({ kind, name }) => {
      const { kernel, oracle, cases } = cataloguedKernel(name);
      const { executor, bound } = watched(kind);
      await fc.assert(
        fc.asyncProperty(cases, async (drawn) => {
          bound.length = 0;
          const accelerated = await runKernelInPlace(executor, kernel, drawn);
          expect(bound).toEqual([name]);
          expectClose(accelerated, await runKernel(definition, kernel, drawn), magnitudeOf(oracle, drawn));
        }),
        runs,
      );
    },
  );

  test.for(pairs.filter(({ name }) => specialInputs[name]))(
    "$accelerator: $name treats NaN and infinities as the kernel itself does",
    async ({ kind, name }) => {
      const { kernel, oracle, cases } = cataloguedKernel(name);
      const { executor } = watched(kind);
      await fc.assert(
        fc.asyncProperty(withSpecialValue(cases, specialInputs[name]!), async (drawn) => {
          const accelerated = await runKernel(executor, kernel, drawn);
          expectClose(accelerated, await runKernel(definition, kernel, drawn), magnitudeOf(oracle, drawn));
        }),
        runs,
      );
    },
  );

  test.for(pairs)("$accelerator: $name writes all of its results, whatever was there", async ({ kind, name }) => {
    const { declaration, cases } = cataloguedKernel(name);
    await fc.assert(
      fc.asyncProperty(cases, async ({ inputs, attributes }) => {
        const shapes = Object.fromEntries(Object.entries(inputs).map(([input, { shape }]) => [input, shape]));
        const inferred = declaration.infer(shapes, attributes);
        const run = async (left: number) => {
          const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 });
          // The first page belongs to the accelerator's module.
          let end = 65536;
          new Float32Array(memory.buffer, end).fill(left);
          const place = (shape: Shape): BufferView => {
            const offset = end;
            end += alignedBytes(sizeOf(shape));
            return { shape, offset, values: new Float32Array(memory.buffer, offset, sizeOf(shape)) };
          };
          const given = Object.entries(inputs).map(([input, { shape, values }]) => {
            const view = place(shape);
            view.values.set(values);
            return [input, view] as const;
          });
          const made = Object.entries(inferred.shapes).map(([output, shape]) => [output, place(shape)] as const);
          const accelerator = await kind.open(memory, end);
          const call = { kernel: declaration, constants: inferred.constants };
          await accelerator.bind({ ...call, inputs: Object.fromEntries(given), outputs: Object.fromEntries(made) })();
          await accelerator.dispose();
          return Object.fromEntries(made.map(([output, { values }]) => [output, values]));
        };
        expect(await run(Number.NaN)).toEqual(await run(0));
      }),
      runs,
    );
  });

  test.for(pairs)(
    "$accelerator: $name leaves its arguments and the memory around its results alone",
    async ({ kind, name }) => {
      const { kernel, declaration, cases } = cataloguedKernel(name);
      await fc.assert(
        fc.asyncProperty(cases, async ({ inputs, attributes }) => {
          const residents = Object.fromEntries(Object.entries(inputs).map(([input, { shape }]) => [input, shape]));
          const plan = tracePlan("call", residents, (trace) => {
            const given = Object.fromEntries(declaration.inputs.map((input) => [input, trace.resident(input)]));
            for (const [output, tensor] of Object.entries(kernel(given, attributes))) trace.output(output, tensor);
          });
          const session = await watched(kind).executor.load({ residents, plans: { call: plan } });
          for (const [input, { values }] of Object.entries(inputs)) await session.write(input, values);
          const [results] = await session.run("call", [{}]);
          for (const [input, { values }] of Object.entries(inputs)) expect(await session.read(input)).toEqual(values);
          for (const values of Object.values(results!)) {
            // What is left of the last 64 bytes belongs to nobody and was never written.
            const end = values.byteOffset + values.byteLength;
            const padding = new Float32Array(values.buffer, end, ((64 - (end % 64)) % 64) / 4);
            expect([...padding]).toEqual(new Array(padding.length).fill(0));
          }
          await session.dispose();
        }),
        runs,
      );
    },
  );
});

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
