import type * as dale from "../../src/compute/kernels/dale.ts";
import { at, type OraclesOf, tabulate } from "./kernels-oracle.ts";

/** Dale's law: a presynaptic unit is the last index. */
export const daleOracles: OraclesOf<typeof dale> = {
  restoreDale: ({ weight }, { inhibitoryFrom }) => ({
    result: tabulate(weight.shape, (...indices) => {
      const value = at(weight, ...indices);
      const wrongSide = indices.at(-1)! < inhibitoryFrom ? value < 0 : value > 0;
      return wrongSide ? 0 : value;
    }),
  }),
};
