import type { Layout } from "../circuits/layout.ts";
import { buildNetwork, isWeighted, type WeightedProjection } from "../circuits/network.ts";
import { startOf } from "../circuits/parameters.ts";
import type { MapSize } from "../compute/kernels/window.ts";
import type { KeptCircuit, ReceptiveFields } from "../report/run-record.ts";
import type { RunDescription } from "../training/run-description.ts";

/** Units whose fields are shown. */
const shownUnits = 4;

/**
 * Receptive fields of some units that the input projects to, and what training added to them since the weights that the
 * seed gave: even units, evenly spaced (the odd unit of an ON/OFF pair starts as the negative of its even one). Of a map
 * the units at its centre, one for each channel shown.
 *
 * @returns undefined where no weights leave the input, they came from a file, or its units are no image of 1 or 3 channels
 */
export async function receptiveFields(
  description: RunDescription,
  { library, parameter }: KeptCircuit,
): Promise<ReceptiveFields | undefined> {
  const network = buildNetwork(description.circuit, library);
  const inputOf = ({ pre }: WeightedProjection) => network.inputs.find(({ name }) => name === pre);
  const projection = network.projections.filter(isWeighted).find(inputOf);
  const field = projection && fieldSize(inputOf(projection)!, projection);
  const channels = field?.channels;
  if (!projection || !field || (channels !== 1 && channels !== 3)) return undefined;
  // A file that weights started from may be gone, so that nobody knows what training added.
  if (projection.given?.file) return undefined;
  const { map, dimension } = network.populations.find(({ name }) => name === projection.post)!;
  const { copies, post: rows, pre: columns } = projection.weights;
  // Copies run over components, then over the positions that have weights of their own.
  const positions = copies / dimension;
  const centre = positions > 1 ? Math.floor(map.height / 2) * map.width + Math.floor(map.width / 2) : 0;
  const weights = await parameter(projection.weight);
  const initial = startOf(projection, description.seed).get(projection.weight)!;
  const count = Math.min(shownUnits, Math.ceil(rows / 2));
  const chosen = Array.from({ length: count }, (_, index) => 2 * Math.floor((index * rows) / (2 * count)));
  return {
    projection: projection.name,
    height: field.height,
    width: field.width,
    channels,
    components: dimension,
    units: chosen.map((unit) => {
      const fieldsIn = (values: Float32Array) =>
        Array.from({ length: dimension }, (_, component) => {
          const start = ((component * positions + centre) * rows + unit) * columns;
          return values.slice(start, start + columns);
        });
      const fields = fieldsIn(weights);
      const before = fieldsIn(initial);
      const changes = fields.map((weightsOfField, component) =>
        weightsOfField.map((weight, pixel) => weight - before[component]![pixel]!),
      );
      return { name: `${projection.post} ${unit}`, fields, changes };
    }),
  };
}

/** Height, width and channels of what one unit sees; units in a row are taken for a square image of one channel. */
function fieldSize(input: Layout, { weights }: WeightedProjection): MapSize | undefined {
  const { map } = input;
  if (weights.pre !== input.units) {
    const kernel = Math.sqrt(weights.pre / map.channels);
    return { height: kernel, width: kernel, channels: map.channels };
  }
  if (map.height * map.width > 1) return map;
  const side = Math.sqrt(input.units);
  return Number.isInteger(side) ? { height: side, width: side, channels: 1 } : undefined;
}
