import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { exportWeights, run } from "../../src/built-in-runs.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import type { Network } from "../../src/circuits/network.ts";
import { modularCircuit } from "../../src/circuits/ready-made/modules.ts";
import { sparse } from "../../src/circuits/topologies/sparse.ts";
import { sizeOf } from "../../src/compute/shape.ts";
import { DataError, UsageError } from "../../src/kinds/errors.ts";
import { adam } from "../../src/plasticity/optimisers/adam.ts";
import { bp } from "../../src/plasticity/rules/bp.ts";
import { readParameters } from "../../src/runs/read-parameters.ts";
import { type CircuitWeights, writeWeights } from "../../src/runs/weights-file.ts";
import { symbols } from "../../src/tasks/images/symbols-task.ts";
import { silent } from "../../src/training/silent.ts";
import { circuitCases } from "../arbitraries/circuit-cases.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { skipped } from "../skipping.ts";
import { scratchFolder } from "../small-runs.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const at = temporaryFolder();

/** Weights of a network as they would come out of a run. */
const weightsOf = (
  { description, parameters }: Network,
  values: ReadonlyMap<string, Float32Array>,
): CircuitWeights => ({
  circuit: description.name,
  parameters: Object.fromEntries(
    parameters.map(({ name, shape, axes = [] }) => [name, { shape, axes, data: values.get(name)! }]),
  ),
});

const bits = (values: ReadonlyMap<string, Float32Array>) =>
  Object.fromEntries([...values].map(([name, array]) => [name, [...new Uint32Array(array.slice().buffer)]]));

describe("a file of weights", () => {
  const networks = fc.oneof(
    circuitCases({ units: "both", wiring: "branching", signs: ["mixed", "excitatory"] }).map(({ network }) => network),
    mapCases({ units: "both", wiring: "branching", signs: ["mixed", "inhibitory"] }).map(({ network }) => network),
    fc.record({ units: fc.integer({ min: 2, max: 4 }), between: fc.constantFrom(0.3, 0.6) }).map(({ units, between }) =>
      buildNetwork(
        modularCircuit({
          units,
          wiring: [
            [1, between],
            [between, 1],
          ],
          inputs: [{ height: 1, width: 3, channels: 1 }],
          classes: 2,
          steps: 2,
          signs: { within: "dale" },
          inhibitoryFraction: 0.5,
        }),
      ),
    ),
  );

  test.each(["w.npz", "w.json"])("is read to the bit as it was written, for any circuit (%s)", async (file) => {
    await fc.assert(
      fc.asyncProperty(networks, fc.nat(), async (network, seed) => {
        const values = network.initialise(seed);
        // Zeros of either sign, and the smallest number, too.
        const [first] = network.parameters;
        const odd = values.get(first!.name)!;
        if (!first!.constraint || first!.constraint.signFrom(0) === 0) [odd[0], odd[odd.length - 1]] = [-0, 2 ** -149];
        await writeWeights(at(file), weightsOf(network, values));
        const read = await readParameters(at(file), network);
        expect(bits(read)).toEqual(bits(values));
      }),
      { numRuns: 25 },
    );
  });

  test("says shapes and axes of every parameter", () => {
    fc.assert(
      fc.property(networks, ({ parameters }) => {
        for (const { shape, axes, name } of parameters) {
          expect(axes, name).toHaveLength(shape.length);
          expect(new Set(axes).size, name).toBe(shape.length);
        }
      }),
    );
  });

  test("of JSON that is damaged is refused, with the place", async () => {
    const network = buildNetwork(
      circuit("pair", (c) => c.project(c.input("x", { units: 2 }), c.population("y", { units: 3, bias: "none" }))),
    );
    const refused = async (content: unknown, said: string) => {
      await writeFile(at("w.json"), typeof content === "string" ? content : JSON.stringify(content));
      await expect(readParameters(at("w.json"), network)).rejects.toThrow(new DataError(`${at("w.json")}${said}`));
    };
    const good = { shape: [3, 2], axes: ["post", "pre"], values: [1, 2, 3, 4, 5, 6] };
    const file = (parameters: object) => ({ format: "sulcus-weights-1", circuit: "pair", parameters });
    await writeFile(at("w.json"), JSON.stringify(file({ "x->y/weight": good })));
    expect((await readParameters(at("w.json"), network)).get("x->y/weight")).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    await refused(
      file({ "x->y/weight": { ...good, values: [1] } }),
      ': "x->y/weight" has 1 values where shape [3, 2] takes 6; give one for each place, row-major',
    );
    await refused(
      file({ "x->y/weight": { ...good, shape: [2, 3] } }),
      ' does not fit circuit "pair": "x->y/weight" is [2, 3], expected [post, pre], [3, 2], so transpose it; give the settings that it was trained with, or other weights',
    );
    await refused(
      file({ "x->z/weight": good }),
      ' does not fit circuit "pair": it lacks "x->y/weight" [3, 2]; it has "x->z/weight", which the circuit has not; give the settings that it was trained with, or other weights',
    );
    await refused({ ...file({}), format: "other" }, ': format: got "other", expected sulcus-weights-1');
    await writeFile(at("w.json"), "{");
    await expect(readParameters(at("w.json"), network)).rejects.toThrow(/w\.json is not JSON: /);
  });

  test("of another kind is refused before anything is written", async () => {
    const none: CircuitWeights = { circuit: "none", parameters: {} };
    await expect(writeWeights(at("w.pt"), none)).rejects.toThrow(
      new UsageError(`weights cannot be written to "${at("w.pt")}"; give a file that ends in .npz or .json`),
    );
    const data = { length: 20_000_001 } as unknown as Float32Array;
    const large = { circuit: "large", parameters: { w: { shape: [20_000_001], axes: ["unit"], data } } };
    await expect(writeWeights(at("w.json"), large)).rejects.toThrow(
      new UsageError(
        `${at("w.json")}: 20,000,001 numbers are too many for JSON, which holds 20,000,000; give a file that ends in .npz`,
      ),
    );
  });
});

const net = circuit("cells", (c) => {
  const cells = c.population("cells", { units: 6, gain: "tanh", inhibitoryFraction: 0.5 });
  c.project(c.input("pixels", { units: 784 }), cells);
  c.project(cells, cells, { topology: sparse({ density: 0.4 }), sign: "dale", delay: 1 });
  c.project(cells, c.population("report", { units: 10 }));
  c.steps(2);
});

const hasNumpy = (() => {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("the weights of a run", () => {
  const task = symbols({ limit: 20, testLimit: 10 });
  const settings = { circuit: net, task, rule: bp(), optimiser: adam({ rate: 0.01 }), seed: 3, batch: 10, epochs: 1 };
  const trained = async () => {
    const out = `${await scratchFolder()}/run`;
    await run(settings, { out, report: false, onEvent: silent });
    return out;
  };

  test("start another run where they were, from either kind of file", async () => {
    const folder = await trained();
    const weights = await exportWeights(folder);
    expect(weights.circuit).toBe("cells");
    expect(Object.keys(weights.parameters)).toEqual(buildNetwork(net).parameters.map(({ name }) => name));
    const starts: CircuitWeights[] = [weights];
    for (const file of ["w.npz", "w.json"]) await writeWeights(at(file), weights);
    for (const from of [at("w.npz"), at("w.json")]) {
      const out = `${await scratchFolder()}/from`;
      await run({ ...settings, epochs: 0, seed: 9, from }, { out, report: false, onEvent: silent });
      starts.push(await exportWeights(out));
    }
    for (const start of starts) expect(start).toEqual(weights);
  }, 60_000);

  test.skipIf(skipped(!hasNumpy, "weights for NumPy, which is not installed"))(
    "open in NumPy by their names, with shapes and axes beside them",
    async () => {
      const folder = await trained();
      const weights = await exportWeights(folder);
      await writeWeights(at("numpy.npz"), weights);
      const script = `
import json, numpy as np, sys
run = np.load(sys.argv[1])
about = json.loads(run["parameters.json"].tobytes())
for name, said in about["parameters"].items():
    assert list(run[name].shape) == said["shape"] and len(said["axes"]) == run[name].ndim, name
    assert run[name].dtype == np.float32, name
print(json.dumps({"names": sorted(run.files), "sum": float(np.abs(run["cells->cells/weight"].astype(float)).sum()), "circuit": about["circuit"]}))
`;
      const found = JSON.parse(execFileSync("python3", ["-c", script, at("numpy.npz")], { encoding: "utf8" }));
      expect(found.names).toEqual([...Object.keys(weights.parameters), "parameters.json"].sort());
      expect(found.circuit).toBe("cells");
      const { data, shape } = weights.parameters["cells->cells/weight"]!;
      expect(data).toHaveLength(sizeOf(shape));
      expect(found.sum).toBeCloseTo(
        data.reduce((sum, value) => sum + Math.abs(value), 0),
        5,
      );
    },
    60_000,
  );

  test("are not there before the first checkpoint, nor in a folder of several runs", async () => {
    const folder = await trained();
    await rm(`${folder}/checkpoint.npz`);
    await expect(exportWeights(folder)).rejects.toThrow(
      new UsageError(`${folder} has no checkpoint.npz yet; wait until the run has saved one, or go on with it`),
    );
    const config = await readFile(`${folder}/config.yaml`, "utf8");
    await writeFile(`${folder}/config.yaml`, config.replace(/^run:/m, "settings:"));
    await expect(exportWeights(folder)).rejects.toThrow(
      "is not the configuration of a single run; give the folder of one",
    );
  }, 60_000);
});
