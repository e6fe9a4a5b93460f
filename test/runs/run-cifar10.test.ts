import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../src/built-in-runs.ts";
import { gevbCircuit } from "../../src/circuits/ready-made/gevb.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { gevb } from "../../src/plasticity/rules/gevb.ts";
import { cifar10 } from "../../src/tasks/images/cifar10-task.ts";
import { scratchFolder } from "../small-runs.ts";
import { putFiles } from "../tasks/images/cifar10.ts";
import { smallSet } from "./data/publisher.ts";

test("a circuit learns CIFAR-10 as it learns digits, with receptive fields in colour", async () => {
  const folder = await scratchFolder();
  const data = join(folder, "cifar");
  await putFiles(data, smallSet);
  const out = join(folder, "run");
  const { evaluations } = await run(
    {
      circuit: gevbCircuit({
        image: { height: 32, width: 32, channels: 3 },
        hidden: [4],
        classes: 10,
        sign: "excitatory",
      }),
      task: cifar10({ data, validation: 5 }),
      rule: gevb(),
      optimiser: adam({ rate: 0.002 }),
      batch: 4,
      device: "cpu",
    },
    { out },
  );
  // Ten of the fifteen images are left for training: three batches of four.
  expect(evaluations.at(-1)).toMatchObject({ step: 3, epoch: 1, set: "test", count: 2 });
  expect(existsSync(join(out, "report.html"))).toBe(true);
  const figures = await readdir(join(out, "figures"));
  expect(figures.filter((figure) => figure.includes("receptive"))).not.toEqual([]);
});
