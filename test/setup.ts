import path from "node:path";
import fc from "fast-check";
import { expect, inject } from "vitest";
import "./equal-bytes.ts";
import { repeatCommand } from "./seed.ts";
import "./vulkan-driver.ts";

/** Says with what failed how to see it fail again. */
function report(details: fc.RunDetails<unknown>): void {
  if (!details.failed) return;
  const { testPath, currentTestName } = expect.getState();
  const repeated =
    testPath === undefined || currentTestName === undefined
      ? ""
      : `\n\nRepeat it with: ${repeatCommand(path.relative(process.cwd(), testPath), currentTestName, details.seed)}`;
  throw new Error(`${fc.defaultReportMessage(details)}${repeated}`, { cause: details.errorInstance });
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: inject("seed"), reporter: report });
