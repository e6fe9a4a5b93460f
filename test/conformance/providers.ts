import { openDevice } from "../../src/built-in.ts";
import { providers } from "../../src/compute/devices/providers.ts";
import type { Executor } from "../../src/compute/executor.ts";
import { lookUp } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";

/** Something that computes, by the name that the report prints. */
export interface Contender {
  readonly name: string;
  readonly executor: Executor;
}

/** Every contraction provider on the cpu device, and the device webasm. */
const contenders = {
  ...Object.fromEntries(
    Object.entries(providers).map(([provider, { probe }]) => [
      provider,
      { probe, choice: { device: "cpu", provider, accelerators: true } },
    ]),
  ),
  webasm: { probe: () => builtIn.get("device", "webasm").probe(), choice: { device: "webasm" } },
};

/**
 * Opens what is available here, or the one that is asked for.
 *
 * @throws UsageError for an unknown name
 */
export async function openContenders(
  only?: string,
): Promise<{ opened: Contender[]; skipped: { name: string; reason: string }[] }> {
  if (only !== undefined) lookUp("provider", only, contenders);
  const opened: Contender[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const [name, { probe, choice }] of Object.entries(contenders)) {
    if (only !== undefined && name !== only) continue;
    const { available, detail } = await probe();
    if (available) opened.push({ name, executor: await openDevice(choice) });
    else skipped.push({ name, reason: detail });
  }
  return { opened, skipped };
}
