import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildOptimiser, buildRule } from "../../src/built-in.ts";
import { learningProgram, startValues } from "../../src/plasticity/learning-program.ts";
import { sgd } from "../../src/plasticity/optimisers/sgd.ts";
import { explorationName } from "../../src/plasticity/plastic-circuit.ts";
import { threeFactor } from "../../src/plasticity/rules/three-factor.ts";
import { type CircuitCase, circuitCases, feedsOfCase } from "../arbitraries/circuit-cases.ts";
import { expectClose, relativeError } from "../arbitraries/circuit-close.ts";
import { mapCases } from "../arbitraries/map-cases.ts";
import { tinySmoothCases } from "../arbitraries/tiny-smooth-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";
import { localUpdatesOf } from "../oracles/circuit-local-updates.ts";
import { type Components, lossOf, type ParameterValues, respond } from "../oracles/circuit-loss.ts";
import { measure } from "../oracles/circuit-updates.ts";
import { averageOverNoise, drawNoise, noiseOfSample } from "./noise.ts";

/** What the rule has in mind where every trial is like this one: the drives and the loss without noise. */
function expectations({ network, values, stimuli, labels }: CircuitCase): Map<string, Float32Array> {
  const { drives, scores } = respond(network.description, values, [...stimuli]);
  return new Map([
    ...[...drives].map(([name, drive]) => [`${name}/mean-drive`, Float32Array.from(drive.flat())] as const),
    ["expected-loss", Float32Array.of(lossOf(scores, labels[0]!))],
  ]);
}

/** One drive's share in a map of zeros. */
function noiseAt(drives: ReadonlyMap<string, Components>, name: string, k: number, i: number, value: number) {
  const zeros = drives.get(name)!.map((component) => component.map(() => 0));
  zeros[k]![i] = value;
  return new Map([[name, zeros]]);
}

/**
 * Sum over all drives m of (d drive_i / d noise_m) (d loss / d noise_m), by central differences: what a unit that takes its
 * whole fluctuation for its own exploration finds, the gradient and what noise further down adds to it.
 */
function correlated({ network, values, stimuli, labels }: CircuitCase): Map<string, Components> {
  const step = 1e-4;
  const { description } = network;
  const at = (noise: ReadonlyMap<string, Components>) => respond(description, values, [...stimuli], noise);
  const { drives } = at(new Map());
  const total = new Map([...drives].map(([name, drive]) => [name, drive.map((row) => row.map(() => 0))]));
  for (const [name, drive] of drives)
    drive.forEach((component, k) => {
      component.forEach((_, i) => {
        const [above, below] = [step, -step].map((value) => at(noiseAt(drives, name, k, i, value)));
        const loss = lossOf(above!.scores, labels[0]!) - lossOf(below!.scores, labels[0]!);
        for (const [other, rows] of total)
          rows.forEach((row, component) => {
            row.forEach((_value, unit) => {
              const moved = above!.drives.get(other)![component]![unit]! - below!.drives.get(other)![component]![unit]!;
              row[unit]! += (moved * loss) / (2 * step) ** 2;
            });
          });
      });
    });
  return total;
}

describe("the three-factor rule at decay 0, where it expects the drives and the loss without noise", () => {
  const rule = threeFactor({ decay: 0 });

  it("averages to the gradient in populations that the input alone drives", async () => {
    await fc.assert(
      fc.asyncProperty(tinySmoothCases, async (drawn) => {
        const { network } = drawn;
        const { bp } = await measure(drawn);
        const average = await averageOverNoise(rule, drawn, expectations(drawn));
        const inputs = network.populations.filter(({ incoming }) =>
          incoming.every(({ pre }) => pre === network.inputs[0]!.name),
        );
        expect(inputs.length).toBeGreaterThan(0);
        for (const { bias, incoming } of inputs)
          for (const name of [bias, ...incoming.map(({ weight }) => weight)])
            if (name) expect(relativeError(average.get(name)!, bp.get(name)!, 0.1), name).toBeLessThan(1e-2);
      }),
      { numRuns: 25 },
    );
  });

  it("adds further up what drives fluctuate with the noise of drives below them", async () => {
    await fc.assert(
      fc.asyncProperty(tinySmoothCases, async (drawn) => {
        const { network, values, stimuli } = drawn;
        const { rates } = respond(network.description, values, [...stimuli]);
        const wanted = localUpdatesOf(network.description, correlated(drawn), rates);
        const average = await averageOverNoise(rule, drawn, expectations(drawn));
        expect([...average.keys()].sort()).toEqual([...wanted.keys()].sort());
        for (const [name, update] of wanted)
          expect(relativeError(average.get(name)!, update, 0.1), name).toBeLessThan(1e-2);
      }),
      { numRuns: 25 },
    );
  });
});

/** The rule as its docstring has it, in float64: sums over samples of plain responses. */
function textbook(
  { network: { description }, batch, stimuli, labels }: Omit<CircuitCase, "values">,
  values: ParameterValues,
  memory: ReadonlyMap<string, ArrayLike<number>>,
  { amplitude, decay, averaging }: { amplitude: number; decay: number; averaging: number },
  noise: ReadonlyMap<string, Float32Array>,
  weights: Float32Array,
) {
  const inputs = stimuli.length / batch;
  const updates = new Map<string, Float64Array>();
  const remembered = new Map<string, Float64Array>();
  const accumulate = (into: Map<string, Float64Array>, name: string, values: ArrayLike<number>, factor: number) => {
    const sum = into.get(name) ?? new Float64Array(values.length);
    into.set(name, sum);
    for (let at = 0; at < values.length; at++) sum[at]! += factor * values[at]!;
  };
  let meanReward = 0;
  for (let sample = 0; sample < batch; sample++) {
    const own = noiseOfSample(description, noise, { batch, sample, amplitude });
    const stimulus = [...stimuli.subarray(sample * inputs, (sample + 1) * inputs)];
    const { drives, rates, scores } = respond(description, values, stimulus, own);
    const loss = lossOf(scores, labels[sample]!);
    const weight = weights[sample]!;
    const fluctuations = new Map(
      [...drives].map(([name, drive]) => {
        const mean = memory.get(`${name}/mean-drive`)!;
        return [name, drive.map((row, k) => row.map((value, i) => value - mean[k * row.length + i]!))];
      }),
    );
    const reward = weight * (loss - memory.get("expected-loss")![0]!);
    meanReward += reward;
    for (const [name, coincidence] of localUpdatesOf(description, fluctuations, rates)) {
      accumulate(updates, name, coincidence, reward / amplitude ** 2);
      accumulate(remembered, `${name}/eligibility`, coincidence, weight);
    }
    accumulate(remembered, "expected-loss", [loss], (1 - averaging) * weight);
    for (const [name, drive] of drives)
      accumulate(remembered, `${name}/mean-drive`, drive.flat(), (1 - averaging) * weight);
  }
  for (const [name] of [...updates])
    accumulate(updates, name, memory.get(`${name}/eligibility`)!, (decay * meanReward) / amplitude ** 2);
  for (const [name] of [...remembered])
    accumulate(remembered, name, memory.get(name)!, name.endsWith("/eligibility") ? decay : averaging);
  return { updates, remembered };
}

const settings = fc.record({
  amplitude: fc.constantFrom(0.2, 0.5),
  decay: fc.constantFrom(0, 0.3, 1),
  averaging: fc.constantFrom(0, 0.6, 1),
});
const smooth = ["linear", "tanh", "sigmoid", "softplus"];
const family = {
  units: "both",
  wiring: "branching",
  signs: ["mixed"],
  vectorGains: smooth,
  scalarGains: smooth,
} as const;
const topologies = ["convolutional", "local", "dense", "average-pool"] as const;

describe.each([
  ["populations", circuitCases(family)],
  ["maps", mapCases({ ...family, topologies, depth: 2 })],
])("three trials of the three-factor rule in circuits of %s", (_what, cases) => {
  it("change weights, eligibilities and running means as its equations say", async () => {
    await fc.assert(
      fc.asyncProperty(cases, settings, async (drawn, chosen) => {
        const { network, batch } = drawn;
        const rule = buildRule(threeFactor(chosen));
        const rate = 0.1;
        const optimiser = buildOptimiser(sgd({ rate }));
        const program = learningProgram({ network, rule, optimiser, batch });
        const session = await interpreter.load(program);
        for (const [name, values] of [...startValues(network, rule, 1), ...drawn.values])
          await session.write(name, values);
        const weights = new Float32Array(batch).fill(1 / batch);
        for (const trial of [1, 2, 3]) {
          const state = new Map<string, Float32Array>();
          for (const name of Object.keys(program.residents)) state.set(name, (await session.read(name)).slice());
          if (trial === 1) expect(state.get("expected-loss")![0]).toBeCloseTo(Math.log(network.reports[0]!.units), 6);
          const noise = drawNoise(drawn, trial);
          const feeds = Object.fromEntries([...noise].map(([name, values]) => [explorationName(name, 0), values]));
          await session.run("train", [
            { ...feedsOfCase(drawn), weights, schedule: optimiser.schedule(trial), ...feeds },
          ]);
          const { updates, remembered } = textbook(drawn, state, state, chosen, noise, weights);
          // A drive less its running mean may be nearly 0, and no more exact than the two.
          for (const [name, values] of remembered)
            expect(relativeError(await session.read(name), values, 0.1), `${name}, trial ${trial}`).toBeLessThan(1e-4);
          for (const [name, update] of updates) {
            const after = state.get(name)!.map((value, at) => value - rate * update[at]!);
            expectClose(await session.read(name), after, `${name}, trial ${trial}`);
          }
          // The next trial starts where the session is, but never from weights that ran away.
          for (const [name, values] of drawn.values) await session.write(name, values);
        }
      }),
      { numRuns: 20 },
    );
  });
});
