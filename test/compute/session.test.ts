import { describe, expect, test } from "vitest";
import { pipelineExecutor } from "../../src/compute/devices/pipeline.ts";
import { checkFeeds, type Executor, type Session } from "../../src/compute/executor.ts";
import { add, multiply } from "../../src/compute/kernels/pointwise.ts";
import { type Program, tracePlan } from "../../src/compute/plan.ts";
import { DataError, ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { definition } from "./accelerated.ts";

const residents = { total: [2, 2] };

/** Adds x to what it has seen so far. */
const program: Program = {
  residents,
  plans: {
    accumulate: tracePlan("accumulate", residents, (trace) => {
      const total = add({ left: trace.resident("total"), right: trace.input("x", [2, 2]) }).result;
      trace.assign("total", total);
      trace.output("total", total);
    }),
    square: tracePlan("square", residents, (trace) => {
      const total = trace.resident("total");
      trace.output("square", multiply({ left: total, right: total }).result);
    }),
  },
};
const feed = (value: number) => ({ x: new Float32Array(4).fill(value) });

async function withSession(executor: Executor, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await executor.load(program);
  try {
    await work(session);
  } finally {
    await session.dispose();
  }
}

describe.for([definition, pipelineExecutor("webasm")])("a session on $device", (executor) => {
  test("starts with residents at 0, keeps them between runs and shares them among plans", () =>
    withSession(executor, async (session) => {
      expect([...(await session.read("total"))]).toEqual([0, 0, 0, 0]);
      await session.run("accumulate", [feed(2)]);
      await session.run("accumulate", [feed(3)]);
      const [squares] = await session.run("square", [{}]);
      expect([...squares!.square!]).toEqual([25, 25, 25, 25]);
    }));

  test("runs a plan once for each feed, in order, and no feed is no run", () =>
    withSession(executor, async (session) => {
      const results = await session.run("accumulate", [feed(1), feed(10), feed(100)]);
      expect(results.map(({ total }) => total![0])).toEqual([1, 11, 111]);
      expect(await session.run("accumulate", [])).toEqual([]);
      expect((await session.read("total"))[3]).toBe(111);
    }));

  test("hands out results that hold until the next run, and copies of residents that hold for good", () =>
    withSession(executor, async (session) => {
      const [first] = await session.run("accumulate", [feed(1)]);
      const copied = first!.total!.slice();
      const read = await session.read("total");
      read.fill(-1);
      expect([...first!.total!]).toEqual([1, 1, 1, 1]);
      await session.run("accumulate", [feed(1)]);
      // The first results may show the second run's values now (on the cpu they do); the copy does not.
      expect([...copied]).toEqual([1, 1, 1, 1]);
      expect([...(await session.read("total"))]).toEqual([2, 2, 2, 2]);
    }));

  test("does not keep what it is given", () =>
    withSession(executor, async (session) => {
      const given = new Float32Array(4).fill(5);
      await session.write("total", given);
      given.fill(0);
      expect((await session.read("total"))[0]).toBe(5);
      const fed = feed(1);
      await session.run("accumulate", [fed]);
      expect(fed).toEqual(feed(1));
    }));

  test("tells the bytes that residents and values take", () =>
    withSession(executor, async ({ bytes }) => {
      expect(bytes.residents).toBeGreaterThanOrEqual(16);
      expect(bytes.values).toBeGreaterThanOrEqual(32);
      expect(bytes.residents + bytes.values).toBeLessThan(1024);
    }));

  test("refuses what it does not have, by name, and what does not fit, before it runs anything", () =>
    withSession(executor, async (session) => {
      await expect(session.run("train", [{}])).rejects.toThrow(
        new UsageError('plan "train" is not known; known: accumulate, square'),
      );
      await expect(session.run("sqare", [{}])).rejects.toThrow(
        new UsageError('plan "sqare" is not known (did you mean "square"?); known: accumulate, square'),
      );
      const unknown = new UsageError('resident "totl" is not known (did you mean "total"?); known: total');
      await expect(session.read("totl")).rejects.toThrow(unknown);
      await expect(session.write("totl", new Float32Array(4))).rejects.toThrow(unknown);
      await expect(session.read("toString")).rejects.toThrow(UsageError);
      const write = session.write("total", new Float32Array(3));
      await expect(write).rejects.toThrow(ShapeError);
      await expect(session.write("total", new Float32Array(3))).rejects.toThrow(
        'resident "total": got 3 values, expected 4 for shape [2, 2]',
      );
      await expect(session.run("accumulate", [feed(1), {}])).rejects.toThrow('plan "accumulate" needs input "x"');
      expect((await session.read("total"))[0]).toBe(0);
    }));
});

describe("feeds", () => {
  const { accumulate, square } = program.plans;

  test("that are missing are asked for with their shape", () => {
    expect(() => checkFeeds(accumulate!, {})).toThrow(DataError);
    expect(() => checkFeeds(accumulate!, {})).toThrow('plan "accumulate" needs input "x" of shape [2, 2]');
  });

  test("that are not known are named, with those that are", () => {
    const y = { ...feed(1), y: new Float32Array(1) };
    expect(() => checkFeeds(accumulate!, y)).toThrow(DataError);
    expect(() => checkFeeds(accumulate!, y)).toThrow('plan "accumulate" has no input "y"; its inputs: x');
    expect(() => checkFeeds(square!, feed(1))).toThrow('plan "square" has no input "x"; its inputs: none');
  });

  test("of the wrong length are refused with both lengths", () => {
    const long = { x: new Float32Array(5) };
    expect(() => checkFeeds(accumulate!, long)).toThrow(ShapeError);
    expect(() => checkFeeds(accumulate!, long)).toThrow(
      'plan "accumulate", input "x": got 5 values, expected 4 for shape [2, 2]',
    );
  });
});

test("a program too large for one memory is refused before memory is asked for", async () => {
  const huge = { w: [40_000, 40_000] };
  await expect(definition.load({ residents: huge, plans: {} })).rejects.toThrow(
    new UsageError(
      "the program needs 6104 MiB, more than the 4096 MiB of one memory; use a smaller batch or fewer units",
    ),
  );
});

test("a tensor that float32 cannot index is refused on pipeline devices", async () => {
  const plan = tracePlan("large", {}, (trace) => {
    const x = trace.input("x", [4097, 4096]);
    trace.output("y", add({ left: x, right: x }).result);
  });
  await expect(pipelineExecutor("webasm").load({ residents: {}, plans: { large: plan } })).rejects.toThrow(
    new UsageError(
      'device "webasm" cannot index a tensor of shape [4097, 4096] (plan "large"): at most 16777216 elements; use device "cpu", fewer units or a smaller batch',
    ),
  );
});
