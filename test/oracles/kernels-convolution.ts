import type * as convolution from "../../src/compute/kernels/convolution.ts";
import { unitsOfMap } from "../../src/compute/kernels/window.ts";
import type { WindowAttributes } from "../../src/compute/kernels/window-layout.ts";
import type * as windowUpdate from "../../src/compute/kernels/window-update.ts";
import { at, axis, type NumberArray, type OraclesOf, sum, tabulate } from "./kernels-oracle.ts";
import { sitesOf, sumUnderWindow } from "./kernels-window.ts";

type Sharing = (filter: number, position: number, filters: number) => number;

/** Rows of weights: one a filter, or one a postsynaptic unit. */
const shared: Sharing = (filter) => filter;
const own: Sharing = (filter, position, filters) => position * filters + filter;

const drive =
  (row: Sharing) =>
  ({ rates, weight }: Record<"rates" | "weight", NumberArray>, { map, filters, ...window }: WindowAttributes) => {
    const sites = sitesOf(map, window);
    const shape = [axis(rates, 0), axis(weight, 0), sites.positions * filters];
    return {
      drive: tabulate(shape, (n, g, unit) => {
        const filter = unit! % filters;
        const position = (unit! - filter) / filters;
        return sumUnderWindow(
          sites,
          position,
          (pre, place) => at(weight, g!, row(filter, position, filters), place) * at(rates, n!, pre),
        );
      }),
    };
  };

/** Every term of the drive, sent back to the unit it came from. */
const transport =
  (row: Sharing) =>
  ({ error, weight }: Record<"error" | "weight", NumberArray>, { map, filters, ...window }: WindowAttributes) => {
    const sites = sitesOf(map, window);
    const units = unitsOfMap(map);
    const samples = axis(error, 0);
    const result = new Float64Array(samples * units);
    for (let n = 0; n < samples; n++)
      for (let g = 0; g < axis(error, 1); g++)
        for (let position = 0; position < sites.positions; position++)
          for (let filter = 0; filter < filters; filter++)
            for (let place = 0; place < sites.patch; place++) {
              const unit = sites.unit(position, place);
              if (unit === undefined) continue;
              const sent = at(weight, g, row(filter, position, filters), place);
              result[n * units + unit]! += sent * at(error, n, g, position * filters + filter);
            }
    return { result };
  };

/** Projections through windows. */
export const convolutionOracles: OraclesOf<typeof convolution & typeof windowUpdate> = {
  convolutionDrive: drive(shared),
  localDrive: drive(own),
  convolutionTransport: transport(shared),
  localTransport: transport(own),
  convolutionUpdate: ({ error, rates }, { map, filters, ...window }) => {
    const sites = sitesOf(map, window);
    return {
      update: tabulate([axis(error, 1), filters, sites.patch], (g, filter, place) =>
        sum(axis(error, 0), (n) =>
          sum(sites.positions, (position) => {
            const unit = sites.unit(position, place!);
            return unit === undefined ? 0 : at(error, n, g!, position * filters + filter!) * at(rates, n, unit);
          }),
        ),
      ),
    };
  },
  convolutionSampleUpdate: ({ error, rates }, { map, filters, ...window }) => {
    const sites = sitesOf(map, window);
    return {
      update: tabulate([axis(error, 0), filters, sites.patch], (n, filter, place) =>
        sum(sites.positions, (position) => {
          const unit = sites.unit(position, place!);
          return unit === undefined ? 0 : at(error, n!, 0, position * filters + filter!) * at(rates, n!, unit);
        }),
      ),
    };
  },
  localUpdate: ({ error, rates }, { map, filters, ...window }) => {
    const sites = sitesOf(map, window);
    return {
      update: tabulate([axis(error, 1), sites.positions * filters, sites.patch], (g, post, place) => {
        const unit = sites.unit(Math.floor(post! / filters), place!);
        return unit === undefined ? 0 : sum(axis(error, 0), (n) => at(error, n, g!, post!) * at(rates, n, unit));
      }),
    };
  },
};
