import { definer } from "../../kinds/kind.ts";
import type { Availability } from "../accelerators/accelerator.ts";
import type { Executor } from "../executor.ts";

/** What a device is opened with. */
export interface DeviceContext {
  /** Contraction provider that is asked for; "auto": the fastest one found. */
  readonly provider: string;
  /** Whether memory-bound kernels are accelerated. */
  readonly accelerators: boolean;
}

/** What a kind of device says besides. */
interface DeviceExtra {
  /** Whether it computes here, or why not. */
  probe(): Promise<Availability>;
  /**
   * Whether it is the best choice where nobody asks for another one, given what its probe has found. Absent: it is only taken
   * where it is asked for.
   */
  preferred?(detail: string): boolean;
}

declare module "../../kinds/families.ts" {
  interface Families {
    /** A device is opened: what computes plans. Rejects with a UsageError where the provider does not go with it. */
    device: FamilyOf<DeviceContext, Promise<Executor>, DeviceExtra>;
  }
}

/** Defines a kind of device: its name, summary, `probe` and `build`, which opens it. */
export const defineDevice = definer("device");
