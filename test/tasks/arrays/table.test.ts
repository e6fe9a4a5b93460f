import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTable } from "../../../src/arrays/table.ts";
import { DataError } from "../../../src/kinds/errors.ts";
import { arrays } from "../../../src/tasks/arrays/arrays.ts";
import { contents, contentsOf, kept, load } from "./files-in-memory.ts";

const file = "/data/own.csv";
const table = (text: string) => readTable(file, Buffer.from(text));

test("a table is its columns, whatever parts the cells and ends the rows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), {
        minLength: 1,
        maxLength: 9,
      }),
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom("", "\uFEFF"),
      (rows, delimiter, end, headed, closed, mark) => {
        const names = headed ? ["first", 'a "b"'] : ["column 1", "column 2"];
        const lines = [
          ...(headed ? [`first${delimiter}"a ""b"""`] : []),
          ...rows.map((row) => row.join(delimiter)),
          ...(closed ? [""] : []),
        ];
        const columns = table(mark + lines.join(end));
        expect([...columns.keys()]).toEqual(names);
        for (const [at, name] of names.entries()) {
          const values = rows.map((row) => Number(String(row[at])));
          expect(columns.get(name)).toEqual({ shape: [rows.length], values, type: "float64" });
        }
      },
    ),
  );
});

test("a column with a cell that is no number is text", () => {
  const columns = table("x,who\n1,7\n2,mouse 3\n3,8\n");
  expect(columns.get("who")).toEqual({ shape: [3], values: ["7", "mouse 3", "8"], type: "text" });
  expect(columns.get("x")!.values).toEqual([1, 2, 3]);
});

test.each([
  ["", "/data/own.csv has no row of values; expected one for each trial below a row of names"],
  ["a,b\n", "/data/own.csv has no row of values; expected one for each trial below a row of names"],
  ["a,b\n1,2\n3\n", "/data/own.csv: row 3 has 1 cells and the first row has 2; give every row as many"],
  ["a,b\n1,2\n3,\n", '/data/own.csv: row 3, column "b": got an empty cell, expected a value; fill in what is missing'],
  ["a,b\n1,2\nNaN,4\n", '/data/own.csv: row 3, column "a": got "NaN", expected a value; fill in what is missing'],
  ["a,b\n1,-inf\n", '/data/own.csv: row 2, column "b": got "-inf", expected a value'],
  ["a,a\n1,2\n", '/data/own.csv: two columns are named "a"; rename one of them'],
  [
    ",a\n0,2\n",
    "/data/own.csv: column 1 has no name in the first row; name it, or take it out (pandas writes its index",
  ],
])("%j is refused", (text, message) => {
  expect(() => table(text)).toThrow(DataError);
  expect(() => table(text)).toThrow(message);
});

describe("as a task", () => {
  const text = "left,label,right,size\n1,down,2,9\n3,up,4,8\n5,up,6,7\n7,down,8,6\n";
  const seen = async (given: object, csv = text) => {
    const files = { [file]: Buffer.from(csv) as Uint8Array };
    const task = await load(arrays({ file, split: { test: 1 }, ...given }), files);
    expect(contentsOf(await load(await kept(task, files), files))).toEqual(contentsOf(task));
    const trials = [...contents(task.training), ...contents(task.test)].sort(
      (a, b) => a.stimuli[0]![0]![0]! - b.stimuli[0]![0]![0]!,
    );
    return { task, trials };
  };

  test("columns that are nothing else are stimuli, and text names classes", async () => {
    const { task, trials } = await seen({});
    expect(task).toMatchObject({ classes: 2, classNames: ["down", "up"] });
    expect(task.training.shape.streams).toMatchObject([{ width: 3, steps: 1 }]);
    expect(trials.map(({ stimuli: [steps] }) => steps![0])).toEqual([
      [1, 2, 9],
      [3, 4, 8],
      [5, 6, 7],
      [7, 8, 6],
    ]);
    expect(trials.map(({ targets: [target] }) => target!.values[0])).toEqual([[0], [1], [1], [0]]);
  });

  test("the last column is the target where none has a usual name", async () => {
    const csv = text.replace("label", "answer").replaceAll("down", "0.5").replaceAll("up", "1.5");
    const { task, trials } = await seen({}, csv);
    expect(task.training.shape.targets).toEqual([{ kind: "class", name: "size", classes: 4, steps: 1 }]);
    expect(trials.map(({ targets: [target] }) => target!.values[0])).toEqual([[3], [2], [1], [0]]);
    expect(task.notes).toContain('labels "6", "7", "8", "9" of /data/own.csv: size are classes 0 to 3, sorted');
  });

  test("several columns are one target of values, and others factors", async () => {
    const csv = text.replaceAll("down", "0.5").replaceAll("up", "1.5");
    const { task, trials } = await seen({ targets: ["label", "right"], factors: ["size"] }, csv);
    expect(task.training.shape).toMatchObject({
      streams: [{ width: 1 }],
      targets: [{ kind: "values", name: "targets", units: 2, steps: 1 }],
      factors: ["size"],
    });
    expect(trials.map(({ targets: [target], factors }) => [...target!.values[0]!, factors.size])).toEqual([
      [0.5, 2, 9],
      [1.5, 4, 8],
      [1.5, 6, 7],
      [0.5, 8, 6],
    ]);
  });

  test.each([
    [
      { targets: "size" },
      '/data/own.csv: column "label" holds text such as "down", and stimuli of several columns are numbers; leave it out',
    ],
    [
      { targets: "lable" },
      '/data/own.csv has no column "lable" (did you mean "label"?); it has left, label, right, size, so name one by targets',
    ],
    [
      { targets: ["label", "size"] },
      '/data/own.csv: column "label" holds text such as "down", and targets of several columns are numbers',
    ],
    [
      { targets: ["left", "right"], factors: ["size", "label"] },
      "/data/own.csv has no column but left, label, right, size; expected at least one of stimuli",
    ],
  ])("%j is refused", async (given, message) => {
    await expect(seen(given)).rejects.toThrow(message);
  });
});
