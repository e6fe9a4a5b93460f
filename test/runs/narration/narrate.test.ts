import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { narrated } from "../../../src/runs/narration/narrate.ts";
import type { RunListener } from "../../../src/training/events.ts";

/** What a run of one event each tells. */
const tell = async (onEvent: RunListener) => {
  onEvent({ type: "started", run: "gevb", folder: "runs/a", step: 0, totalSteps: 7, device: "cpu", provider: "tfjs" });
  onEvent({ type: "reported", folder: "runs/a", report: "runs/a/report.html" });
  return 3;
};

async function heard(onEvent?: RunListener): Promise<string> {
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), {
    isTTY: false,
  }) as unknown as NodeJS.WriteStream;
  expect(await narrated(onEvent, tell, stderr)).toBe(3);
  return String(stderr.read() ?? "");
}

test("a run of the library says where its folder and its report lie, unless somebody listens", async () => {
  expect(await heard()).toBe("gevb: 7 steps on cpu (tfjs), folder runs/a\nreport: runs/a/report.html\n");
  const events: string[] = [];
  expect(await heard((event) => events.push(event.type))).toBe("");
  expect(events).toEqual(["started", "reported"]);
});
