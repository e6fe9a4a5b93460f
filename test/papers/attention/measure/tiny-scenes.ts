import { buildNetwork, buildObjective, openDevice } from "../../../../src/built-in.ts";
import { attentionCircuit } from "../../../../src/circuits/ready-made/attention/attention-circuit.ts";
import type { AttentionOptions } from "../../../../src/circuits/ready-made/attention/attention-options.ts";
import { randomStream } from "../../../../src/compute/random.ts";
import { type AttentionObserver, attentionParts } from "../../../../src/papers/attention/measure/attention-parts.ts";
import { attendedObject } from "../../../../src/plasticity/objectives/attended-object.ts";
import { addObject, sceneTrials } from "../../../../src/tasks/scenes/scene-trials.ts";

/** Objects of a scene, and its classes. */
export const [objects, classes] = [2, 3];

/** A circuit of two stages that sees 8 x 9 pixels in two channels. */
export const tinyOptions: AttentionOptions = {
  image: { height: 8, width: 9, channels: 2 },
  stages: [
    { channels: 2, kernel: 2 },
    { channels: 3, kernel: 2 },
  ],
  classes,
  strength: 0.4,
  iterations: 3,
};

/** A circuit with random weights, large enough for attention to act, that looks at scenes in batches of 4. */
export async function tinyObserver(changes: Partial<AttentionOptions> = {}, seed = 1): Promise<AttentionObserver> {
  const options = { ...tinyOptions, ...changes };
  const network = buildNetwork(attentionCircuit(options));
  const drawn = [...network.initialise(seed)].map(([name, values]) => [name, values.map((value) => 3 * value)]);
  return {
    network,
    executor: await openDevice({ device: "cpu", provider: "auto", accelerators: true }),
    parameters: Object.fromEntries(drawn),
    objective: buildObjective(attendedObject({ objects, strength: options.strength > 0 ? options.strength : 0.4 })),
    batch: 4,
    seed,
    parts: attentionParts(network)!,
  };
}

/** Scenes of two random blots of random pixels on noise; every fifth has one alone. */
export function tinyScenes(count: number, seed = 1) {
  const { height, width, channels } = tinyOptions.image;
  const size = { height, width, channels, objects };
  return sceneTrials("tiny scenes", count, size, (scene, trial) => {
    const random = randomStream(seed, `tiny-${trial}`);
    for (let unit = 0; unit < scene.pixels.length; unit++) scene.pixels[unit] = 0.2 * random.uniform();
    for (let object = 0; object < (trial % 5 === 4 ? 1 : objects); object++) {
      for (let unit = 0; unit < scene.pixels.length; unit++) {
        if (random.uniform() < 0.6) continue;
        scene.objects[object]![unit] = random.uniform();
        scene.pixels[unit] = Math.min(1, scene.pixels[unit]! + scene.objects[object]![unit]!);
      }
      addObject(scene, object, random.integer(0, classes - 1));
    }
  });
}
