import fc from "fast-check";
import type * as convolution from "../../src/compute/kernels/convolution.ts";
import type * as filters from "../../src/compute/kernels/filters.ts";
import type * as pooling from "../../src/compute/kernels/pooling.ts";
import type { PoolingAttributes } from "../../src/compute/kernels/pooling.ts";
import type * as upsample from "../../src/compute/kernels/upsample.ts";
import { unitsOfMap, windowPositions } from "../../src/compute/kernels/window.ts";
import type { WindowAttributes } from "../../src/compute/kernels/window-layout.ts";
import type * as windowUpdate from "../../src/compute/kernels/window-update.ts";
import { type CasesOf, type Drawn, drawn, type KernelCase, withAttributes } from "./kernels-values.ts";

/** Values drawn one by one in a case: enough for windows that differ at every border, few enough to be quick. */
const mostValues = 1500;

const upTo = (max: number, min = 1) => fc.integer({ min, max });
const map = fc.record({ height: upTo(7), width: upTo(7), channels: upTo(5) });

/** Windows that stand somewhere on their map: strides that leave units out, borders wider than the window. */
const windows: fc.Arbitrary<WindowAttributes> = fc
  .record({ map, kernel: upTo(4), stride: upTo(3), padding: upTo(3, 0), filters: upTo(9) })
  .filter(fits);

function fits({ map: { height, width }, ...window }: PoolingAttributes): boolean {
  return windowPositions(height, window) >= 1 && windowPositions(width, window) >= 1;
}

/** A window projection with its samples, groups and sizes. */
export interface DrawnProjection {
  readonly attributes: WindowAttributes;
  readonly samples: number;
  readonly groups: number;
  readonly units: number;
  readonly postUnits: number;
  readonly patch: number;
}

export const projections: fc.Arbitrary<DrawnProjection> = fc
  .tuple(windows, upTo(4), upTo(3))
  .map(([attributes, samples, groups]) => {
    const { map, kernel, filters } = attributes;
    const positions = windowPositions(map.height, attributes) * windowPositions(map.width, attributes);
    const postUnits = positions * filters;
    return { attributes, samples, groups, units: unitsOfMap(map), postUnits, patch: kernel * kernel * map.channels };
  })
  .filter(
    ({ samples, groups, units, postUnits, patch }) =>
      samples * units + groups * postUnits * Math.max(samples, patch) <= mostValues,
  );

type Inputs<Name extends string> = (projection: DrawnProjection) => Readonly<Record<Name, fc.Arbitrary<Drawn>>>;

const cases = <Name extends string>(inputs: Inputs<Name>): fc.Arbitrary<KernelCase<Name, WindowAttributes>> =>
  projections.chain((projection) => withAttributes(inputs(projection), fc.constant(projection.attributes)));

export const rates = ({ samples, units }: DrawnProjection) => drawn([samples, units]);
export const errors = ({ samples, groups, postUnits }: DrawnProjection) => drawn([samples, groups, postUnits]);
export const filterWeights = ({ groups, attributes, patch }: DrawnProjection) =>
  drawn([groups, attributes.filters, patch]);
export const ownWeights = ({ groups, postUnits, patch }: DrawnProjection) => drawn([groups, postUnits, patch]);

export const convolutionCases: CasesOf<typeof convolution & typeof windowUpdate> = {
  convolutionDrive: cases((p) => ({ rates: rates(p), weight: filterWeights(p) })),
  localDrive: cases((p) => ({ rates: rates(p), weight: ownWeights(p) })),
  convolutionTransport: cases((p) => ({ error: errors(p), weight: filterWeights(p) })),
  localTransport: cases((p) => ({ error: errors(p), weight: ownWeights(p) })),
  convolutionUpdate: cases((p) => ({ error: errors(p), rates: rates(p) })),
  convolutionSampleUpdate: cases((p) => ({ error: errors({ ...p, groups: 1 }), rates: rates(p) })),
  localUpdate: cases((p) => ({ error: errors(p), rates: rates(p) })),
};

/** A pool with its samples and sizes. */
export interface DrawnPool {
  readonly attributes: PoolingAttributes;
  readonly samples: number;
  readonly units: number;
  readonly pooledUnits: number;
}

/** Windows of any kind, and as often those of 2 x 2 side by side, which have a way of their own. */
const poolWindows = fc.oneof(
  fc.record({ map, kernel: upTo(3), stride: upTo(3), padding: fc.constant(0) }),
  fc.record({ map, kernel: fc.constant(2), stride: fc.constant(2), padding: fc.constant(0) }),
);

export const pools: fc.Arbitrary<DrawnPool> = fc
  .tuple(poolWindows.filter(fits), upTo(4))
  .map(([attributes, samples]) => {
    const { map } = attributes;
    const positions = windowPositions(map.height, attributes) * windowPositions(map.width, attributes);
    return { attributes, samples, units: unitsOfMap(map), pooledUnits: positions * map.channels };
  });

/** Few different rates, so that some are equal. */
const contested = fc.integer({ min: -2, max: 2 });

const pooled = <Name extends string>(inputs: (pool: DrawnPool) => Readonly<Record<Name, fc.Arbitrary<Drawn>>>) =>
  pools.chain((pool) => withAttributes(inputs(pool), fc.constant(pool.attributes)));

export const poolingCases: CasesOf<typeof pooling> = {
  averagePool: pooled(({ samples, units }) => ({ rates: drawn([samples, units]) })),
  averagePoolTransport: pooled(({ samples, pooledUnits }) => ({ error: drawn([samples, pooledUnits]) })),
  maxPool: pooled(({ samples, units }) => ({ rates: drawn([samples, units]) })),
  maxPoolTransport: pooled(({ samples, units, pooledUnits }) => ({
    error: drawn([samples, pooledUnits]),
    rates: drawn([samples, units], contested),
  })),
};

/** A map and a larger one, up to the same size, in no simple ratio. */
export const upsamplings = fc.tuple(map, upTo(9, 0), upTo(9, 0), upTo(3)).map(([smaller, rows, columns, samples]) => {
  const attributes = { map: smaller, height: smaller.height + rows, width: smaller.width + columns };
  const outUnits = attributes.height * attributes.width * smaller.channels;
  return { attributes, samples, units: unitsOfMap(smaller), outUnits };
});

const upsampled = <Name extends string>(name: Name, side: "units" | "outUnits") =>
  upsamplings.chain((drawnSizes) =>
    withAttributes(
      { [name]: drawn([drawnSizes.samples, drawnSizes[side]]) } as Record<Name, fc.Arbitrary<Drawn>>,
      fc.constant(drawnSizes.attributes),
    ),
  );

export const resampleCases: CasesOf<typeof upsample> = {
  upsampleNearest: upsampled("rates", "units"),
  upsampleNearestTransport: upsampled("error", "outUnits"),
  upsampleBicubic: upsampled("rates", "units"),
  upsampleBicubicTransport: upsampled("error", "outUnits"),
};

export const filtersCases: CasesOf<typeof filters> = {
  turnFilters: fc
    .tuple(upTo(3), upTo(4), upTo(4))
    .chain(([kernel, rows, channels]) =>
      withAttributes({ weight: drawn([rows, kernel * kernel * channels]) }, fc.constant({ kernel })),
    ),
};
