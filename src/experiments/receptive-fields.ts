import { buildNetwork } from "../circuits/network.ts";
import type { ReceptiveFields } from "../report/report-data.ts";
import type { RunDescription } from "./run-description.ts";

/** Units whose fields are shown. */
const shownUnits = 4;

/**
 * Receptive fields of some units that the input projects to, and what training added to them since the weights that the
 * seed gave: even units, evenly spaced (the odd unit of an ON/OFF pair starts as the negative of its even one).
 *
 * Input units are taken for the pixels of one grey-level image, row by row. Colour images have a field in each channel,
 * interleaved (row, column, channel); they are left out.
 *
 * @param image size of the images in pixels; no whole numbers where the stimuli are no such images
 * @param readWeight reads a resident by name
 * @returns undefined where no projection leaves the input or its stimuli are no images of one channel
 */
export async function receptiveFields(
  description: RunDescription,
  image: { readonly height: number; readonly width: number },
  readWeight: (name: string) => Promise<Float32Array>,
): Promise<ReceptiveFields | undefined> {
  const { input } = description.circuit;
  const { height, width } = image;
  const network = buildNetwork(description.circuit);
  const projection = network.projections.find(({ pre }) => pre === input.name);
  if (!projection || !Number.isInteger(height) || height * width !== input.units) return undefined;
  const { units, dimension: components } = network.populations.find(({ name }) => name === projection.post)!;
  const weights = await readWeight(projection.weight);
  const initial = network.initialise(description.seed).get(projection.weight)!;
  const count = Math.min(shownUnits, Math.ceil(units / 2));
  const chosen = Array.from({ length: count }, (_, index) => 2 * Math.floor((index * units) / (2 * count)));
  return {
    projection: projection.name,
    height,
    width,
    components,
    units: chosen.map((unit) => {
      const fieldsIn = (values: Float32Array) =>
        Array.from({ length: components }, (_, component) => {
          const start = (component * units + unit) * input.units;
          return values.slice(start, start + input.units);
        });
      const fields = fieldsIn(weights);
      const before = fieldsIn(initial);
      const changes = fields.map((field, component) =>
        field.map((weight, pixel) => weight - before[component]![pixel]!),
      );
      return { name: `${projection.post} ${unit}`, fields, changes };
    }),
  };
}
