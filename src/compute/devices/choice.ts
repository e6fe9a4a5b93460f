import { DeviceError, lookUp } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/kind.ts";
import type { Availability } from "../accelerators/accelerator.ts";
import type { Executor } from "../executor.ts";
import { providers } from "./providers.ts";

/** Which device, contraction provider and accelerators to use. */
export interface DeviceChoice {
  /** "auto" (default), or the name of a device, such as "cpu", or of one of a plug-in. */
  readonly device?: string;
  /** Contractions on the cpu device: "auto" (default: the fastest one found), "onnxruntime", "tfjs" or "gpujs". */
  readonly provider?: string;
  /** Whether memory-bound kernels are accelerated on the cpu device; default true. */
  readonly accelerators?: boolean;
}

/** Everything that computes here, or why it does not. */
export async function surveyDevices(library: Library): Promise<{
  devices: ({ name: string } & Availability)[];
  providers: ({ name: string } & Availability)[];
}> {
  const survey = (entries: readonly (readonly [string, { probe(): Promise<Availability> }])[]) =>
    Promise.all(entries.map(async ([name, entry]) => ({ name, ...(await entry.probe()) })));
  return {
    devices: await survey(library.list("device").map((device) => [device.kind, device])),
    providers: await survey(Object.entries(providers)),
  };
}

/**
 * Opens a device by name, or the best one found: one that is preferred (a WebGPU adapter that is not a software renderer), else
 * cpu.
 *
 * @param library which devices there are
 * @throws UsageError for an unknown name or a provider that does not go with the device, DeviceError with the reason for one
 *   that is not available
 */
export async function openDevice(choice: DeviceChoice, library: Library): Promise<Executor> {
  const { device = "auto", provider = "auto", accelerators = true } = choice;
  const known = Object.fromEntries(library.list("device").map((each) => [each.kind, each]));
  if (device !== "auto") lookUp("device", device, { auto: true, ...known });
  if (provider !== "auto") lookUp("contraction provider", provider, { auto: true, ...providers });
  const name = device === "auto" ? await chooseDevice(provider, library) : device;
  const { available, detail } = await library.get("device", name).probe();
  if (!available) throw new DeviceError(`device "${name}" is not available: ${detail}; try --device cpu`);
  return library.build("device", name, { provider, accelerators });
}

async function chooseDevice(provider: string, library: Library): Promise<string> {
  if (provider !== "auto") return "cpu";
  for (const { kind, probe, preferred } of library.list("device")) {
    if (preferred === undefined) continue;
    const { available, detail } = await probe();
    if (available && preferred(detail)) return kind;
  }
  return "cpu";
}
