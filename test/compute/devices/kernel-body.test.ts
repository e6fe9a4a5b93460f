import { describe, expect, test } from "vitest";
import { openGpu } from "../../../src/compute/devices/gpujs.ts";
import { checkBody } from "../../../src/compute/devices/kernel-body.ts";
import { pipelineExecutor } from "../../../src/compute/devices/pipeline.ts";
import { defineKernel, type KernelBody, type KernelThread, type KernelValues } from "../../../src/compute/kernel.ts";
import { tracePlan } from "../../../src/compute/plan.ts";
import { UsageError } from "../../../src/kinds/errors.ts";
import { definition } from "../accelerated.ts";
import { catalogue } from "../kernel-catalogue.ts";

const constants = { columns: 1, gain: 2 };
const check = (body: KernelBody | string) =>
  checkBody(
    {
      name: "double",
      outputs: {
        result: { reads: ["values"], body: typeof body === "string" ? new Function(`return ${body}`)() : body },
      },
    },
    "result",
    constants,
  );

describe("a kernel's body is refused where GPU.js cannot compile it", () => {
  const sees =
    "it is compiled from its text alone and sees its arguments (values), this.thread, this.constants and Math: give the value as an input, or as a constant from `infer`";
  const plain = "write it as a plain function: function (values) { return values[this.thread.x]; }";
  const misfits: Readonly<Record<string, readonly [body: string, reason: string]>> = {
    "a variable from around it": [
      "function (values) { return factor * values[0]; }",
      `reads "factor", which is none of its own names; ${sees}`,
    ],
    "the same, minified": [
      "function(e){return t*e[0]}",
      `reads "t", which is none of its own names; ${sees.replace("values", "e")}`,
    ],
    "a function from around it": [
      "function (values) { return square(values[0]); }",
      `reads "square", which is none of its own names; ${sees}`,
    ],
    "NaN by name": [
      "function (values) { return values[0] > 0 ? NaN : 0; }",
      `reads "NaN", which is none of its own names; ${sees}`,
    ],
    "what tsx adds to an inner function": [
      'function (values) { function sq(a) { return a * a; } __name(sq, "sq"); return sq(values[0]); }',
      'has the name "__name", which tsx and esbuild add to a function within a function; write what that function does in its place',
    ],
    "what a coverage tool adds": [
      "function (values) { cov_1a().f[0]++; return values[0]; }",
      'has the name "cov_1a", with which a coverage tool counts; leave this file out of its instrumentation (v8 coverage needs none)',
    ],
    "what vitest makes of an import": [
      "function (values) { return __vi_import_0__.gain * values[0]; }",
      'has the name "__vi_import_0__", which stands for an import; give the value as an input, or as a constant from `infer`',
    ],
    "an inner arrow": [
      "function (values) { const sq = (a) => a * a; return sq(values[0]); }",
      "holds a function as a value; write what it does in its place",
    ],
    "an inner arrow through tsx": [
      'function (values) { const sq = /* @__PURE__ */ __name((a) => a * a, "sq"); return sq(values[0]); }',
      'has the name "__name", which tsx and esbuild add to a function within a function; write what that function does in its place',
    ],
    "an arrow": ["(values) => values[0]", `is an arrow function, which has no this.thread; ${plain}`],
    "an async function": ["async function (values) { return values[0]; }", `is an async function; ${plain}`],
    "a generator": ["function* (values) { return values[0]; }", `is a generator; ${plain}`],
    "a method": ["({ body(values) { return values[0]; } }).body", `is a method; ${plain}`],
    "a class": ["class { constructor(values) {} }", `is no function; ${plain}`],
    "a bound function": [
      "(function (values) { return values[0]; }).bind(null)",
      `is bound or native, without a source text; ${plain}`,
    ],
    "another number of arguments": [
      "function (values, more) { return values[0]; }",
      "takes 2 arguments (values, more), expected one for each of values",
    ],
    "an argument in pieces": ["function ({ a }) { return a; }", "has an argument that is no plain name; give it one"],
    "an argument with the name of a constant": [
      "function (gain) { return gain[0]; }",
      'has an argument "gain", and so is a constant called; devices mix them up, give one another name',
    ],
    "a constant that is not given": [
      "function (values) { return this.constants.gian * values[0]; }",
      'reads this.constants.gian (did you mean "gain"?), and `infer` gives columns, gain',
    ],
    "a shadowed variable": [
      "function (values) { let s = 1; for (let i = 0; i < 3; i++) { const s = values[i]; } return s; }",
      'has two variables "s", one within the other\'s block; devices mix them up, rename one',
    ],
    "a loop over elements": [
      "function (values) { let s = 0; for (const v of values) s += v; return s; }",
      "uses a for of statement, which devices do not have; write it with numbers, conditions and loops",
    ],
    "optional chaining": [
      "function (values) { return values?.[0]; }",
      "uses a chain expression, which devices do not have; write it with numbers, conditions and loops",
    ],
    "nullish coalescing": [
      "function (values) { return values[0] ?? 1; }",
      'uses "??", which devices do not have; write it with numbers, conditions and loops',
    ],
    "a length": [
      "function (values) { return values.length; }",
      "reads values.length, and devices see elements alone; give a length as a constant from `infer`",
    ],
    "a text": ["function (values) { return 'a'; }", 'holds "a", which is no number'],
    "a missing function of Math": [
      "function (values) { return Math.hypot(values[0], 1); }",
      "reads Math.hypot, which devices do not have",
    ],
    chance: [
      "function (values) { return Math.random(); }",
      "draws from Math.random, and a kernel gives the same for the same inputs; feed noise as an input",
    ],
    "a written argument": [
      "function (values) { values[0] = 1; return 1; }",
      'writes to its argument "values"; a body returns the one number of its thread',
    ],
    "a counted argument": [
      "function (values) { values[0]++; return 1; }",
      'writes to its argument "values"; a body returns the one number of its thread',
    ],
    "a list": ["function (values) { return [values[0], 1]; }", "returns a list; it is to return one number"],
    nothing: [
      "function (values) { const a = values[0]; }",
      "returns nothing; it is to return the number of its thread",
    ],
  };

  test.for(Object.entries(misfits))("%s", ([_what, [body, reason]]) => {
    expect(() => check(body)).toThrow(UsageError);
    expect(() => check(body)).toThrow(new UsageError(`kernel "double", output "result": its body ${reason}`));
  });
});

describe("a kernel's body is taken", () => {
  const fitting: Readonly<Record<string, string>> = {
    minified: "function(e){const t=e[this.thread.x];return t>0?this.constants.gain*t:.5}",
    "with a function of its own": "function (values) { function sq(a) { return a * a; } return sq(values[0]); }",
    "with a name": "function double(values) { return 2 * values[0]; }",
    "with parts of the thread":
      "function (values) { const { x, y } = this.thread; return values[y * this.constants.columns + x]; }",
    "with one name in two blocks":
      "function (values) { let s = 0; for (let i = 0; i < 2; i++) s += values[i]; for (let i = 2; i < 4; i++) s += values[i]; return s; }",
    "with while, switch, early return and comments":
      "function (values) { /* mV */ let i = 0; while (i < 3) { if (values[i] > 1) { return i; } i++; } switch (i) { case 3: return 1; default: return 0; } }",
    "with Infinity": "function (values) { return Math.min(Infinity, values[0]); }",
  };

  test.for(Object.entries(fitting))("%s", async ([_how, text]) => {
    const body = new Function(`return ${text}`)();
    expect(() => check(body)).not.toThrow();
    for (const mode of ["cpu", "webasm"] as const) {
      const gpu = await openGpu(mode);
      const launch = gpu.createKernel(body, { output: [1, 1], constants, loopMaxIterations: 1000 });
      expect([...(launch(Float32Array.of(1, 2, 3, 4)) as Float32Array[])[0]!]).toEqual([expect.any(Number)]);
      await gpu.destroy();
    }
  });

  test("as every kernel's own are", () => {
    for (const { declaration } of catalogue)
      for (const [output, { reads, body }] of Object.entries(declaration.outputs)) {
        const named = [...body.toString().matchAll(/this\.constants\.(\w+)/g)].map(([, name]) => [name, 1]);
        expect(() =>
          checkBody(
            { name: declaration.name, outputs: { [output]: { reads, body } } },
            output,
            Object.fromEntries(named),
          ),
        ).not.toThrow();
      }
  });
});

const gain = 3;
const closing = defineKernel({
  name: "test-closing",
  family: "gain",
  inputs: ["values"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["values"],
      body: function (this: KernelThread<"columns">, values: KernelValues) {
        return gain * values[this.thread.x]!;
      },
    },
  },
  infer: ({ values }) => ({ shapes: { result: values }, constants: {}, flops: 0 }),
});

test.for([definition, pipelineExecutor("webasm")])(
  "on $device it is refused when a plan is loaded, before any work",
  async (executor) => {
    const plan = tracePlan("plan", {}, (trace) => {
      trace.output("result", closing({ values: trace.input("values", [1, 2]) }).result);
    });
    await expect(executor.load({ residents: {}, plans: { plan } })).rejects.toThrow(
      'kernel "test-closing", output "result": its body reads "gain", which is none of its own names',
    );
  },
);
