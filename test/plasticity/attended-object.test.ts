import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork, buildObjective, buildRule } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { inhibitionName } from "../../src/circuits/inhibition-of-return.ts";
import { attentionCircuit, reportName } from "../../src/circuits/ready-made/attention/attention-circuit.ts";
import { readAttentionOptions } from "../../src/circuits/ready-made/attention/attention-options.ts";
import { oneToOne } from "../../src/circuits/topologies/one-to-one.ts";
import { randomStream } from "../../src/compute/random.ts";
import { alignmentProgram } from "../../src/plasticity/learning-program.ts";
import { attendedObject } from "../../src/plasticity/objectives/attended-object.ts";
import { type AttentionCase, attentionCase, attentionCases, rowOf, whole } from "../arbitraries/attention-cases.ts";
import { expectClose, relativeError } from "../arbitraries/circuit-close.ts";
import { inhibitionOf, penalty, show, stagesOf } from "../circuits/show-case.ts";
import { atStep, gradientOf } from "../circuits/show-glimpses.ts";
import { attentionLoop, judgeGlimpse } from "../oracles/attention-loop.ts";

const remembers = ({ settings }: AttentionCase) =>
  settings.inhibitionOfReturn && (settings.feedback || settings.lateral);

/** Half of the units inhibited where the circuit knows inhibition of return, else none. */
function keptBy(drawn: AttentionCase): Record<string, Float32Array> {
  const random = randomStream(1, "inhibition");
  return inhibitionOf(drawn, () => (remembers(drawn) ? random.integer(0, 1) : 0));
}

/** Its attention is the small rest of a sum: 7e-4 of parts that are hundreds of times as large. */
const cancelling = readAttentionOptions({
  image: { height: 6, width: 7, channels: 1 },
  stages: [3, 4].map((channels) => ({ channels, kernel: 1, gain: "relu" })),
  classes: 3,
  strength: 0.2,
  iterations: 1,
  pooling: "max",
  feedback: true,
  lateral: false,
  gating: false,
  inhibitionOfReturn: false,
});

describe("attending to objects one by one", () => {
  it("does what its equations say, iteration by iteration and glimpse by glimpse, whatever is left out of it", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases(), async (drawn) => {
        const { settings, scenes, values, count } = drawn;
        const { batch } = scenes;
        const kept = keptBy(drawn);
        const shown = await show(drawn, [true, true], { kept: remembers(drawn) ? kept : {} });
        for (let sample = 0; sample < batch; sample++) {
          const own = (array: Float32Array) => rowOf(array, sample, batch);
          const taken = new Set<number>();
          let inhibition = Object.values(kept).map(own);
          for (const [glimpse, results] of shown.entries()) {
            const iterations = attentionLoop(settings, values, own(scenes.stimuli), inhibition);
            const before = iterations.at(-2);
            // Next to the threshold of inhibition of return, rounding may decide.
            fc.pre(!before?.attention.some((signal) => signal?.some((rate) => Math.abs(rate - 0.5) < 1e-4)));
            for (const [step, { report, gated, attention }] of iterations.entries()) {
              // Rates around 1 are added up by weights below 1, each rounded to float32, and what is left may be small.
              const compare = (name: string, expected: ArrayLike<number>) => {
                const error = relativeError(own(results[atStep(name, step)]!), expected, 0.1);
                expect(error, `glimpse ${glimpse}, ${name}@${step}`).toBeLessThan(1e-5);
              };
              compare(reportName, report);
              for (const [stage, names] of stagesOf(drawn).entries()) {
                compare(names.gated, gated[stage]!);
                if (attention[stage]) compare(names.attention, attention[stage]!);
              }
            }
            const objects = Array.from({ length: count }, (_, object) => ({
              alone: rowOf(own(scenes.objects), object, count),
              label: own(scenes.labels)[object]!,
              weight: own(scenes.weights)[object]!,
              left: own(scenes.present)[object] === 1 && !taken.has(object),
            }));
            const { strength } = settings;
            const verdict = judgeGlimpse(iterations.at(-1)!, own(scenes.stimuli), objects, { strength, penalty });
            expect(own(results.chosen!).indexOf(1)).toBe(verdict.chosen);
            expectClose(own(results.classLoss!), [verdict.classLoss], "class loss", 1e-5);
            expectClose(own(results.maskLoss!), [verdict.maskLoss], "mask loss", 1e-4);
            expectClose(own(results.loss!), [verdict.classLoss + verdict.maskLoss], "loss", 1e-4);
            taken.add(verdict.chosen);
            if (!remembers(drawn)) continue;
            inhibition = stagesOf(drawn).map(({ attention }, stage) => {
              const next = own(results[inhibitionName(attention)]!);
              const signal = before?.attention[stage];
              const expected = inhibition[stage]!.map((old, unit) =>
                old > 0.5 || (signal?.[unit] ?? 1) < 0.5 ? 1 : 0,
              );
              expect(next).toEqual(expected);
              return next;
            });
          }
        }
      }),
      { numRuns: 60, examples: [[attentionCase(cancelling, 1, 1, 496117668)]] },
    );
  });

  it("learns along the numerical gradient of its loss, through all iterations of the loop", async () => {
    const smooth = { ...whole, iterations: 3, pooling: "average" as const };
    const two = attentionCase({ ...cancelling, ...smooth }, 2, 1, 1);
    const oneEmpty = { ...two, scenes: { ...two.scenes, present: Float32Array.of(1, 0) } };
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(attentionCases(smooth), async (given) => {
        const settings = { ...given.settings, stages: given.settings.stages.map((s) => ({ ...s, gain: "softplus" })) };
        const drawn = { ...given, settings, network: buildNetwork(attentionCircuit(settings)) };
        const kept = keptBy(drawn);
        const [results] = await show(drawn, [true], { kept, gradients: true });
        const { scenes, count } = drawn;
        const { batch } = scenes;
        const values = new Map([...drawn.values].map(([name, array]) => [name, Float64Array.from(array)]));
        const inhibition = Object.values(kept);
        // The object that was chosen stays: the loss is smooth until another one is nearer.
        const chosen = (sample: number) => rowOf(results!.chosen!, sample, batch).indexOf(1);
        // What is learned from is the mean over the scenes that hold an object; nothing is asked of others.
        const asked = Array.from({ length: batch }, (_, sample) =>
          rowOf(scenes.present, sample, batch).includes(1),
        ).filter(Boolean).length;
        const loss = () => {
          let sum = 0;
          for (let sample = 0; sample < batch; sample++) {
            const own = (array: Float32Array) => rowOf(array, sample, batch);
            const objects = Array.from({ length: count }, (_, object) => ({
              alone: rowOf(own(scenes.objects), object, count),
              label: own(scenes.labels)[object]!,
              weight: own(scenes.weights)[object]!,
              left: object === chosen(sample),
            }));
            const last = attentionLoop(settings, values, own(scenes.stimuli), inhibition.map(own)).at(-1)!;
            const { strength } = settings;
            const { classLoss, maskLoss } = judgeGlimpse(last, own(scenes.stimuli), objects, { strength, penalty });
            sum += classLoss + maskLoss;
          }
          return asked === 0 ? 0 : sum / asked;
        };
        for (const [name, array] of values) {
          const places = [0, Math.floor(array.length / 2), array.length - 1];
          const gradient = places.map((at) => {
            const value = array[at]!;
            const lossAt = (shifted: number) => {
              array[at] = shifted;
              const found = loss();
              array[at] = value;
              return found;
            };
            return (lossAt(value + 1e-5) - lossAt(value - 1e-5)) / 2e-5;
          });
          const update = results![gradientOf(name)]!;
          expectClose(
            places.map((at) => update[at]!),
            gradient,
            name,
            1e-3,
          );
          compared += gradient.filter((slope) => Math.abs(slope) > 1e-3).length;
        }
      }),
      { numRuns: 15, examples: [[oneEmpty]] },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it("asks nothing where no object is left: no loss, nothing wrong, no error", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 2 }), async (drawn) => {
        const scenes = { ...drawn.scenes, present: drawn.scenes.present.map(() => 0) };
        const [results] = await show(drawn, [false], { scenes, gradients: true });
        for (const name of ["loss", "wrong", "asked", "chosen"])
          expect(results![name]!.every((value) => value === 0)).toBe(true);
        for (const { name, plastic } of drawn.network.parameters)
          if (plastic) expect(results![gradientOf(name)]!.every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it("comes to every object of a scene once, in as many glimpses as there are", async () => {
    await fc.assert(
      fc.asyncProperty(attentionCases({ ...whole, iterations: 2 }), async (drawn) => {
        const { scenes, count } = drawn;
        const shown = await show(
          drawn,
          Array.from({ length: count + 1 }, (_, glimpse) => glimpse > 0),
        );
        const times = scenes.present.map((_, object) => shown.reduce((sum, { chosen }) => sum + chosen![object]!, 0));
        expect(times).toEqual(scenes.present);
        const reports = shown.map(({ scores, wrong, asked, label }) => {
          const classes = scores!.length / scenes.batch;
          const best = (sample: number) => {
            const own = scores!.subarray(sample * classes, (sample + 1) * classes);
            return own.indexOf(Math.max(...own));
          };
          return {
            wrong,
            expected: label!.map((own, sample) => (asked![sample] === 1 && best(sample) !== own ? 1 : 0)),
          };
        });
        for (const { wrong, expected } of reports) expect(wrong).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});

describe("an objective that asks for attended objects", () => {
  const fitting = (describe: Parameters<typeof circuit>[1]) => buildNetwork(circuit("case", describe));
  const scene = { map: { height: 2, width: 3, channels: 1 } };
  const misfits: readonly (readonly [string, string, Parameters<typeof circuit>[1]])[] = [
    [
      "gated",
      'population "gated", which is to show the attended object, does not exist (did you mean "gate"?); there are gate, report',
      (c) => {
        const gate = c.population("gate", { ...scene, bias: "none" });
        c.project(c.input("scene", scene), gate, { topology: oneToOne() });
        c.project(gate, c.population("report", { units: 2 }));
      },
    ],
    [
      "deep",
      'population "deep" is to show one input as attention leaves it, and has 0 driving projections from inputs; give it one, of topology one-to-one',
      (c) => {
        const gate = c.population("gate", { ...scene, bias: "none" });
        const deep = c.population("deep", { units: 6 });
        c.project(c.input("scene", scene), gate, { topology: oneToOne() });
        c.project(gate, deep);
        c.project(deep, c.population("report", { units: 2 }));
      },
    ],
    [
      "gate",
      'population "gate" is to show input "scene", whose 6 units are scalar; it has 5 units of dimension 1',
      (c) => {
        const gate = c.population("gate", { units: 5 });
        c.project(c.input("scene", scene), gate);
        c.project(gate, c.population("report", { units: 2 }));
      },
    ],
    [
      "gate",
      "it names one object at a time, and the circuit reports 2 targets; let it report one",
      (c) => {
        const gate = c.population("gate", { ...scene, bias: "none" });
        c.project(c.input("scene", scene), gate, { topology: oneToOne() });
        for (const name of ["left", "right"]) {
          const report = c.population(name, { units: 2 });
          c.project(gate, report);
          c.readout(report);
        }
        c.decision({ module: "each" });
      },
    ],
  ];
  for (const [population, reason, describe] of misfits)
    it(`does not fit: ${reason}`, () => {
      const options = { network: fitting(describe), rule: buildRule({ kind: "bp" }), batch: 1 };
      expect(() => alignmentProgram({ ...options, objective: buildObjective(attendedObject({ population })) })).toThrow(
        `objective "attended-object" does not fit circuit "case": ${reason}`,
      );
    });

  it("is built from its description, and refuses settings that it does not know", () => {
    expect(buildObjective({ kind: "attended-object", objects: 3 }).name).toBe("attended-object");
    expect(() => buildObjective({ kind: "attended-object", strenght: 0.2 })).toThrow(
      'objective "attended-object": unknown setting "strenght" (did you mean "strength"?); known: population, objects, strength, penalty',
    );
    expect(() => buildObjective({ kind: "attended-object", strength: 0 })).toThrow(
      'objective "attended-object": strength: got 0, expected',
    );
  });
});
