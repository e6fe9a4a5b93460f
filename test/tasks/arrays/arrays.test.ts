import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, DescriptionError, UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { arrays } from "../../../src/tasks/arrays/arrays.ts";
import { contents, contentsOf, kept, load } from "./files-in-memory.ts";
import { type NumberType, type NumpyArray, npyBytes, npzBytes } from "./numpy-bytes.ts";

const all = { validation: 0, test: 1 } as const;
const file = "/data/own.npz";
const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** Whole numbers that every type of more than 8 bits holds. */
const numbersOf = (type: NumberType, count: number) =>
  fc.array(
    type === "b1"
      ? fc.nat(1)
      : type === "u1" || type === "u4"
        ? fc.nat(255)
        : type === "f8" || type === "f4"
          ? fc.float({ noNaN: true, noDefaultInfinity: true })
          : fc.integer({ min: -128, max: 127 }),
    { minLength: count, maxLength: count },
  );

/** A data set: what its arrays hold, and how a file stores them. */
const sets = fc
  .record({
    count: fc.integer({ min: 2, max: 6 }),
    steps: fc.integer({ min: 2, max: 4 }),
    units: fc.integer({ min: 1, max: 3 }),
    overTime: fc.boolean(),
    aim: fc.constantFrom("labels", "label each step", "values", "values each step"),
    mask: fc.constantFrom("none", "trial", "step", "unit", "step and unit"),
    type: fc.constantFrom<NumberType>("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u4", "b1"),
    fortran: fc.boolean(),
    bigEndian: fc.boolean(),
    packed: fc.boolean(),
    // 5 units differ from steps, so that no shape can be taken for another one.
    answers: fc.constant(5),
  })
  .chain((given) => {
    const { count, steps, units, aim, mask, answers } = given;
    const labels = aim.startsWith("label");
    const lasting = given.overTime ? steps : 1;
    const stimulusShape = given.overTime ? [count, steps, units] : [count, units];
    const targetShape = [count, ...(aim.endsWith("step") ? [steps] : []), ...(labels ? [] : [answers])];
    const asked = Math.max(lasting, aim.endsWith("step") ? steps : 1);
    const wanted = mask.includes("unit") && !labels ? answers : undefined;
    const maskShape = [
      count,
      ...(mask.includes("step") && asked > 1 ? [asked] : []),
      ...(wanted === undefined ? [] : [wanted]),
    ];
    return fc.record({
      given: fc.constant({ ...given, stimulusShape, targetShape, maskShape }),
      stimuli: numbersOf(given.type, size(stimulusShape)),
      targets: labels
        ? fc
            .array(fc.nat(2), { minLength: size(targetShape), maxLength: size(targetShape) })
            .map((values) => values.map((value, at) => (at < 2 ? at : value)))
            // Labels are whole numbers of which none is missing.
            .map((values) => (values.includes(2) ? values : values.map((value) => value % 2)))
        : fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
            minLength: size(targetShape),
            maxLength: size(targetShape),
          }),
      mask: fc
        .array(fc.constantFrom(0, 0.5, 1), { minLength: size(maskShape), maxLength: size(maskShape) })
        .map((values) => values.map((value, at) => (at === 0 ? 1 : value))),
      coherence: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: count, maxLength: count }),
    });
  });

test("trials are the rows of the arrays, from a file in every type and order of NumPy and from a program alike", async () => {
  await fc.assert(
    fc.asyncProperty(sets, async ({ given, stimuli, targets, mask, coherence }) => {
      const { stimulusShape, targetShape, maskShape, aim, overTime, steps, units, answers, packed } = given;
      const withMask = given.mask !== "none";
      const labels = aim.startsWith("label");
      const stored = { fortran: given.fortran, bigEndian: given.bigEndian };
      const bytes = npzBytes(
        {
          stimuli: { shape: stimulusShape, values: stimuli, type: given.type, ...stored },
          targets: { shape: targetShape, values: targets, type: labels ? "i8" : "f8", ...stored },
          ...(withMask ? { mask: { shape: maskShape, values: mask, ...stored } } : {}),
          coherence: { shape: [coherence.length], values: coherence, type: "i2" },
        },
        packed,
      );
      const as = labels ? "labels" : "values";
      const fromFile = await load(arrays({ file, as, split: all }), { [file]: bytes });
      const fromProgram = await load(
        arrays({
          stimuli: { shape: stimulusShape, data: stimuli },
          targets: { shape: targetShape, data: Float64Array.from(targets) },
          ...(withMask ? { mask: { shape: maskShape, data: mask } } : {}),
          factors: { coherence: Int16Array.from(coherence) },
          as,
          split: all,
        }),
      );
      expect(contentsOf(fromProgram)).toEqual(contentsOf(fromFile));

      const lasting = overTime ? steps : 1;
      const asked = aim.endsWith("step") ? steps : 1;
      const width = labels ? 1 : answers;
      const rows = (values: readonly number[], trial: number, count: number, each: number) =>
        Array.from({ length: count }, (_, step) =>
          values.slice((trial * count + step) * each, (trial * count + step + 1) * each).map(Math.fround),
        );
      const maskSteps = given.mask.includes("step") ? Math.max(lasting, asked) : 1;
      const maskUnits = size(maskShape) / (maskShape[0]! * maskSteps);
      const trials = [fromFile.training, fromFile.test].flatMap((set) => contents(set));
      const expected = coherence.map((factor, trial) => ({
        stimuli: [rows(stimuli, trial, lasting, units)],
        targets: [
          {
            values: rows(targets, trial, asked, width),
            weights: withMask ? rows(mask, trial, maskSteps, maskUnits) : undefined,
          },
        ],
        factors: { coherence: factor },
      }));
      const sorted = (some: readonly unknown[]) => some.map((each) => JSON.stringify(each)).sort();
      expect(sorted(trials)).toEqual(sorted(expected));
      expect(fromFile.classes).toBe(labels ? new Set(targets).size : 0);
    }),
    { numRuns: 60 },
  );
});

test("a task is loaded again from what a run keeps of it, whatever it was given as", async () => {
  await fc.assert(
    fc.asyncProperty(
      sets,
      fc.boolean(),
      fc.nat(100),
      async ({ given, stimuli, targets, mask, coherence }, named, seed) => {
        const { count } = given;
        const names = ["left", "right", "up"];
        const labels = given.aim.startsWith("label");
        const description = arrays({
          stimuli: { shape: given.stimulusShape, data: Float32Array.from(stimuli) },
          targets:
            labels && named && given.targetShape.length === 1
              ? targets.map((label) => names[label]!)
              : { shape: given.targetShape, data: targets },
          ...(given.mask === "none" ? {} : { mask: { shape: given.maskShape, data: mask } }),
          factors: { coherence },
          as: labels ? "labels" : "values",
          split: { validation: count > 2 ? 1 : 0, test: [seed % count], seed },
        });
        const files = {};
        const task = await load(description, files);
        const again = await kept(task, files);
        expect(JSON.parse(JSON.stringify(again))).toEqual(again);
        expect(again).toMatchObject({ file: "/run/data.npz", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
        const reloaded = await load(builtIn.resolve("task", again), files, 9);
        expect(contentsOf(reloaded)).toEqual(contentsOf(task));
        expect(reloaded.classNames).toEqual(task.classNames);
        expect(reloaded.training.shape).toEqual(task.training.shape);
        expect(await kept(reloaded, files)).toEqual(again);
      },
    ),
    { numRuns: 40 },
  );
});

const stimuli = { shape: [4, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] };
const targets = { shape: [4], values: [0, 1, 1, 0], type: "i8" } as const;

describe("labels", () => {
  test.each<[string, object, object, readonly string[], number[], RegExp | undefined]>([
    ["0 ... K - 1", { shape: [4], values: [2, 0, 1, 2], type: "u1" }, {}, ["0", "1", "2"], [2, 0, 1, 2], undefined],
    [
      "signs",
      { shape: [4], values: [-1, 1, 1, -1], type: "f8" },
      {},
      ["-1", "1"],
      [0, 1, 1, 0],
      /"-1", "1" of .*targets are classes 0 to 1, sorted/,
    ],
    ["numbers by size", { shape: [4], values: [10, 9, 9, 10], type: "i4" }, {}, ["9", "10"], [1, 0, 0, 1], /"9", "10"/],
    ["truth", { shape: [4], values: [1, 0, 0, 1], type: "b1" }, {}, ["0", "1"], [1, 0, 0, 1], undefined],
    [
      "text",
      { shape: [4], values: ["up", "down", "left", "up"] },
      {},
      ["down", "left", "up"],
      [2, 0, 1, 2],
      /"down", "left", "up"/,
    ],
    [
      "text beyond 16 bits",
      { shape: [4], values: ["🐭", "é", "é", "🐭"] },
      {},
      ["é", "🐭"],
      [1, 0, 0, 1],
      /classes 0 to 1/,
    ],
    [
      "named text",
      { shape: [4], values: ["up", "down", "up", "up"] },
      { classes: ["up", "left", "down"] },
      ["up", "left", "down"],
      [0, 2, 0, 0],
      undefined,
    ],
    [
      "named numbers",
      { shape: [4], values: [2, 0, 2, 2], type: "i8" },
      { classes: ["a", "b", "c"] },
      ["a", "b", "c"],
      [2, 0, 2, 2],
      undefined,
    ],
  ])("%s", async (_, given, options, classNames, labels, note) => {
    const bytes = npzBytes({ stimuli, targets: given as NumpyArray });
    const task = await load(arrays({ file, ...options, split: { test: 1 } }), { [file]: bytes });
    expect([task.classes, task.classNames]).toEqual([classNames.length, classNames]);
    const found = [...contents(task.training), ...contents(task.test)].map((trial) => ({
      trial: trial.stimuli[0]![0]![0]!,
      label: trial.targets[0]!.values[0]![0]!,
    }));
    const inOrder = found.sort((a, b) => a.trial - b.trial).map(({ label }) => label);
    expect(inOrder).toEqual(labels);
    if (note) expect(task.notes).toContainEqual(expect.stringMatching(note));
    else expect(task.notes!.filter((each) => each.includes("sorted"))).toEqual([]);
  });
});

/** A file with the usual arrays, of which some are others. */
const withArrays = (change: Readonly<Record<string, NumpyArray | undefined>>) =>
  npzBytes(
    Object.fromEntries(
      Object.entries({ stimuli, targets, ...change }).flatMap(([name, array]) => (array ? [[name, array]] : [])),
    ),
  );
const array = (shape: readonly number[], value = 0, type: NumberType = "f8"): NumpyArray => ({
  shape,
  values: new Array<number>(size(shape)).fill(value),
  type,
});
const withOne = (shape: readonly number[], place: number, value: number, type: NumberType = "f8"): NumpyArray => ({
  ...array(shape, 1, type),
  values: array(shape, 1).values.map((each, at) => (at === place ? value : (each as number))),
});

describe("what is refused, in a sentence that says what came and what is expected", () => {
  test.each<[string, Readonly<Record<string, NumpyArray | undefined>>, object, string]>([
    [
      "units first",
      { stimuli: array([7, 4]) },
      {},
      "stimuli has shape [7, 4] and targets [4]; expected stimuli of [4, units], with trials first, so transpose them",
    ],
    [
      "steps first",
      { stimuli: array([3, 4, 2]) },
      {},
      "stimuli has shape [3, 4, 2] and targets [4]; expected stimuli of [4, steps, units], with trials first, so bring the trials to the front, as numpy.moveaxis(stimuli, 1, 0) does",
    ],
    [
      "targets with values first",
      { targets: array([3, 5, 4], 0.5) },
      {},
      "stimuli has shape [4, 2] and targets [3, 5, 4]; expected targets of [4, ...], with trials first, so bring the trials to the front",
    ],
    [
      "one of both transposed",
      { targets: array([2, 4], 0.5) },
      {},
      "stimuli has shape [4, 2] and targets [2, 4]; expected as many trials of both along the first axis, so transpose one of them",
    ],
    [
      "other counts",
      { stimuli: array([5, 2]) },
      {},
      "stimuli has shape [5, 2] and targets [4]; expected as many trials of both along the first axis",
    ],
    [
      "no trials",
      { stimuli: array([0, 2]), targets: array([0]) },
      {},
      "stimuli of shape [0, 2] has no trials; give at least two",
    ],
    [
      "a single value",
      { targets: array([]) },
      {},
      "targets is a single value; expected an array whose first axis counts trials",
    ],
    [
      "no units",
      { stimuli: array([4, 0]) },
      {},
      "stimuli has shape [4, 0]; expected [trials, units], [trials, steps, units], or [trials, height, width, channels] for images",
    ],
    [
      "NaN",
      { stimuli: withOne([4, 2], 5, Number.NaN) },
      {},
      "stimuli: trial 2, unit 1 is NaN, expected finite numbers",
    ],
    [
      "an infinity over time",
      { stimuli: withOne([4, 3, 2], 9, Number.POSITIVE_INFINITY, "f4") },
      {},
      "stimuli: trial 1, step 1, unit 1 is Infinity, expected finite numbers; look for a missing value",
    ],
    [
      "what float32 cannot hold",
      { stimuli: withOne([4, 2], 0, 1e300) },
      {},
      "stimuli: trial 0, unit 0 is 1e+300, which float32 cannot hold; scale the values",
    ],
    [
      "a whole number that would be another one",
      { stimuli: withOne([4, 2], 3, 2 ** 24 + 1, "i8") },
      {},
      "stimuli: trial 1, unit 1 is 16777217, and float32 holds whole numbers up to 16,777,216 exactly; subtract an offset",
    ],
    [
      "complex numbers",
      { stimuli: { shape: [4, 2], values: [], descr: "'<c16'" } },
      {},
      "\"stimuli\" holds elements of type '<c16'; allowed: numbers (bool, int8, ",
    ],
    [
      "objects",
      { targets: { shape: [4], values: [], descr: "'|O'" } },
      {},
      "\"targets\" holds elements of type '|O'; allowed: numbers",
    ],
    [
      "text for stimuli",
      { stimuli: { shape: [4], values: ["a", "b", "c", "d"] } },
      {},
      'stimuli holds text such as "a"; give numbers',
    ],
    [
      "no stimuli",
      { stimuli: undefined, stimulus: stimuli },
      {},
      'has no array "stimuli" (did you mean "stimulus"?); it has targets, stimulus, so name one by stimuli',
    ],
    [
      "no targets",
      { targets: undefined, y: targets },
      {},
      'has no array "targets"; it has stimuli, y, so name one by targets',
    ],
    [
      "labels with a fraction",
      { targets: withOne([4], 3, 0.5) },
      { as: "labels" },
      'targets: trial 3 is 0.5, and labels are whole numbers or names; for values set as: "values"',
    ],
    ["one class", { targets: array([4], 3) }, {}, "targets: every label is 3; a choice takes at least two classes"],
    [
      "labels of another number of steps",
      { stimuli: array([4, 3, 2]), targets: array([4, 2], 1) },
      { as: "labels" },
      "targets has shape [4, 2]; expected labels of [trials] or [trials, 3], one for each step of the stimuli",
    ],
    [
      "a label beyond the classes",
      { targets: withOne([4], 2, 2) },
      { classes: ["a", "b"] },
      "targets: trial 2 is 2, expected a label from 0 to 1, for the 2 classes that are named",
    ],
    [
      "a name that is no class",
      { targets: { shape: [4], values: ["a", "b", "b", "c"] } },
      { classes: ["a", "b"] },
      'targets: trial 3 is "c", expected one of "a", "b"; name all classes by classes, by label',
    ],
    [
      "classes of values",
      { targets: array([4, 2], 0.5) },
      { classes: ["a", "b"] },
      'classes are named, and targets are values; leave classes out, or set as: "labels"',
    ],
    [
      "values of another number of steps",
      { stimuli: array([4, 3, 2]), targets: array([4, 2, 2], 0.5) },
      {},
      "targets has shape [4, 2, 2]; expected values of [trials, units] or [trials, 3, units], as many steps as the stimuli have",
    ],
    [
      "a mask of another shape",
      { stimuli: array([4, 3, 2]), mask: array([4, 2], 1) },
      {},
      "mask has shape [4, 2]; expected [4], [4, 3] for steps for the target targets",
    ],
    [
      "a mask with steps first",
      { stimuli: array([4, 3, 2]), mask: array([3, 4], 1) },
      {},
      "mask has shape [3, 4] and there are 4 trials; expected [4, ...], with trials first, so transpose it",
    ],
    [
      "a negative weight",
      { mask: withOne([4], 2, -1) },
      {},
      "mask: value 2 is -1; expected weights from 0 on, 0 for what is not asked",
    ],
    ["a mask of nothing", { mask: array([4]) }, {}, "mask is 0 everywhere, so nothing is asked; give a weight above 0"],
    [
      "a factor of two values",
      { size: array([4, 2]) },
      { factors: ["size"] },
      "size has shape [4, 2]; expected a factor of [4], one number for each trial",
    ],
    [
      "a factor that is missing",
      {},
      { factors: ["size"] },
      'has no array "size"; it has stimuli, targets, so name one by factors',
    ],
    [
      "streams of other lengths",
      { a: array([4, 3, 2]), b: array([4, 2, 2]) },
      { stimuli: ["a", "b"] },
      "a has 3 time steps and b 2; give all as many, or 1",
    ],
    ["a meaning of no target", {}, { as: { target: "labels" } }, 'as names "target", and the targets are targets'],
    ["another checksum", {}, { sha256: "0".repeat(64) }, "has changed: its checksum (sha256) is "],
    [
      "a test set that is too large",
      {},
      { split: { test: 5 } },
      "split.test is 5, which is 5 trials, and 4 of 4 are left; lower it",
    ],
    [
      "nothing to train on",
      {},
      { split: { test: 2, validation: 2 } },
      "no trial of 4 is left for training; lower split.test and split.validation",
    ],
    [
      "nothing to test on",
      {},
      { split: { test: 0 } },
      "no trial of 4 is left for test; let split.test be at least one trial",
    ],
    [
      "a list that counts from 1",
      { later: { shape: [2], values: [3, 4], type: "i8" } },
      { split: { test: "later" } },
      "later[1] is 4; expected places of trials, whole numbers from 0 to 3; they count from 0",
    ],
    [
      "a place that is listed twice",
      { later: { shape: [2], values: [3, 3], type: "i8" } },
      { split: { test: "later" } },
      "later lists trial 3 twice; list each once",
    ],
    [
      "a trial of two sets",
      { later: { shape: [2], values: [3, 2], type: "i8" }, early: { shape: [2], values: [1, 2], type: "i8" } },
      { split: { test: "later", training: "early" } },
      "trial 2 is in early and in later; give every trial to one of them",
    ],
    [
      "a list that is missing",
      {},
      { split: { test: "later" } },
      'has no array "later"; it has stimuli, targets, so name one by split',
    ],
  ])("%s", async (_, change, options, text) => {
    const loading = load({ kind: "arrays", file, ...options }, { [file]: withArrays(change) });
    await expect(loading).rejects.toThrow(text);
    await expect(loading).rejects.toThrow(file);
    const error: unknown = await loading.catch((caught: unknown) => caught);
    expect(error instanceof DataError || error instanceof UsageError).toBe(true);
  });

  test.each<[object, string]>([
    [{}, 'task "arrays": file: missing; name a .npz, .npy or .csv file, or give arrays({ stimuli, targets })'],
    [{ file, sha: "x" }, 'task "arrays": unknown setting "sha"'],
    [{ file, sha256: "xyz" }, 'task "arrays": sha256: got "xyz", expected 64 hexadecimal digits'],
    [{ file, split: { test: -1 } }, 'task "arrays": split.test: got -1, expected'],
    [{ file, split: { test: 2.5 } }, 'task "arrays": split.test: got 2.5, expected'],
    [{ file, as: "classes" }, 'task "arrays": as: got "classes", expected'],
    [{ file, classes: ["a", "a"] }, 'task "arrays": classes: two classes have one name; name each once'],
    [
      { stimuli: [[1, 2], [3]], targets: [0, 1] },
      "arrays: stimuli[1] has 1 values and stimuli[0] has 2; give all rows as many",
    ],
    [
      { stimuli: [[1, 2], 3], targets: [0, 1] },
      "arrays: stimuli[1] has no values and stimuli[0] has 2; give all rows as many",
    ],
    [{ stimuli: [[1, "2"]], targets: [0, 1] }, 'arrays: stimuli[0][1] is "2"; expected a number'],
    [
      { stimuli: { shape: [2, 2], data: [1, 2, 3] }, targets: [0, 1] },
      "arrays: stimuli has 3 values and the shape [2, 2], which takes 4; give one value for each place, row-major",
    ],
    [
      { stimuli: [[1], [2]], targets: 3 },
      "arrays: targets is 3; expected rows of numbers, a typed array, or { shape, data }",
    ],
    [
      { stimuli: [[1], [2]], targets: [0, 1], factors: { targets: [1, 2] } },
      'arrays: two arrays are named "targets"; give one of them another name',
    ],
  ])("%j", (given, text) => {
    const describe = () => arrays(given as Parameters<typeof arrays>[0]);
    expect(describe).toThrow(DescriptionError);
    expect(describe).toThrow(text);
  });
});

describe("files", () => {
  test("a .npy file has its targets and mask beside it, and is checked as a whole", async () => {
    const files: Record<string, Uint8Array> = {
      "/data/seen.npy": npyBytes(stimuli),
      "/data/labels.npy": npyBytes(targets),
      "/data/mask.npy": npyBytes({ shape: [4], values: [1, 0.5, 0, 1] }),
      "/data/other.npy": npyBytes(array([4])),
    };
    const description = arrays({ file: "/data/seen.npy", split: { test: 1 } });
    const task = await load(description, files);
    expect(task.training.shape).toMatchObject({
      streams: [{ name: "seen", width: 2 }],
      targets: [{ name: "labels", classes: 2, weights: { steps: 1, units: 1 } }],
      factors: [],
    });
    const again = await kept(task, files);
    expect(contentsOf(await load(again, files))).toEqual(contentsOf(task));
    files["/data/labels.npy"] = npyBytes({ ...targets, values: [1, 1, 0, 0] });
    await expect(load(again, files)).rejects.toThrow("data file /data/seen.npy has changed: its checksum (sha256) is ");
  });

  test("several stimuli and targets are inputs and reports of their own", async () => {
    const bytes = withArrays({
      left: array([4, 1, 2]),
      right: array([4, 3, 1]),
      angle: array([4, 3, 2], 0.5),
      choice: targets,
    });
    const task = await load(arrays({ file, stimuli: ["left", "right"], targets: ["choice", "angle"] }), {
      [file]: bytes,
    });
    expect(task.training.shape).toEqual({
      streams: [
        { name: "left", height: 1, width: 2, channels: 1, steps: 1 },
        { name: "right", height: 1, width: 1, channels: 1, steps: 3 },
      ],
      targets: [
        { kind: "class", name: "choice", classes: 2, steps: 1 },
        { kind: "values", name: "angle", units: 2, steps: 3 },
      ],
      context: {},
      factors: ["targets"],
    });
    expect(task.notes).toEqual([
      'target "choice" is taken for labels; as: "values" takes it for values',
      'target "angle" is taken for values',
      'array "stimuli" is no factor: it has not one number for each trial',
    ]);
  });

  test("images keep their rows, columns and channels", async () => {
    const images = { shape: [4, 3, 2, 1], data: Float32Array.from({ length: 24 }, (_, place) => place) };
    const files = {};
    const task = await load(arrays({ stimuli: images, targets: ["a", "b", "b", "a"], split: { test: 1 } }), files);
    expect(task.training.shape.streams).toEqual([{ name: "stimuli", height: 3, width: 2, channels: 1, steps: 1 }]);
    const again = await load(await kept(task, files), files);
    expect(contentsOf(again)).toEqual(contentsOf(task));
    expect(again.training.shape).toEqual(task.training.shape);
  });

  test.each<[string, Record<string, string | Uint8Array>, string]>([
    ["/data/none.npz", {}, "data file /data/none.npz is missing; check the path"],
    [
      "/data/own.mat",
      { "/data/own.mat": "x" },
      'data file "/data/own.mat" has another ending than .npz, .npy, .csv, .tsv, .txt; save its arrays by numpy.savez, or as a table',
    ],
    [
      "/data/own.npz",
      { "/data/own.npz": "not a zip file" },
      "/data/own.npz is not a .npz file (zip): it begins otherwise",
    ],
    ["/data/own.npy", { "/data/own.npy": "not an array" }, "/data/own.npy is not a NumPy array (.npy)"],
  ])("%s is refused", async (path, files, text) => {
    const loading = load(arrays({ file: path }), { ...files, "/data/targets.npy": npyBytes(targets) });
    await expect(loading).rejects.toThrow(text);
  });
});
