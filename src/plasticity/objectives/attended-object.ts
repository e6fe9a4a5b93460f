import * as z from "zod";
import type { Activity, PopulationState } from "../../circuits/activity.ts";
import type { Network, Population } from "../../circuits/network.ts";
import { crossEntropy, softmaxError, wrongDecision } from "../../compute/kernels/decision.ts";
import { markAttended } from "../../compute/kernels/modulation.ts";
import { add, multiply } from "../../compute/kernels/pointwise.ts";
import { addScaled, scale, scaleRows } from "../../compute/kernels/scaling.ts";
import { chooseObject, objectDistances, pickRows } from "../../compute/kernels/selection.ts";
import { squaredError, squaredErrorGradient } from "../../compute/kernels/target.ts";
import { reshape, type Tensor, type Trace } from "../../compute/trace.ts";
import { didYouMean } from "../../kinds/errors.ts";
import { nonNegativeSingle, positiveSingle } from "../../kinds/single-precision.ts";
import { addError, type PostsynapticError } from "../../neurons/postsynaptic-error.ts";
import { errorMetric } from "./metric.ts";
import { defineObjective, type Judgement, type Objective } from "./objective.ts";

/** Names of the plan inputs that say which objects a scene is made of; n objects, units of the gated population. */
export const objectNames = {
  /** Each object alone at its place, [batch, n units], object by object. */
  objects: "objects",
  /** Class of each, [batch, n]. */
  labels: "objectLabels",
  /** Weight of each in the loss of its class, [batch, n]. */
  weights: "objectWeights",
  /** 1, or 0 where the scene has fewer objects, [batch, n]. */
  present: "present",
} as const;

/** Name of the resident that holds which objects were attended to in earlier presentations of a scene, [batch, n]. */
export const takenName = "objects/taken";

/** Settings of `attendedObject`. */
const AttendedObject = z.strictObject({
  /** The population whose rates show what is attended to: the scene, turned down by attention. */
  population: z.string().default("gated-1"),
  /** n, objects that a scene has at most. */
  objects: z.int().min(1).default(2),
  /** s: where nothing is attended to, the scene is expected at 1 - s of its rates. */
  strength: positiveSingle.default(0.2),
  /** Weight of the mean squared error of the gated scene. */
  penalty: nonNegativeSingle.default(1000),
});

/**
 * Attending to one object of a scene after the other, and naming it. With x the scene, g what the gated population shows of it
 * at the last time step, and o an object alone, attention to o would show (1 - s) x + s o. The circuit has chosen the object
 * for which that is nearest to g by squared distance (the first of equally near ones), of those that are in the scene and
 * were not chosen in an earlier presentation. With it
 *
 *   loss = weight cross-entropy(report, label) + penalty mean over units of (g - (1 - s) x - s o)^2,
 *
 * and the decision is wrong where the report names another class. Where no object is left, nothing is asked.
 *
 * An evaluation gives scores, chosen [batch, n], label [batch], classLoss and maskLoss [batch] (the two parts of the
 * loss), and gated [batch, units].
 *
 * Source: Lei, Benjamin & Kording 2021, section 2.
 *
 * Settings: population ("gated-1"), objects (2), strength (0.2), penalty (1000).
 */
export const attendedObject = defineObjective({
  kind: "attended-object",
  summary: "attend to one object of a scene after the other, and name it",
  settings: AttendedObject,
  refuse: ({ population }, network) => misfit(network, population),
  build: (settings) => attending(settings),
});

function attending(settings: z.output<typeof AttendedObject>): Omit<Objective, "name" | "refuse"> {
  const { objects: count } = settings;
  return {
    unit: settings.penalty === 0 ? "nats" : `nats + ${settings.penalty} x mean squared error`,
    metrics: { error: errorMetric },
    learned: ({ asked, wrong }) => asked! > 0 && wrong === 0,
    asks(network) {
      const { units } = shownBy(network, settings.population);
      const { objects, labels, weights, present } = objectNames;
      return {
        targets: [],
        context: { [objects]: count * units, [labels]: count, [weights]: count, [present]: count },
      };
    },
    // Every presentation takes one of the objects that a scene has.
    idle: ({ context, count: samples }, presentation) => {
      const present = context[objectNames.present]!;
      for (let sample = 0; sample < samples; sample++) {
        let left = -presentation;
        for (let object = 0; object < count; object++) left += present[sample * count + object]!;
        if (left > 0) return false;
      }
      return true;
    },
    memories: (_network, batch) => ({ [takenName]: [batch, count] }),
    prepare(trace, network, { batch, continues }) {
      const { units } = shownBy(network, settings.population);
      const scene: Scene = {
        objects: reshape(trace.input(objectNames.objects, [batch, count * units], "finite"), [batch, count, units]),
        labels: trace.input(objectNames.labels, [batch, count], { below: network.reports[0]!.units }),
        weights: trace.input(objectNames.weights, [batch, count], "finite"),
        present: trace.input(objectNames.present, [batch, count], "finite"),
        taken: scaleRows({ values: trace.resident(takenName), scales: continues! }, { factor: 1 }).result,
      };
      return (activity) => judge(trace, network, settings, scene, activity);
    },
  };
}

/** Why the objective makes no sense for a network; undefined where it does. */
function misfit(network: Network, wanted: string): string | undefined {
  const { populations, inputs, reports } = network;
  const population = populations.find(({ name }) => name === wanted);
  const names = populations.map(({ name }) => name);
  if (!population)
    return `population "${wanted}", which is to show the attended object, does not exist${didYouMean(wanted, names)}; there are ${names.join(", ")}`;
  const sources = sceneProjections(network, population);
  if (sources.length !== 1)
    return `population "${wanted}" is to show one input as attention leaves it, and has ${sources.length} driving projections from inputs; give it one, of topology one-to-one`;
  const input = inputs.find(({ name }) => name === sources[0]!.pre)!;
  if (population.dimension !== 1 || population.units !== input.units)
    return `population "${wanted}" is to show input "${input.name}", whose ${input.units} units are scalar; it has ${population.units} units of dimension ${population.dimension}`;
  if (reports.length !== 1)
    return `it names one object at a time, and the circuit reports ${reports.length} targets; let it report one`;
  return undefined;
}

const shownBy = ({ populations }: Network, wanted: string): Population =>
  populations.find(({ name }) => name === wanted)!;

const sceneProjections = ({ inputs }: Network, { incoming }: Population) =>
  incoming.filter(({ pre, strength }) => strength === undefined && inputs.some(({ name }) => name === pre));

interface Scene {
  /** [batch, n, units] */
  readonly objects: Tensor;
  readonly labels: Tensor;
  readonly weights: Tensor;
  readonly present: Tensor;
  /** [batch, n] */
  readonly taken: Tensor;
}

function judge(
  trace: Trace,
  network: Network,
  { population, strength, penalty }: z.output<typeof AttendedObject>,
  { objects, labels, weights: classWeights, present, taken }: Scene,
  activity: Activity,
): Judgement {
  const state = activity.state(population, network.steps - 1)!;
  const batch = state.rates.shape[0]!;
  const units = state.rates.shape[2]!;
  const flat = (values: Tensor) => reshape(values, [batch, units]);
  const gated = flat(state.rates);
  const unattended = scale({ values: flat(sceneOf(state)) }, { factor: 1 - strength }).result;

  // (g - (1 - s) x) / s is as near to o as g is to the image of attention to o, which need not be made for every object.
  const shown = addScaled({ left: gated, right: unattended }, { factor: -1 }).result;
  const { distances } = objectDistances({
    values: scale({ values: shown }, { factor: 1 / strength }).result,
    objects,
  });
  const gone = markAttended({ inhibition: taken, signal: present }, { threshold: 0.5 }).result;
  const { chosen } = chooseObject({ distances, taken: gone });
  const ofChosen = (values: Tensor) =>
    reshape(pickRows({ objects: reshape(values, [...chosen.shape, 1]), chosen }).result, [batch]);
  const [label, classWeight, asked] = [ofChosen(labels), ofChosen(classWeights), ofChosen(present)];
  const object = pickRows({ objects, chosen }).result;
  const target = addScaled({ left: unattended, right: object }, { factor: strength }).result;

  const [report] = network.decide(trace, activity);
  const scores = report!.scores;
  const each = (values: Tensor, factor: Tensor) => multiply({ left: values, right: factor }).result;
  const classLoss = each(crossEntropy({ scores, labels: label }).loss, classWeight);
  const apart = scale({ values: squaredError({ values: gated, target }).sums }, { factor: penalty / units }).result;
  const maskLoss = each(apart, asked);
  return {
    loss: add({ left: classLoss, right: maskLoss }).result,
    sums: { wrong: each(wrongDecision({ scores, labels: label }).wrong, asked) },
    asked,
    outputs: { scores, chosen, label, classLoss, maskLoss, gated },
    memories: new Map([[takenName, add({ left: taken, right: chosen }).result]]),
    error(weights) {
      const vector = softmaxError({ scores, labels: label, weights: each(weights, classWeight) }).error;
      const gradient = squaredErrorGradient(
        { values: gated, target, weights: each(weights, asked) },
        { factor: (2 * penalty) / units },
      ).result;
      const atGate: PostsynapticError = { kind: "own", delta: reshape(gradient, state.rates.shape) };
      const states = new Map<PopulationState, PostsynapticError>(report!.share(vector));
      addError(states, state, atGate);
      return { vectors: [{ report: 0, steps: report!.steps, error: vector }], states };
    },
  };
}

/** Rates of the input that drives a population, [batch, 1, units]. */
function sceneOf({ incoming }: PopulationState): Tensor {
  return incoming.find(({ pre, projection }) => projection.strength === undefined && !("outgoing" in pre))!.pre.rates;
}
