import { describe, expect, test } from "vitest";
import { openDevice, surveyDevices } from "../../../src/built-in.ts";
import { providers } from "../../../src/compute/devices/providers.ts";
import { DeviceError, UsageError } from "../../../src/kinds/errors.ts";
import { builtIn } from "../../../src/library.ts";
import { webGpuOrSkip } from "../software-vulkan.ts";

describe("a device", () => {
  test("that is not known is refused with all names, and the nearest where one is near", async () => {
    await expect(openDevice({ device: "nonsense" })).rejects.toThrow(UsageError);
    await expect(openDevice({ device: "nonsense" })).rejects.toThrow(
      /^device "nonsense" is not known; known: auto, cpu, webasm, webgpu, webgl$/,
    );
    await expect(openDevice({ device: "webgbu" })).rejects.toThrow(
      'device "webgbu" is not known (did you mean "webgpu"?); known:',
    );
    await expect(openDevice({ device: "toString" })).rejects.toThrow('device "toString" is not known');
  });

  test("opens by name on this machine", async () => {
    expect(await openDevice({ device: "cpu", provider: "gpujs" })).toMatchObject({
      device: "cpu",
      provider: "gpujs",
      stepsPerCall: 1,
    });
    const webasm = await openDevice({ device: "webasm" });
    expect(webasm).toMatchObject({ device: "webasm", provider: "gpujs" });
    expect(webasm.stepsPerCall).toBeGreaterThan(1);
  });

  test("that is not available says why and what to try", async () => {
    for (const { kind: device, probe } of builtIn.list("device")) {
      const { available, detail } = await probe();
      if (available) continue;
      await expect(openDevice({ device })).rejects.toThrow(DeviceError);
      await expect(openDevice({ device })).rejects.toThrow(
        `device "${device}" is not available: ${detail}; try --device cpu`,
      );
    }
  });

  test("other than the cpu refuses contraction providers, but for GPU.js itself", async () => {
    const open = () => openDevice({ device: "webasm", provider: "onnxruntime" });
    await expect(open()).rejects.toThrow(UsageError);
    await expect(open()).rejects.toThrow(
      'contraction provider "onnxruntime" works on device "cpu" only, the device is "webasm"; leave the provider out',
    );
    expect((await openDevice({ device: "webasm", provider: "gpujs" })).device).toBe("webasm");
  });
});

describe("a contraction provider", () => {
  test("that is not known is refused with all names and the nearest", async () => {
    const open = () => openDevice({ provider: "onnxrutime" });
    await expect(open()).rejects.toThrow(UsageError);
    await expect(open()).rejects.toThrow(
      'contraction provider "onnxrutime" is not known (did you mean "onnxruntime"?); known: auto, onnxruntime, tfjs, gpujs',
    );
  });

  test("that is asked for decides for the cpu", async () => {
    expect(await openDevice({ provider: "gpujs" })).toMatchObject({ device: "cpu", provider: "gpujs" });
  });

  test("is chosen by speed where none is asked for: the first that is available", async () => {
    const found: string[] = [];
    for (const [name, { probe }] of Object.entries(providers)) if ((await probe()).available) found.push(name);
    expect((await openDevice({ device: "cpu" })).provider).toBe(found[0]);
    expect(found.at(-1)).toBe("gpujs");
  });
});

describe("without accelerators", () => {
  test("contractions still run through the provider", async () => {
    expect(await openDevice({ device: "cpu", accelerators: false })).toMatchObject(
      await openDevice({ device: "cpu" }).then(({ device, provider }) => ({ device, provider })),
    );
  });
});

test("the survey names every device and provider and says what was found, or why not", async () => {
  const survey = await surveyDevices();
  expect(survey.devices.map(({ name }) => name)).toEqual(["cpu", "webasm", "webgpu", "webgl"]);
  expect(survey.providers.map(({ name }) => name)).toEqual(["onnxruntime", "tfjs", "gpujs"]);
  for (const { available, detail } of [...survey.devices, ...survey.providers]) {
    expect(typeof available).toBe("boolean");
    expect(detail).toMatch(/\S/);
    expect(detail).not.toContain("\n");
  }
  expect(survey.devices[0]).toMatchObject({ name: "cpu", available: true });
  expect(survey.devices[1]).toEqual({ name: "webasm", available: true, detail: 'GPU.js mode "webasm"' });
  expect(survey.providers[2]).toMatchObject({ name: "gpujs", available: true });
});

test("an adapter that computes on the cpu after all is opened when asked for, but not chosen", async (context) => {
  await webGpuOrSkip(context);
  const { detail } = await builtIn.get("device", "webgpu").probe();
  const software = /swiftshader|llvmpipe|lavapipe|software/i.test(detail);
  expect((await openDevice()).device).toBe(software ? "cpu" : "webgpu");
});
