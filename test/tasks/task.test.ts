import { describe, expect, test } from "vitest";
import { DataError, DescriptionError, UsageError } from "../../src/compute/errors.ts";
import { digits, loadTask, TaskDescription } from "../../src/tasks/task.ts";

describe("digits", () => {
  test("is plain data that survives JSON", () => {
    expect(digits()).toEqual({ kind: "digits", validation: 0 });
    const description = digits({ data: "folder", validation: 5, limit: 7, testLimit: 3 });
    expect(TaskDescription.parse(JSON.parse(JSON.stringify(description)))).toEqual(description);
  });

  test.each([
    [{ validatoin: 5 }, 'Task: option "validatoin" is not known (did you mean "validation"?); known: kind, data, '],
    [{ validation: -1 }, "Task: validation is -1: Too small: expected number to be >=0; known options: kind, data, "],
    [{ limit: 0 }, "Task: limit is 0: Too small: expected number to be >=1"],
    [{ limit: "many" }, 'Task: limit is "many": Invalid input: expected number, received string'],
    [{ testLimit: 1.5 }, "Task: testLimit is 1.5: Invalid input: expected int, received number"],
    [{ data: 3 }, "Task: data is 3: Invalid input: expected string, received number"],
  ])("%j is refused", (options, text) => {
    const make = () => digits(options as Parameters<typeof digits>[0]);
    expect(make).toThrow(DescriptionError);
    expect(make).toThrow(text);
  });
});

describe("loadTask", () => {
  test("loads MNIST and divides it as described, the same for the same seed", async () => {
    const description = digits({ validation: 100, limit: 50, testLimit: 20 });
    const task = await loadTask(description, 3);
    expect(task).toMatchObject({ name: "digits", units: 784, classes: 10, height: 28, width: 28, channels: 1 });
    expect([task.training.count, task.validation.count, task.test.count]).toEqual([50, 100, 20]);
    expect([...task.test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(await loadTask(description, 3)).toEqual(task);
    expect((await loadTask(description, 4)).training).not.toEqual(task.training);
  });

  test("without limits takes all", async () => {
    const { training, validation, test } = await loadTask({ kind: "digits" }, 1);
    expect([training.count, validation.count, test.count]).toEqual([60_000, 0, 10_000]);
  });

  test("what cannot be had is refused", async () => {
    const other = loadTask({ kind: "letters" } as never, 1);
    await expect(other).rejects.toThrow(DescriptionError);
    await expect(other).rejects.toThrow('Task: kind is "letters": Invalid input: expected "digits"');
    await expect(loadTask("digits" as never, 1)).rejects.toThrow(
      'Task: description is "digits": Invalid input: expected object, received string',
    );
    const many = loadTask(digits({ testLimit: 10_001 }), 1);
    await expect(many).rejects.toThrow(UsageError);
    await expect(many).rejects.toThrow(
      "Task digits: testLimit is 10001 and there are 10000 test images; lower it or leave it out",
    );
    await expect(loadTask(digits({ validation: 60_000 }), 1)).rejects.toThrow("exceed the 60000 images");
    await expect(loadTask(digits({ data: "no/such/folder" }), 1)).rejects.toThrow(DataError);
  });
});
