import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, inject, test } from "vitest";
import { loadTask } from "../../src/built-in.ts";
import { DataError, DescriptionError, UsageError } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";
import { sequentialBatches } from "../../src/tasks/batches.ts";
import { cifar10 } from "../../src/tasks/images/cifar10-task.ts";
import { digits } from "../../src/tasks/images/digits-task.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import { classTarget } from "../../src/tasks/targets.ts";
import type { Task } from "../../src/tasks/task.ts";
import type { TrialSet } from "../../src/tasks/trials.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { cifarBytes, plainImages, putFiles } from "./images/cifar10.ts";

/** Everything that a set shows and asks, in its order. */
const contents = (trials: TrialSet) =>
  trials.count === 0
    ? []
    : [...sequentialBatches(trials, { batch: trials.count })].map(({ stimuli, targets }) => ({ stimuli, targets }));
const contentsOf = ({ training, validation, test }: Task) => [training, validation, test].map(contents);

test("the library has the kinds of tasks, each with a word on what it is", () => {
  const kinds = builtIn.list("task");
  expect(kinds.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["digits", "cifar10", "symbols", "double-digits"]),
  );
  for (const { kind, summary } of kinds) {
    expect(summary).not.toBe("");
    // Arrays lie somewhere.
    if (kind === "arrays") continue;
    expect(builtIn.resolve("task", kind)).toEqual(builtIn.resolve("task", { kind }));
  }
});

describe.each([
  ["digits", digits],
  ["cifar10", cifar10],
] as const)("%s", (kind, task) => {
  test("is plain data that survives JSON", () => {
    expect(task()).toEqual({ kind, validation: 0 });
    const description = task({ data: "folder", validation: 5, limit: 7, testLimit: 3 });
    expect(builtIn.resolve("task", JSON.parse(JSON.stringify(description)))).toEqual(description);
  });

  test.each([
    [{ validatoin: 5 }, 'unknown setting "validatoin" (did you mean "validation"?); known: data, '],
    [{ validation: -1 }, "validation: got -1, expected a whole number from 0 to 10,000,000"],
    [{ limit: 0 }, "limit: got 0, expected a whole number from 1 to 10,000,000"],
    [{ limit: "many" }, 'limit: got "many", expected a whole number from 1 to 10,000,000'],
    [{ testLimit: 1.5 }, "testLimit: got 1.5, expected a whole number from 1 to 10,000,000"],
    [{ data: 3 }, "data: got 3, expected text in quotes, such as '\"3\"'"],
  ])("%j is refused", (options, text) => {
    const make = () => task(options as Parameters<typeof task>[0]);
    expect(make).toThrow(DescriptionError);
    expect(make).toThrow(`task "${kind}": ${text}`);
  });
});

describe("loadTask", () => {
  test("loads digits and divides them as described, the same for the same seed", async () => {
    const description = digits({ data: inject("fewDigits"), validation: 100, limit: 50, testLimit: 20 });
    const task = await loadTask(description, 3);
    expect(task).toMatchObject({ name: "digits", classes: 10, presentations: 1 });
    expect(task.classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    for (const { shape } of [task.training, task.validation, task.test])
      expect(shape).toEqual({
        streams: [{ name: "image", height: 28, width: 28, channels: 1, steps: 1 }],
        targets: [classTarget(10)],
        context: {},
        factors: [],
      });
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([50, 100, 20]);
    expect([...contents(task.test)[0]!.targets[0]!.values[0]!.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(contentsOf(await loadTask(description, 3))).toEqual(contentsOf(task));
    expect(contents((await loadTask(description, 4)).training)).not.toEqual(contents(task.training));
  });

  test("without limits takes all", async () => {
    const { training, validation, test } = await loadTask({ kind: "digits" }, 1);
    expect([training.count, validation.count, test.count]).toEqual([60_000, 0, 10_000]);
  });

  test("what cannot be had is refused", async () => {
    const other = loadTask({ kind: "letters" } as never, 1);
    await expect(other).rejects.toThrow(UsageError);
    await expect(other).rejects.toThrow(
      'task "letters" is not known; known: digits, cifar10, symbols, double-digits, digit-scenes, generated-scenes, coco-scenes',
    );
    await expect(loadTask({ kind: "cifar" } as never, 1)).rejects.toThrow(
      'task "cifar" is not known (did you mean "cifar10"?); known: digits, cifar10, symbols, ',
    );
    const data = inject("fewDigits");
    const many = loadTask(digits({ data, testLimit: 201 }), 1);
    await expect(many).rejects.toThrow(UsageError);
    await expect(many).rejects.toThrow(
      "Task digits: testLimit is 201 and there are 200 test images; lower it or leave it out",
    );
    await expect(loadTask(digits({ data, validation: 1000 }), 1)).rejects.toThrow("exceed the 1000 images");
    await expect(loadTask(digits({ data: "no/such/folder" }), 1)).rejects.toThrow(DataError);
  });
});

describe("symbols", () => {
  test("is plain data with defaults", () => {
    expect(symbols()).toEqual({ kind: "symbols", size: 28, count: 10_000, testCount: 2_000, validation: 0 });
  });

  test("is drawn as described and divided, by the seed", async () => {
    const description = symbols({ size: 9, count: 60, testCount: 30, validation: 10, limit: 40, testLimit: 20 });
    const task = await loadTask(description, 5);
    expect(task).toMatchObject({ name: "symbols", classes: 10, presentations: 1 });
    expect(task.classNames.length).toBe(10);
    expect(task.test.shape.streams).toEqual([{ name: "image", height: 9, width: 9, channels: 1, steps: 1 }]);
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([40, 10, 20]);
    expect(contentsOf(await loadTask(description, 5))).toEqual(contentsOf(task));
    expect(contents((await loadTask(description, 6)).test)).not.toEqual(contents(task.test));
  });

  test.each([
    [{ size: 7 }, "size: got 7, expected a whole number from 8 to 64"],
    [{ count: 0 }, "count: got 0, expected a whole number from 1 to 10,000,000"],
    [{ data: "x" }, 'unknown setting "data"'],
  ])("%j is refused", (options, text) => {
    const make = () => symbols(options as Parameters<typeof symbols>[0]);
    expect(make).toThrow(DescriptionError);
    expect(make).toThrow(`task "symbols": ${text}`);
  });
});

describe("loadTask of CIFAR-10", () => {
  const path = temporaryFolder();
  const before = process.env.SULCUS_DATA;
  afterEach(() => {
    if (before === undefined) delete process.env.SULCUS_DATA;
    else process.env.SULCUS_DATA = before;
  });

  test("finds the folder that is named, else the one under SULCUS_DATA, and divides its images", async () => {
    const folder = path("cifar-10-batches-bin");
    await putFiles(folder, {
      "data_batch_1.bin": cifarBytes(plainImages(12)),
      "test_batch.bin": cifarBytes(plainImages(5)),
    });
    process.env.SULCUS_DATA = path();
    const task = await loadTask(cifar10({ validation: 2, limit: 8, testLimit: 3 }), 1);
    expect(task).toMatchObject({ name: "cifar10", classes: 10, presentations: 1 });
    expect(task.test.shape.streams).toEqual([{ name: "image", height: 32, width: 32, channels: 3, steps: 1 }]);
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([8, 2, 3]);
    expect(task.classNames[3]).toBe("cat");
    delete process.env.SULCUS_DATA;
    const named = await loadTask(cifar10({ data: folder, validation: 2, limit: 8, testLimit: 3 }), 1);
    expect(contentsOf(named)).toEqual(contentsOf(task));
    await rm(join(folder, "test_batch.bin"));
    await expect(loadTask(cifar10({ data: folder }), 1)).rejects.toThrow(DataError);
  });
});
