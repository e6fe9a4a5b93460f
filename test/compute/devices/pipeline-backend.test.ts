import { describe, expect, test } from "vitest";
import { checkBackend } from "../../../src/compute/devices/pipeline.ts";
import { DeviceError } from "../../../src/kinds/errors.ts";

const onOpenGl = "pipeline backend is gpu; the fused executor requires webasm";

describe("a pipeline", () => {
  test.for([
    ["webasm", "webasm", null],
    ["webgpu", "webgpu", null],
    // What GPU.js says on OpenGL, where it launches kernel after kernel as a rule.
    ["webgl", "gpu", onOpenGl],
    ["webasm", "webasm", "a shape that the fused executor does not take"],
  ] as const)("of device %s that ran on backend %s is taken", ([mode, backend, fallbackReason]) => {
    expect(() => checkBackend(mode, "train", { backend, fallbackReason })).not.toThrow();
  });

  test.for([
    ["webgl", "cpu", "no context", "no context"],
    ["webgpu", "cpu", "adapter lost", "adapter lost"],
    ["webasm", "gpu", onOpenGl, onOpenGl],
    ["webasm", "cpu", null, "it gives no reason"],
  ] as const)("of device %s that ran on backend %s is a failure", ([mode, backend, fallbackReason, reason]) => {
    const check = () => checkBackend(mode, "train", { backend, fallbackReason });
    expect(check).toThrow(DeviceError);
    expect(check).toThrow(
      `device "${mode}" cannot run plan "train", GPU.js took backend "${backend}": ${reason}; use device "cpu"`,
    );
  });
});
