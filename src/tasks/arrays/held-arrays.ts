import type { LoadedArray } from "../../arrays/loaded-array.ts";
import { DescriptionError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import type { ArrayStore } from "./array-store.ts";
import { asLoaded, type GivenArray } from "./given-arrays.ts";

let held = 0;

/** Arrays that a program gives, by name. */
export class HeldArrays implements ArrayStore {
  readonly place = "arrays";
  readonly names: readonly string[];
  readonly columns = false;
  readonly whole = true;
  readonly bytes: readonly Uint8Array<ArrayBuffer>[] = [];
  readonly #arrays: ReadonlyMap<string, LoadedArray>;
  readonly #number = held++;

  /** @throws DescriptionError where a value is no array, or two have one name */
  constructor(given: readonly (readonly [name: string, array: GivenArray])[]) {
    const arrays = new Map<string, LoadedArray>();
    for (const [name, array] of given) {
      if (arrays.has(name))
        throw new DescriptionError(`arrays: two arrays are named ${shown(name)}; give one of them another name`);
      arrays.set(name, asLoaded(name, array));
    }
    this.names = [...arrays.keys()];
    this.#arrays = arrays;
  }

  async read(name: string): Promise<LoadedArray> {
    return this.#arrays.get(name)!;
  }

  /** Tells arrays apart where descriptions are compared; the values themselves may be many. */
  toJSON(): unknown {
    return { held: this.#number, arrays: this.names };
  }
}
