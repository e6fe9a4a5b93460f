import { describe, expect, test } from "vitest";
import { launchSizes } from "../../src/compute/kernel-declaration.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import type { Shape } from "../../src/compute/shape.ts";
import { ShapeError } from "../../src/kinds/errors.ts";
import { catalogue, cataloguedKernel } from "./kernel-catalogue.ts";

type Misfit = readonly [shapes: readonly Shape[], complaint: string, attributes?: object];

/** Attributes of every kernel that has some, unless a misfit has its own: windows of 4 x 4 positions, patches of 18. */
const attributes = {
  ...{ minimum: 0, maximum: 1, momentum: 0, beta1: 0, beta2: 0, epsilon: 1, decayIndex: 3 },
  ...{ map: { height: 4, width: 4, channels: 2 }, kernel: 3, stride: 1, padding: 1, filters: 5 },
};
const pool = { kernel: 2, stride: 2, padding: 0 };
const tooLarge = { map: { height: 4, width: 2, channels: 2 }, kernel: 5, padding: 1 };

const scoresMisfits = (name: string, others: readonly Shape[]): Misfit[] => [
  [[[4], ...others], `${name}: "scores" has shape [4], expected 2 dimensions`],
  [[[4, 1], ...others], `${name}: "scores" has shape [4, 1]; a decision needs at least 2 classes`],
  [[[4, 3], [3], ...others.slice(1)], `${name}: "labels" has shape [3], expected [4]`],
];
const pairMisfits = (name: string, second = "right"): Misfit[] => [
  [
    [
      [2, 3],
      [3, 2],
    ],
    `${name}: "${second}" has shape [3, 2], expected [2, 3]`,
  ],
  [[[6], [2, 3]], `${name}: "${second}" has shape [2, 3], expected [6]`],
];
/** Of kernels whose first two inputs are rows of one shape; what else they take fits. */
const rowPairMisfits = (name: string, [first, second]: readonly [string, string], ...others: Shape[]): Misfit[] => [
  [[[4], [4], ...others], `${name}: "${first}" has shape [4], expected 2 dimensions`],
  [[[4, 2], [2, 4], ...others], `${name}: "${second}" has shape [2, 4], expected [4, 2]`],
];
const productMisfits = (name: string, left: Shape, right: Shape): Misfit[] => [
  [[[2], [2, 2]], `${name}: "left" has shape [2], expected 2 dimensions`],
  [
    [
      [2, 2],
      [2, 2, 2],
    ],
    `${name}: "right" has shape [2, 2, 2], expected 2 dimensions`,
  ],
  [
    [left, right],
    `${name}: "left" [${left.join(", ")}] and "right" [${right.join(", ")}] differ in the size they are summed over`,
  ],
];

const windowMisfits = (name: string, first: string, fits: Shape, weight: Shape): Misfit[] => [
  [[[32], weight], `${name}: "${first}" has shape [32], expected ${fits.length} dimensions`],
  [[fits, [5, 18]], `${name}: "weight" has shape [5, 18], expected 3 dimensions`],
  [[fits, [1, 7, 18]], `${name}: "weight" has shape [1, 7, 18], expected [1, ${weight[1]}, 18]`],
  [[fits, [1, weight[1]!, 17]], `${name}: "weight" has shape [1, ${weight[1]}, 17], expected [1, ${weight[1]}, 18]`],
  [[fits, weight], `${name}: a window of 5 x 5 does not fit into a map of 4 x 2 x 2 with padding 1`, tooLarge],
];
const driveMisfits = (name: string, weight: Shape): Misfit[] => [
  ...windowMisfits(name, "rates", [2, 32], weight),
  [[[2, 31], weight], `${name}: "rates" has shape [2, 31], expected 32 units in its last dimension`],
];
const transportMisfits = (name: string, weight: Shape): Misfit[] => [
  ...windowMisfits(name, "error", [2, 1, 80], weight),
  [[[2, 3, 80], weight], `${name}: "error" has shape [2, 3, 80], expected [2, 1, 80]`],
  [[[2, 1, 16], weight], `${name}: "error" has shape [2, 1, 16], expected [2, 1, 80]`],
];
const updateMisfits = (name: string): Misfit[] => [
  [
    [
      [2, 80],
      [2, 32],
    ],
    `${name}: "error" has shape [2, 80], expected 3 dimensions`,
  ],
  [[[2, 1, 80], [32]], `${name}: "rates" has shape [32], expected 2 dimensions`],
  [
    [
      [2, 1, 81],
      [2, 32],
    ],
    `${name}: "error" has shape [2, 1, 81], expected [2, 1, 80]`,
  ],
  [
    [
      [2, 1, 80],
      [2, 30],
    ],
    `${name}: "rates" has shape [2, 30], expected 32 units in its last dimension`,
  ],
  [
    [
      [2, 1, 80],
      [3, 32],
    ],
    `${name}: "rates" has shape [3, 32], expected [2, 32]`,
  ],
];

/** Shapes in the order of the kernel's inputs that its rule refuses, with what it says. */
const misfits: Readonly<Record<string, readonly Misfit[]>> = {
  "matrix-product": productMisfits("matrix-product", [2, 3], [2, 4]),
  "matrix-product-right-transposed": productMisfits("matrix-product-right-transposed", [2, 3], [3, 4]),
  "matrix-product-left-transposed": productMisfits("matrix-product-left-transposed", [2, 3], [3, 2]),
  add: pairMisfits("add"),
  subtract: pairMisfits("subtract"),
  multiply: pairMisfits("multiply"),
  leak: pairMisfits("leak", "rates"),
  modulate: pairMisfits("modulate", "signal"),
  "modulation-slope": pairMisfits("modulation-slope", "rates"),
  "inhibit-return": pairMisfits("inhibit-return", "inhibition"),
  "mark-attended": pairMisfits("mark-attended", "signal"),
  "relu-error": pairMisfits("relu-error", "rates"),
  "leaky-relu-error": pairMisfits("leaky-relu-error", "rates"),
  "alternating-relu-error": pairMisfits("alternating-relu-error", "drive"),
  "tanh-error": pairMisfits("tanh-error", "rates"),
  "sigmoid-error": pairMisfits("sigmoid-error", "rates"),
  "softplus-error": pairMisfits("softplus-error", "rates"),
  "squared-error": rowPairMisfits("squared-error", ["values", "target"]),
  "squared-error-gradient": [
    ...rowPairMisfits("squared-error-gradient", ["values", "target"], [4]),
    [[[4, 2], [4, 2], [2]], 'squared-error-gradient: "weights" has shape [2], expected [4]'],
  ],
  "larger-maximum": rowPairMisfits("larger-maximum", ["left", "right"]),
  "object-distances": [
    [
      [
        [2, 5],
        [2, 5],
      ],
      'object-distances: "objects" has shape [2, 5], expected 3 dimensions',
    ],
    [
      [
        [2, 4],
        [2, 3, 5],
      ],
      'object-distances: "values" has shape [2, 4], expected [2, 5]',
    ],
  ],
  "choose-object": rowPairMisfits("choose-object", ["distances", "taken"]),
  "weigh-asked": [
    [[[2, 3], [3]], 'weigh-asked: "weights" has shape [2, 3], expected 1 dimension'],
    [[[3], [2]], 'weigh-asked: "asked" has shape [2], expected [3]'],
  ],
  "weigh-values": [
    [[[3], [3, 1]], 'weigh-values: "values" has shape [3], expected 2 dimensions'],
    [
      [
        [3, 4],
        [3, 2],
      ],
      'weigh-values: "weights" has shape [3, 2], expected [3, 1] or [3, 4]',
    ],
    [[[3, 4], [3]], 'weigh-values: "weights" has shape [3], expected [3, 1] or [3, 4]'],
  ],
  "share-of": pairMisfits("share-of", "whole"),
  "latest-asked": [
    [[[2], [3], [2]], 'latest-asked: "now" has shape [3], expected [2]'],
    [[[2], [2], [3]], 'latest-asked: "weights" has shape [3], expected [2]'],
  ],
  "pick-rows": [
    [
      [
        [2, 5],
        [2, 3],
      ],
      'pick-rows: "objects" has shape [2, 5], expected 3 dimensions',
    ],
    [
      [
        [2, 3, 5],
        [2, 5],
      ],
      'pick-rows: "chosen" has shape [2, 5], expected [2, 3]',
    ],
  ],
  "add-scaled": pairMisfits("add-scaled"),
  "scale-rows": [
    [[[2, 3, 4], [2]], 'scale-rows: "values" has shape [2, 3, 4], expected 2 dimensions'],
    [[[2, 3], [3]], 'scale-rows: "scales" has shape [3], expected [2]'],
  ],
  "add-bias": [
    [
      [
        [3, 4],
        [3, 4],
      ],
      'add-bias: "drive" has shape [3, 4], expected [batch, dimension, units]',
    ],
    [
      [
        [2, 3, 4],
        [4, 3],
      ],
      'add-bias: "bias" has shape [4, 3], expected [3, n] with 4 a multiple of n',
    ],
    [
      [
        [2, 3, 4],
        [3, 3],
      ],
      'add-bias: "bias" has shape [3, 3], expected [3, n] with 4 a multiple of n',
    ],
    [[[2, 3, 4], [3]], 'add-bias: "bias" has shape [3], expected [3, n] with 4 a multiple of n'],
  ],
  "vector-gate-mask": [
    [
      [
        [3, 4],
        [3, 4],
      ],
      'vector-gate-mask: "drive" has shape [3, 4], expected 3 dimensions',
    ],
    [
      [
        [2, 3, 4],
        [4, 3],
      ],
      'vector-gate-mask: "gatingVectors" has shape [4, 3], expected [3, n] with 4 a multiple of n',
    ],
  ],
  "apply-gate": [
    [
      [
        [3, 4],
        [3, 4],
      ],
      'apply-gate: "values" has shape [3, 4], expected 3 dimensions',
    ],
    [
      [
        [2, 3, 4],
        [2, 3],
      ],
      'apply-gate: "mask" has shape [2, 3], expected [2, 4]',
    ],
  ],
  "hold-rates": [
    [
      [
        [2, 4],
        [3, 4],
        [3, 2, 4],
      ],
      'hold-rates: "rates" has shape [2, 4], expected 3 dimensions',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 2],
        [3, 2, 4],
      ],
      'hold-rates: "held" has shape [3, 2], expected [3, 4]',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 4],
        [2, 2, 4],
      ],
      'hold-rates: "values" has shape [2, 2, 4], expected [3, 2, 4]',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 4],
        [3, 2, 4],
      ],
      "hold-rates: row is 3, expected a whole number from 0 to 2",
      { row: 3 },
    ],
  ],
  "stop-errors": [
    [
      [
        [2, 4],
        [3, 4],
      ],
      'stop-errors: "error" has shape [2, 4], expected 3 dimensions',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 2],
      ],
      'stop-errors: "held" has shape [3, 2], expected [3, 4]',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 4],
      ],
      "stop-errors: row is -1, expected a whole number from 0 to 2",
      { row: -1 },
    ],
  ],
  "add-row": [
    [
      [
        [2, 4],
        [3, 2, 4],
      ],
      'add-row: "drive" has shape [2, 4], expected 3 dimensions',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 4],
      ],
      'add-row: "added" has shape [3, 4], expected [3, 2, 4]',
      { row: 0 },
    ],
    [
      [
        [5, 2, 4],
        [3, 2, 4],
      ],
      "add-row: row is 0.5, expected a whole number from 0 to 2",
      { row: 0.5 },
    ],
  ],
  "spread-vector": [
    [
      [
        [2, 3, 1],
        [2, 4],
      ],
      'spread-vector: "vector" has shape [2, 3, 1], expected 2 dimensions',
    ],
    [[[2, 3], [4]], 'spread-vector: "scale" has shape [4], expected 2 dimensions'],
    [
      [
        [2, 3],
        [3, 4],
      ],
      'spread-vector: "scale" has shape [3, 4], expected [2, 4]',
    ],
  ],
  "project-on-vector": [
    [[[3, 4], [3]], 'project-on-vector: "rates" has shape [3, 4], expected 3 dimensions'],
    [
      [
        [2, 3, 4],
        [2, 4],
      ],
      'project-on-vector: "vector" has shape [2, 4], expected [2, 3]',
    ],
  ],
  "convolution-drive": driveMisfits("convolution-drive", [1, 5, 18]),
  "local-drive": driveMisfits("local-drive", [1, 80, 18]),
  "convolution-transport": transportMisfits("convolution-transport", [1, 5, 18]),
  "local-transport": transportMisfits("local-transport", [1, 80, 18]),
  "convolution-update": updateMisfits("convolution-update"),
  "convolution-sample-update": [
    ...updateMisfits("convolution-sample-update"),
    [
      [
        [2, 3, 80],
        [2, 32],
      ],
      'convolution-sample-update: "error" has shape [2, 3, 80], expected [2, 1, 80]',
    ],
  ],
  "local-update": updateMisfits("local-update"),
  "average-pool": [
    [[[32]], 'average-pool: "rates" has shape [32], expected 2 dimensions', pool],
    [[[2, 33]], 'average-pool: "rates" has shape [2, 33], expected 32 units in its last dimension', pool],
    [[[2, 32]], "average-pool: padding 1 is not 0, and windows of a pool lie within the map"],
    [[[2, 16]], "average-pool: a window of 5 x 5 does not fit into a map of 4 x 2 x 2", { ...tooLarge, padding: 0 }],
  ],
  "average-pool-transport": [
    [[[8]], 'average-pool-transport: "error" has shape [8], expected 2 dimensions', pool],
    [[[2, 9]], 'average-pool-transport: "error" has shape [2, 9], expected 8 units in its last dimension', pool],
    [[[2, 8]], "average-pool-transport: padding 1 is not 0, and windows of a pool lie within the map"],
  ],
  "max-pool": [
    [[[32]], 'max-pool: "rates" has shape [32], expected 2 dimensions', pool],
    [[[2, 33]], 'max-pool: "rates" has shape [2, 33], expected 32 units in its last dimension', pool],
  ],
  "max-pool-transport": [
    [[[2, 8], [32]], 'max-pool-transport: "rates" has shape [32], expected 2 dimensions', pool],
    [
      [
        [2, 8],
        [2, 30],
      ],
      'max-pool-transport: "rates" has shape [2, 30], expected 32 units in its last dimension',
      pool,
    ],
    [
      [
        [3, 8],
        [2, 32],
      ],
      'max-pool-transport: "error" has shape [3, 8], expected [2, 8]',
      pool,
    ],
  ],
  "upsample-nearest": [
    [[[32]], 'upsample-nearest: "rates" has shape [32], expected 2 dimensions', { height: 8, width: 9 }],
    [
      [[2, 31]],
      'upsample-nearest: "rates" has shape [2, 31], expected 32 units in its last dimension',
      { height: 8, width: 9 },
    ],
    [[[2, 32]], "upsample-nearest: 4 x 3 is smaller than the map of 4 x 4 x 2", { height: 4, width: 3 }],
  ],
  "upsample-bicubic-transport": [
    [
      [[2, 32]],
      'upsample-bicubic-transport: "error" has shape [2, 32], expected 144 units in its last dimension',
      { height: 8, width: 9 },
    ],
    [[[2, 32]], "upsample-bicubic-transport: 3 x 4 is smaller than the map of 4 x 4 x 2", { height: 3, width: 4 }],
  ],
  "turn-filters": [
    [
      [[2, 10]],
      'turn-filters: "weight" has shape [2, 10], expected a multiple of 9 columns, 3 x 3 places',
      { kernel: 3 },
    ],
    [[[18]], 'turn-filters: "weight" has shape [18], expected 2 dimensions', { kernel: 3 }],
  ],
  "sum-positions": [[[[4, 2]], 'sum-positions: "values" has shape [4, 2], expected 3 dimensions']],
  "keep-above": [
    [[[2, 3], [3, 2], [1]], 'keep-above: "scores" has shape [3, 2], expected [2, 3]'],
    [[[2, 3], [2, 3], [3]], 'keep-above: "threshold" has shape [3], expected [1]'],
  ],
  "restore-dale": [
    [[[2, 3]], 'restore-dale: "weight" has shape [2, 3], expected 4 columns', { pre: 4, inhibitoryFrom: 2 }],
  ],
  "softmax-error": [
    ...scoresMisfits("softmax-error", [[4], [4]]),
    [[[4, 3], [4], [3]], 'softmax-error: "weights" has shape [3], expected [4]'],
  ],
  "cross-entropy": scoresMisfits("cross-entropy", [[4]]),
  "wrong-decision": scoresMisfits("wrong-decision", [[4]]),
  "row-products": rowPairMisfits("row-products", ["left", "right"]),
  "row-sign-agreements": rowPairMisfits("row-sign-agreements", ["left", "right"]),
  "row-largest": [[[[4]], 'row-largest: "values" has shape [4], expected 2 dimensions']],
  "scale-to-one": [[[[2]], 'scale-to-one: "largest" has shape [2], expected [1]']],
  "row-squares": [
    [[[4], [2]], 'row-squares: "values" has shape [4], expected 2 dimensions'],
    [[[4, 2], [1]], 'row-squares: "factors" has shape [1], expected [2]'],
  ],
  "scale-to-length": [
    [[[1], [1]], 'scale-to-length: "factors" has shape [1], expected [2]'],
    [[[2], [2]], 'scale-to-length: "squares" has shape [2], expected [1]'],
  ],
  "row-directions": [
    ...rowPairMisfits("row-directions", ["left", "right"], [2], [2]),
    [[[4, 2], [4, 2], [1], [2]], 'row-directions: "leftFactors" has shape [1], expected [2]'],
    [[[4, 2], [4, 2], [2], [1]], 'row-directions: "rightFactors" has shape [1], expected [2]'],
  ],
  "sgd-step": [
    [[[4, 2], [2, 4], [1]], 'sgd-step: "gradient" has shape [2, 4], expected [4, 2]'],
    [[[4, 2], [4, 2], [4]], 'sgd-step: "schedule" has shape [4], expected [1]'],
  ],
  "momentum-step": [
    [[[4, 2], [8], [4, 2], [1]], 'momentum-step: "gradient" has shape [8], expected [4, 2]'],
    [[[4, 2], [4, 2], [2, 4], [1]], 'momentum-step: "velocity" has shape [2, 4], expected [4, 2]'],
    [
      [
        [4, 2],
        [4, 2],
        [4, 2],
        [1, 1],
      ],
      'momentum-step: "schedule" has shape [1, 1], expected [1]',
    ],
  ],
  "adam-step": [
    [[[4, 2], [2], [4, 2], [4, 2], [4]], 'adam-step: "gradient" has shape [2], expected [4, 2]'],
    [[[4, 2], [4, 2], [2], [4, 2], [4]], 'adam-step: "firstMoment" has shape [2], expected [4, 2]'],
    [[[4, 2], [4, 2], [4, 2], [2], [4]], 'adam-step: "secondMoment" has shape [2], expected [4, 2]'],
    [[[4, 2], [4, 2], [4, 2], [4, 2], [1]], 'adam-step: "schedule" has shape [1], expected [4]'],
  ],
};

describe("shapes that do not fit are refused while a plan is traced", () => {
  const table = Object.entries(misfits).flatMap(([name, each]) =>
    each.map(([shapes, complaint, own]) => ({ name, shapes, complaint, own })),
  );

  test.for(table)("$complaint", ({ name, shapes, complaint, own }) => {
    const { kernel, declaration } = cataloguedKernel(name);
    tracePlan("plan", {}, (trace) => {
      const given = Object.fromEntries(
        declaration.inputs.map((input, index) => [input, trace.input(input, shapes[index]!)]),
      );
      const call = () => kernel(given, { ...attributes, ...own });
      expect(call).toThrow(ShapeError);
      expect(call).toThrow(complaint);
      expect(trace.steps).toEqual([]);
    });
  });

  test("every kernel of more than one input has its misfits here", () => {
    const several = catalogue.filter(({ declaration }) => declaration.inputs.length > 1).map(({ name }) => name);
    expect(Object.keys(misfits)).toEqual(expect.arrayContaining(several));
  });
});

describe("threads cover an output", () => {
  const { declaration: flat } = cataloguedKernel("add");
  const { declaration: shaped } = cataloguedKernel("add-bias");

  test("with x along the last dimension", () => {
    expect(launchSizes(flat, [2, 3, 4, 5])).toEqual([5, 24]);
    expect(launchSizes(flat, [5])).toEqual([5, 1]);
    expect(launchSizes(shaped, [2, 3, 4])).toEqual([4, 3, 2]);
    expect(launchSizes(shaped, [5])).toEqual([5]);
  });

  test("of up to three dimensions where they are shaped like it", () => {
    expect(() => launchSizes(shaped, [2, 3, 4, 5])).toThrow('kernel "add-bias": 4 dimensions need a flat launch');
    expect(() => launchSizes(flat, [2, 0])).toThrow("add: shape [2, 0] is not a list of whole numbers of at least 1");
  });
});
