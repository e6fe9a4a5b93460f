import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { openDevice } from "../src/built-in.ts";
import { multiplyMatrices } from "../src/compute/kernels/contraction.ts";
import { type PlanCost, tracePlan } from "../src/compute/plan.ts";
import { randomStream } from "../src/compute/random.ts";

/** What the machine can do, measured in the same run. */
export interface Limits {
  /** Of the contraction provider's matrix products, at their best. */
  readonly gigaflops: number;
  /** Read and written while all cores copy, GB/s. */
  readonly gigabytes: number;
}

/** Measures both limits, the best of some seconds' work: other programs may be at work meanwhile. */
export async function measureLimits(provider: string): Promise<Limits> {
  return { gigaflops: await productRate(provider, 1024, 100), gigabytes: await copyBandwidth(2 ** 27, 2, 10) };
}

/** Milliseconds that floating-point operations and bytes take at the limits, one after the other. */
export function limitOf({ flops, bytes }: Pick<PlanCost, "flops" | "bytes">, { gigaflops, gigabytes }: Limits): number {
  return flops / gigaflops / 1e6 + bytes / gigabytes / 1e6;
}

async function productRate(provider: string, size: number, times: number): Promise<number> {
  const product = tracePlan("product", {}, (trace) => {
    const [left, right] = [trace.input("left", [size, size]), trace.input("right", [size, size])];
    trace.output("product", multiplyMatrices({ left, right }).product);
  });
  const session = await (await openDevice({ device: "cpu", provider })).load({ residents: {}, plans: { product } });
  const random = randomStream(1, "bench/product");
  const values = Float32Array.from({ length: size * size }, () => random.uniform());
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    const started = performance.now();
    await session.run("product", [{ left: values, right: values }]);
    best = Math.min(best, performance.now() - started);
  }
  await session.dispose();
  return (2 * size ** 3) / best / 1e6;
}

/** Copies an array of its own as often as asked, and tells the milliseconds it took. */
const copier = `
const { parentPort, workerData: { bytes, times } } = require("node:worker_threads");
const source = new Float32Array(bytes / 4).fill(1);
const target = new Float32Array(bytes / 4).fill(2);
parentPort.on("message", () => {
  const started = performance.now();
  for (let time = 0; time < times; time++) target.set(source);
  parentPort.postMessage(performance.now() - started);
});
parentPort.postMessage("ready");
`;

async function copyBandwidth(bytes: number, times: number, rounds: number): Promise<number> {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(copier, { eval: true, workerData: { bytes, times } }),
  );
  const next = async (worker: Worker) => (await once(worker, "message"))[0] as number;
  await Promise.all(workers.map(next));
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const answers = workers.map(next);
    for (const worker of workers) worker.postMessage("go");
    const milliseconds = await Promise.all(answers);
    best = Math.max(
      best,
      milliseconds.reduce((sum, each) => sum + (2 * bytes * times) / each / 1e6, 0),
    );
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return best;
}
