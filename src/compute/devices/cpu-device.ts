import { DeviceError } from "../../kinds/errors.ts";
import { fusingSimd } from "../accelerators/simd/simd.ts";
import { cpuExecutor } from "./cpu.ts";
import { defineDevice } from "./device.ts";
import { fusing, providers } from "./providers.ts";

const summary = "GPU.js kernels with accelerators";

/** The processor: GPU.js kernels, with accelerators for what costs most. */
export const cpu = defineDevice({
  kind: "cpu",
  summary,
  probe: async () => ({ available: true, detail: summary }),
  async build(_, { provider, accelerators }) {
    const chosen = provider === "auto" ? await chooseProvider() : provider;
    const kind = providers[chosen]!;
    const found = await kind.probe();
    if (!found.available)
      throw new DeviceError(`contraction provider "${chosen}" is not available: ${found.detail}; try --provider auto`);
    return cpuExecutor(chosen, accelerators ? [fusing[chosen]!, fusingSimd] : [kind]);
  },
});

async function chooseProvider(): Promise<string> {
  for (const [name, kind] of Object.entries(providers)) if ((await kind.probe()).available) return name;
  return "gpujs";
}
