import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Forecast } from "../../src/runs/forecast.ts";
import { scratchFolder } from "../small-runs.ts";
import { FakeBackend, sulcus } from "./fake-backend.ts";

const forecasts: Forecast[] = [
  {
    runs: ["gevb-seed-1", "gevb-seed-2"],
    device: "cpu",
    provider: "tfjs",
    steps: 4690,
    flops: 4.256e9,
    memory: 123_400_000,
    disk: 103_000_000,
    secondsPerStep: 0.0404,
    seconds: 200,
  },
  { runs: ["shipped"], device: "cpu", provider: "tfjs", steps: 0, flops: 1e6, memory: 1e6, disk: 2e6, seconds: 0.2 },
];

test("--dry-run tells what runs will take and trains nothing", async () => {
  const backend = Object.assign(new FakeBackend(), { forecasts });
  const { code, out, err } = await sulcus(["run", "gevb", "--seeds", "1,2", "--dry-run"], backend);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
    "run steps GFLOP a step ms a step memory checkpoint expected time",
    "gevb-seed-1, gevb-seed-2 4690 4.26 40.4 123.4 MB 103.0 MB 3:20",
    "shipped 0 0.00100 - 1.0 MB 2.0 MB under 1 s",
    "3 runs, one after the other: about 6:41 on cpu (tfjs), 208.0 MB of checkpoints",
    "The numbers of a line are those of one run, also where it names several.",
    "Times are reckoned from a few steps on this machine as it is now; measures after training and reports come on top.",
    "",
  ]);
  expect(backend.requests).toEqual([{ experiment: "gevb", options: { seeds: "1,2" } }]);
});

test("--dry-run of a single run that takes no time says neither an order nor about how much", async () => {
  const backend = Object.assign(new FakeBackend(), { forecasts: forecasts.slice(1) });
  const { out } = await sulcus(["run", "attention", "--dry-run"], backend);
  expect(out.split("\n").slice(2)).toEqual([
    "1 run: under 1 s on cpu (tfjs), 2.0 MB of checkpoints",
    "Times are reckoned from a few steps on this machine as it is now; measures after training and reports come on top.",
    "",
  ]);
});

test("--dry-run of a sweep as JSON lines", async () => {
  const backend = Object.assign(new FakeBackend(), { forecasts });
  const { code, out } = await sulcus(["sweep", "gevb", "--rate", "1,2", "--dry-run", "--json"], backend);
  expect(code).toBe(0);
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(forecasts.map((forecast) => ({ type: "forecast", ...forecast })));
  expect(backend.requests).toEqual([{ experiment: "gevb", options: {}, sweep: { rate: [1, 2] } }]);
});

test("--dry-run of the configuration of several runs, or of a sweep, trains nothing either", async () => {
  const folder = await scratchFolder();
  const [several, swept] = [join(folder, "several.yaml"), join(folder, "swept.yaml")] as [string, string];
  await writeFile(several, "experiment: gevb\nsettings:\n  seeds: [1, 2]\n");
  await writeFile(swept, "experiment: gevb\nsettings: {}\nsweep:\n  rate: [1, 2]\n");
  const backend = Object.assign(new FakeBackend(), { forecasts });
  for (const file of [several, swept]) {
    const { code, out, err } = await sulcus(["run", "gevb", "--config", file, "--epochs", "3", "--dry-run"], backend);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("3 runs, one after the other: about 6:41");
  }
  expect(backend.requests).toEqual([
    { experiment: "gevb", options: { seeds: [1, 2], epochs: 3 } },
    { experiment: "gevb", options: { epochs: 3 }, sweep: { rate: [1, 2] } },
  ]);
});
