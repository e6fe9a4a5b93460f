import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

/** A rule with a kernel and a setting of its own, in TypeScript, in a folder that belongs to no project. */
const signedGradient = `
import { bp, defineKernel, definePlugin, defineRule, z } from "sulcus";

interface Thread {
  thread: { x: number; y: number };
  constants: { columns: number };
}

const sign = defineKernel({
  name: "signed-gradient/sign",
  family: "pointwise",
  inputs: ["x"],
  launch: "flat",
  outputs: {
    result: {
      reads: ["x"],
      body: function (this: Thread, x: number[]) {
        return Math.sign(x[this.thread.y * this.constants.columns + this.thread.x]!);
      },
    },
  },
  infer: (shapes: any) => ({ shapes: { result: shapes.x }, constants: {}, flops: 1 }),
} as any) as any;

const rule = defineRule({
  kind: "signed-gradient",
  summary: "the sign of the gradient",
  settings: z.strictObject({ size: z.number().positive().default(1) }),
  build: () => {
    const gradient = (bp.build as any)({});
    return {
      updates: (circuit: any) =>
        new Map([...gradient.updates(circuit)].map(([name, update]: any) => [name, sign({ x: update }).result])),
    };
  },
});

export default definePlugin({ name: "signed", version: "0.1.0", parts: [rule] });
`;

/** A circuit of one's own that learns by it. */
const circuit = {
  circuit: {
    name: "own",
    inputs: [{ name: "image", map: { height: 8, width: 8, channels: 1 } }],
    populations: [
      { name: "hidden", units: 12, gain: "tanh" },
      { name: "report", units: 10, gain: "linear" },
    ],
    projections: [
      { pre: "image", post: "hidden", topology: { kind: "dense" }, initial: { kind: "he" } },
      { pre: "hidden", post: "report", topology: { kind: "dense" }, initial: { kind: "he" } },
    ],
    readouts: ["report"],
  },
  task: { kind: "symbols", size: 8, count: 200, testCount: 60 },
  rule: "signed-gradient",
  optimiser: { kind: "adam", rate: 0.003 },
  batch: 10,
  epochs: 12,
  evaluations: 2,
  checkpointSeconds: 0.05,
  device: "cpu",
};

/** Writes the rule and the circuit into a folder. */
export async function writeOwnCircuit(folder: string): Promise<{ readonly rule: string; readonly config: string }> {
  await mkdir(folder, { recursive: true });
  const [rule, config] = [join(folder, "signed.ts"), join(folder, "mine.yaml")];
  await writeFile(rule, signedGradient);
  await writeFile(config, stringify(circuit));
  return { rule, config };
}
