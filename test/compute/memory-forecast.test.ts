import { expect, test } from "vitest";
import { openDevice } from "../../src/built-in.ts";
import { convolutionDrive } from "../../src/compute/kernels/convolution.ts";
import { tracePlan } from "../../src/compute/plan.ts";

const attributes = { map: { height: 32, width: 32, channels: 8 }, kernel: 2, stride: 1, padding: 0, filters: 32 };

/** Runs a drive of that many samples: how far it makes the process grow, and what the session says it holds. */
async function grownAndForecast(samples: number): Promise<[grown: number, forecast: number]> {
  const shapes = { rates: [samples, 1024 * 8], weight: [1, 32, 4 * 8] };
  const drives = tracePlan("drives", {}, (trace) => {
    const rates = trace.input("rates", shapes.rates);
    const weight = trace.input("weight", shapes.weight);
    trace.output("drive", convolutionDrive({ rates, weight }, attributes).drive);
  });
  const executor = await openDevice({ device: "cpu" });
  const feed = { rates: new Float32Array(samples * 1024 * 8).fill(1), weight: new Float32Array(32 * 4 * 8).fill(1) };
  const before = process.memoryUsage().rss;
  const session = await executor.load({ residents: {}, plans: { drives } });
  const [results] = await session.run("drives", [feed]);
  expect(results!.drive!.every((value) => value === 4 * 8)).toBe(true);
  const grown = process.memoryUsage().rss - before;
  await session.dispose();
  return [grown, session.bytes.residents + session.bytes.values];
}

// In a file of its own: a process that held other sessions gives their memory back whenever it likes.
test("a session holds in memory what it says, within a fifth", async () => {
  // The first one loads libraries, which stay.
  await grownAndForecast(1);
  const [grown, forecast] = await grownAndForecast(1024);
  expect(grown / forecast).toBeGreaterThan(0.8);
  expect(grown / forecast).toBeLessThan(1.2);
});
