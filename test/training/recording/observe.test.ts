import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildObjective, observe, recordingStream } from "../../../src/built-in.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import { inputName } from "../../../src/circuits/ready-made/attention/attention-circuit.ts";
import { namingClasses } from "../../../src/plasticity/objectives/classification.ts";
import type { RecordingOptions } from "../../../src/training/recording/recording-stream.ts";
import { attentionCases, whole } from "../../arbitraries/attention-cases.ts";
import { circuitCases } from "../../arbitraries/circuit-cases.ts";
import { expectClose, relativeError } from "../../arbitraries/circuit-close.ts";
import { givenStimuli, withoutNoise } from "../../arbitraries/given-stimuli.ts";
import { manipulatedCases, unitsIn } from "../../arbitraries/manipulation-cases.ts";
import { mapCases } from "../../arbitraries/map-cases.ts";
import { type RecurrentCase, recurrentCases } from "../../arbitraries/recurrent-cases.ts";
import { show } from "../../circuits/show-case.ts";
import { atStep } from "../../circuits/show-glimpses.ts";
import { interpreter } from "../../oracles/circuit-interpreter.ts";
import { measure } from "../../oracles/circuit-updates.ts";
import { interferenceOf } from "../../oracles/interference.ts";
import { type Interference, respondInTime } from "../../oracles/recurrent-response.ts";

/** Samples nearer than this to a change of mind are left out: float32 may decide otherwise. */
const safeMargin = 1e-3;

const record = (drawn: RecurrentCase, options: RecordingOptions) =>
  observe(drawn.network, {
    ...givenStimuli(drawn),
    parameters: drawn.values,
    device: interpreter,
    batch: 2,
    ...options,
  });

const nothing: Interference = { rate: () => undefined, drive: () => 0, cuts: () => false };

/** One trial and time step of an array, [component][unit] flat. */
function rowOf({ shape, data }: { shape: readonly number[]; data: Float32Array }, trial: number, step: number) {
  const row = shape.slice(2).reduce((product, size) => product * size, 1);
  const at = (trial * shape[1]! + step) * row;
  return data.subarray(at, at + row);
}

describe("a recording", () => {
  it("holds the rates and drives that plain loops find, of inputs and populations, manipulated or not", async () => {
    let samples = 0;
    await fc.assert(
      fc.asyncProperty(manipulatedCases({ changing: true, binary: true }), async ({ intact, manipulations }) => {
        const drawn = withoutNoise(intact);
        const { network, values, feeds, batch } = drawn;
        const { inputs, populations, steps } = network;
        const probes = [
          ...[...inputs, ...populations].map(({ name: of }) => ({ of })),
          ...populations.map(({ name: of }) => ({ of, what: "drive" as const })),
        ];
        for (const done of [[], manipulations]) {
          const { arrays, trials } = await record(drawn, { probes, noise: false, manipulations: done });
          expect(trials).toBe(batch);
          const interference = interferenceOf(done, unitsIn(intact));
          for (let trial = 0; trial < batch; trial++) {
            const expected = respondInTime(network.description, values, feeds, trial, interference);
            if (expected.margin < safeMargin) continue;
            samples++;
            for (const [name, array] of Object.entries(arrays)) {
              const [part, what] = name.split("/") as [string, "rates" | "drive"];
              const found = what === "rates" ? expected.rates : expected.drives;
              for (let step = 0; step < steps; step++) {
                const row = rowOf(array, trial, step);
                if (inputs.some((input) => input.name === part)) {
                  const { units, steps: shown } = inputs.find((input) => input.name === part)!;
                  const fed = feeds[`stimuli/${part}${shown === 1 ? "" : `@${step}`}`]!;
                  const wanted = Array.from(
                    { length: units },
                    (_, unit) => interference.rate(part, step, 0, unit) ?? fed[trial * units + unit]!,
                  );
                  expect([...row], name).toEqual(wanted);
                }
                // Where no drive has reached it, a population is silent.
                else
                  expectClose(
                    row,
                    found.get(`${part}@${step}`)?.flat() ?? new Float32Array(row.length),
                    `${name}@${step}`,
                  );
              }
            }
          }
        }
      }),
      { numRuns: 30 },
    );
    expect(samples).toBeGreaterThan(50);
  });

  it("holds as errors the gradient of each trial's own loss at the drive", async () => {
    const move = 1e-5;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        recurrentCases({ changing: true, binary: false }).filter(
          ({ network }) => network.description.decision.module !== "random",
        ),
        async (intact) => {
          const drawn = withoutNoise(intact);
          const { network, values, feeds, batch } = drawn;
          const probes = network.populations.map(({ name: of }) => ({ of, what: "error" as const }));
          const { arrays } = await record(drawn, { probes, noise: false, objective: namingClasses });
          for (let trial = 0; trial < batch; trial++) {
            const intactResponse = respondInTime(network.description, values, feeds, trial);
            if (intactResponse.margin < safeMargin) continue;
            const largest = Math.max(1, ...[...intactResponse.rates.values()].flat(2).map(Math.abs));
            for (const { name, units, dimension } of network.populations)
              for (let step = 0; step < network.steps; step++) {
                // Nothing can be added to the drive of a population that no drive has reached.
                const reached = intactResponse.rates.has(`${name}@${step}`);
                const wanted = Array.from({ length: dimension * units }, (_, index) => {
                  if (!reached) return 0;
                  const [above, below] = [move, -move].map((by) => {
                    const drive: Interference["drive"] = (part, at, component, unit) =>
                      part === name && at === step && component * units + unit === index ? by : 0;
                    return respondInTime(network.description, values, feeds, trial, { ...nothing, drive }).loss;
                  });
                  return (above! - below!) / (2 * move);
                });
                compared++;
                const got = rowOf(arrays[`${name}/error`]!, trial, step);
                expect(relativeError(got, wanted, 0.01 * largest), `${name}@${step}`).toBeLessThan(2e-4);
              }
          }
        },
      ),
      { numRuns: 20 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  it.each([
    ["vector units", circuitCases({ units: "both", wiring: "branching", signs: ["mixed", "excitatory"] })],
    ["maps", mapCases({ units: "both", wiring: "branching", signs: ["mixed"] })],
  ])("of %s holds what the interpreter computes", async (_, cases) => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const { network, values, stimuli, labels, batch } = drawn;
        const { rates } = await measure(drawn);
        const { arrays } = await observe(network, {
          stimuli: { [network.inputs[0]!.name]: stimuli },
          labels,
          parameters: values,
          device: interpreter,
          probes: network.populations.map(({ name: of }) => ({ of })),
        });
        for (const { name, units, dimension } of network.populations) {
          const { data, shape, axes } = arrays[`${name}/rates`]!;
          expect(data).toEqual(rates.get(name));
          expect(shape).toEqual([batch, 1, ...(dimension > 1 ? [dimension] : []), units]);
          expect(axes).toEqual(["trial", "step", ...(dimension > 1 ? ["component"] : []), "unit"]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("holds glimpse after glimpse what a circuit does that remembers what it attended to", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 2 }), async (drawn) => {
        const { network, values, scenes } = drawn;
        const glimpses = await show(drawn, [false, true, true]);
        const { arrays } = await observe(network, {
          stimuli: { [inputName]: scenes.stimuli },
          parameters: values,
          device: interpreter,
          presentations: 3,
          probes: network.populations.map(({ name: of }) => ({ of })),
        });
        for (const { name, units } of network.populations) {
          const { data, axes, shape } = arrays[`${name}/rates`]!;
          expect(axes).toEqual(["trial", "presentation", "step", "unit"]);
          expect(shape).toEqual([scenes.batch, 3, network.steps, units]);
          for (let trial = 0; trial < scenes.batch; trial++)
            for (const [glimpse, results] of glimpses.entries())
              for (let step = 0; step < network.steps; step++) {
                const at = ((trial * 3 + glimpse) * network.steps + step) * units;
                const found = results[atStep(name, step)]?.subarray(trial * units, (trial + 1) * units);
                expect(data.subarray(at, at + units)).toEqual(found ?? new Float32Array(units));
              }
        }
      }),
      { numRuns: 8 },
    );
  });

  it("of some trials, time steps and units is part of the whole one, noise and all", async () => {
    await fc.assert(
      fc.asyncProperty(
        recurrentCases({ changing: true, binary: true }).chain((drawn) => {
          const { populations, steps } = drawn.network;
          return fc.constantFrom(...populations).chain(({ name, units }) =>
            fc.record({
              drawn: fc.constant(drawn),
              of: fc.constant(name),
              what: fc.constantFrom("rates" as const, "drive" as const, "error" as const),
              trials: fc.array(fc.nat(drawn.batch - 1), { minLength: 1, maxLength: 4 }),
              steps: fc.oneof(
                fc.constantFrom("all" as const, "last" as const),
                fc.uniqueArray(fc.nat(steps - 1), { minLength: 1 }),
              ),
              every: fc.integer({ min: 1, max: 2 }),
              chosen: fc.uniqueArray(fc.nat(units - 1), { minLength: 1 }),
              batch: fc.integer({ min: 1, max: 3 }),
            }),
          );
        }),
        async ({ drawn, of, what, trials, steps, every, chosen, batch }) => {
          const objective = namingClasses;
          const all = await record(drawn, { probes: [{ of, what }], seed: 3, objective });
          const some = await record(drawn, {
            probes: [{ of, what, steps, every, units: chosen }],
            seed: 3,
            objective,
            trials,
            batch,
          });
          const [part, whole] = [some.arrays[`${of}/${what}`]!, all.arrays[`${of}/${what}`]!];
          const numbered = Array.from({ length: drawn.network.steps }, (_, step) => step);
          const asked = steps === "all" ? numbered : steps === "last" ? numbered.slice(-1) : steps;
          expect(part.steps).toEqual(asked.filter((_, index) => index % every === 0));
          expect(part.units).toEqual(chosen);
          expect([...some.factors.trial!.data]).toEqual(trials);
          const units = unitsIn(drawn)(of);
          for (const [index, trial] of trials.entries())
            for (const [place, step] of part.steps!.entries()) {
              const [got, row] = [rowOf(part, index, place), rowOf(whole, trial, step)];
              const wanted = row.filter((_, at) => chosen.includes(at % units));
              const order = [...chosen].sort((a, b) => a - b);
              const sorted = got.map((_, at) => {
                const component = Math.floor(at / chosen.length);
                return got[component * chosen.length + chosen.indexOf(order[at % chosen.length]!)]!;
              });
              expect(sorted).toEqual(wanted);
            }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("holds parameters as the trials meet them, once for all", async () => {
    await fc.assert(
      fc.asyncProperty(recurrentCases({ changing: false, binary: false }), async (drawn) => {
        const { network, values } = drawn;
        const biased = network.populations.filter(({ bias }) => bias !== undefined);
        const { arrays } = await record(drawn, {
          probes: [
            ...network.projections.map(({ name: of }) => ({ of, what: "weights" as const })),
            ...biased.map(({ name: of }) => ({ of, what: "biases" as const })),
          ],
        });
        for (const { weight, weights } of network.projections) {
          const { data, shape, axes } = arrays[weight!]!;
          expect(data).toEqual(values.get(weight!));
          expect(shape).toEqual(weights!.shape);
          expect(axes).toEqual(shape.length === 2 ? ["post", "pre"] : ["component", "post", "pre"]);
        }
        for (const { bias, dimension, units } of biased) {
          expect(arrays[bias!]!.data).toEqual(values.get(bias!));
          expect(arrays[bias!]).toMatchObject({ shape: [dimension, units], axes: ["component", "unit"] });
        }
      }),
      { numRuns: 15 },
    );
  });

  it("of a circuit that is not trained is as its seed draws it", async () => {
    const [drawn] = fc.sample(recurrentCases({ changing: true, binary: true }), { numRuns: 1, seed: 5 }) as [
      RecurrentCase,
    ];
    const { parameters: _, ...options } = { parameters: 0, ...givenStimuli(drawn), device: interpreter };
    const probes = [{ of: "module1", what: "drive" as const }];
    const of = async (seed: number) =>
      (await observe(drawn.network, { ...options, probes, seed, noise: false })).arrays["module1/drive"]!.data;
    const given = await observe(drawn.network, {
      ...options,
      probes,
      noise: false,
      parameters: drawn.network.initialise(4),
    });
    expect(await of(4)).toEqual(given.arrays["module1/drive"]!.data);
    expect(await of(5)).not.toEqual(await of(4));
  });

  it("comes in parts of a batch each, and any number of times", async () => {
    const [drawn] = fc.sample(
      recurrentCases({ changing: true, binary: true }).filter(({ batch }) => batch === 3),
      {
        numRuns: 1,
        seed: 2,
      },
    ) as [RecurrentCase];
    const stream = recordingStream(drawn.network, {
      ...givenStimuli(drawn),
      device: interpreter,
      batch: 2,
      probes: [{ of: "module1" }],
    });
    for (const _ of [1, 2]) {
      const counts: number[] = [];
      for await (const { count, arrays } of stream.parts()) {
        counts.push(count);
        expect(arrays["module1/rates"]!.length).toBe((count * stream.arrays[0]!.shape.reduce((a, b) => a * b)) / 3);
      }
      expect(counts).toEqual([2, 1]);
    }
  });

  it("is the same on a device", async () => {
    for (const [index, drawn] of fc
      .sample(mapCases({ units: "both", wiring: "branching", signs: ["mixed"] }), { numRuns: 3, seed: 11 })
      .entries()) {
      const { network, values, stimuli, labels } = drawn;
      const options = {
        stimuli: { [network.inputs[0]!.name]: stimuli },
        labels,
        parameters: values,
        objective: namingClasses,
        batch: 2,
        probes: [
          { of: network.inputs[0]!.name },
          ...network.populations.flatMap(({ name: of }) =>
            (["rates", "drive", "error"] as const).map((what) => ({ of, what })),
          ),
        ],
      };
      const onDevice = await observe(network, { ...options, device: { device: "cpu" } });
      const plain = await observe(network, { ...options, device: interpreter });
      for (const [name, { data }] of Object.entries(plain.arrays))
        expectClose(onDevice.arrays[name]!.data, data, `${index} ${name}`);
    }
  });

  it("holds errors of values as the slope of their loss, and the values beside", async () => {
    const network = buildNetwork(
      circuit("place", (c) => {
        const image = c.input("image", { units: 3 });
        c.project(image, c.population("place", { units: 2, bias: "none" }));
      }),
    );
    const numbers = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 6, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        numbers,
        numbers.map((drawn) => drawn.slice(0, 4)),
        numbers,
        async (image, values, weight) => {
          const { arrays, factors } = await observe(network, {
            stimuli: { image },
            values,
            parameters: [["image->place/weight", Float32Array.from(weight)]],
            objective: buildObjective("squared-error"),
            device: interpreter,
            probes: [{ of: "place", what: "error" }],
          });
          const slopes = values.map((value, at) => {
            const [trial, unit] = [Math.floor(at / 2), at % 2];
            const rate = [0, 1, 2].reduce((sum, pre) => sum + weight[3 * unit + pre]! * image[3 * trial + pre]!, 0);
            // The loss is the mean over both units.
            return rate - value + 0;
          });
          expect([...arrays["place/error"]!.data].map((error) => error + 0)).toEqual(slopes);
          expect(factors.target).toMatchObject({ whole: false, shape: [2, 2], axes: ["trial", "unit"] });
          expect([...factors.target!.data]).toEqual(values);
        },
      ),
      { numRuns: 10 },
    );
  });
});
