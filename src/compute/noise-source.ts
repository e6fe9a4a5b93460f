import { DeviceError } from "../kinds/errors.ts";
import { openSimd } from "./accelerators/simd/open-simd.ts";
import { simd } from "./accelerators/simd/simd.ts";
import { type BatchNoise, writeNormalNoise } from "./normal-noise.ts";
import type { RandomState } from "./random-state.ts";

/** Noise of one shape and SD, drawn again and again in the same place. */
interface NoiseSource {
  /** The numbers of each time step, [samples, width]; what is drawn next is written over them. */
  readonly steps: readonly Float32Array[];
  /**
   * Draws the numbers of `writeNormalNoise` for samples that show these trials; samples beyond them, padding, get 0.
   *
   * @param trials whole numbers from 0 to 2^32 - 1, at most as many as there are samples
   */
  draw(key: RandomState, trials: Uint32Array): void;
}

const pageBytes = 65536;
/** Room for the static data of the module at the start of memory. */
const reservedBytes = pageBytes;
/** Whole vectors, so that the noise of each kind begins at one. */
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/**
 * Opens sources of noise that share one memory: WebAssembly SIMD where the engine has it, else the definition. The
 * numbers are the same.
 *
 * @throws DeviceError where the machine does not give the memory
 */
export async function openNoiseSources(noises: readonly BatchNoise[]): Promise<NoiseSource[]> {
  const samples = Math.max(0, ...noises.map((noise) => noise.samples));
  let end = aligned(reservedBytes + 4 * samples);
  const places = noises.map((noise) => {
    const offset = end;
    end = aligned(offset + 4 * noise.steps * noise.samples * noise.width);
    return offset;
  });
  const memory = allocate(end);
  const shown = new Uint32Array(memory.buffer, reservedBytes, samples);
  const { available } = await simd.probe();
  const exports = available ? await openSimd(memory) : undefined;
  return noises.map((noise, index): NoiseSource => {
    const offset = places[index]!;
    const size = noise.samples * noise.width;
    const values = new Float32Array(memory.buffer, offset, noise.steps * size);
    const steps = Array.from({ length: noise.steps }, (_, step) => values.subarray(step * size, (step + 1) * size));
    return {
      steps,
      draw(key, trials) {
        if (exports) {
          shown.set(trials);
          exports.normalNoise(
            shown.byteOffset,
            offset,
            trials.length,
            noise.samples,
            noise.steps,
            noise.width,
            noise.deviation,
            ...key,
          );
        } else writeNormalNoise(values, key, trials, noise);
        if (trials.length < noise.samples) for (const step of steps) step.fill(0, trials.length * noise.width);
      },
    };
  });
}

/** @throws DeviceError */
function allocate(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new DeviceError(
      `noise of a batch needs ${(bytes / 2 ** 20).toFixed(0)} MiB and the machine does not give them (${String(error)}); use a smaller batch`,
    );
  }
}
