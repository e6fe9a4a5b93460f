import * as z from "zod";
import type { Activity } from "../../circuits/activity.ts";
import { forwardPathway } from "../../circuits/forward-pathway.ts";
import type { Network } from "../../circuits/network.ts";
import { described } from "../../kinds/described.ts";
import { gradient } from "../gradient.ts";
import type { PlasticCircuit } from "../plastic-circuit.ts";
import { defineRule, type LearningRule } from "./rule.ts";

const name = "by-pathway";

/**
 * A rule for the forward pathway, back-propagation for the rest: biases and incoming weights of the populations that drive
 * a readout within the time step (`forwardPathway`) learn by the rule that `forward` names. All other parameters feed back,
 * modulate, or act a time step later: they learn along the gradient of the loss, through the whole circuit and through time.
 *
 * The forward rule sees a circuit of the forward pathway alone. Its error channel does not lead through the other
 * populations, so the effect that forward weights have on the loss by way of those populations is left out. The loss that
 * arises at forward populations themselves reaches the forward rule. Back-propagation is an exception: as the forward rule it
 * follows the gradient of the whole circuit. Where every population is forward, the rule is the forward rule.
 *
 * The rule asks how well another rule trains the weights that carry stimuli to a decision when the rest of the circuit is
 * taught ideally. As a whole it is no more plausible than back-propagation is.
 */
export const byPathway = defineRule({
  kind: name,
  summary: "one rule for the forward pathway (forward: its description), back-propagation for all else",
  settings: z.strictObject({
    /** The rule of the forward pathway, with its settings. */
    forward: described("rule").refine(({ kind }) => kind !== name, {
      error: `the forward pathway has no pathways of its own, so "${name}" cannot be within itself; use another rule`,
    }),
  }),
  refuse({ forward }, network, library) {
    const reason = library.refuse("rule", forward, forwardNetwork(network));
    return reason === undefined ? undefined : `of its forward pathway, to learn by "${forward.kind}": ${reason}`;
  },
  build({ forward }, library) {
    const rule = library.build("rule", forward, undefined);
    return forward.kind === "bp" ? rule : parted(rule);
  },
});

function parted(rule: LearningRule): Omit<LearningRule, "name" | "refuse"> {
  const { fixed, memories, remember } = rule;
  return {
    updates(circuit) {
      const own = parametersOf(forwardPathway(circuit));
      return new Map([
        ...[...gradient(circuit)].filter(([parameter]) => !own.has(parameter)),
        ...rule.updates(forwardCircuit(circuit)),
      ]);
    },
    ...(fixed && { fixed: (network) => fixed(forwardNetwork(network)) }),
    ...(memories && { memories: (network) => memories(forwardNetwork(network)) }),
    ...(remember && { remember: (circuit) => remember(forwardCircuit(circuit)) }),
  };
}

/** The forward pathway of a network: its populations, and the projections to them from each other and from inputs. */
function forwardNetwork(network: Network): Network {
  const populations = forwardPathway(network);
  const among = [...populations, ...network.inputs].map((part) => part.name);
  const posts = populations.map((population) => population.name);
  return {
    ...network,
    populations,
    projections: network.projections.filter(({ pre, post }) => among.includes(pre) && posts.includes(post)),
  };
}

/** The same of a circuit with a batch in it. */
function forwardCircuit(circuit: PlasticCircuit): PlasticCircuit {
  const populations = forwardPathway(circuit);
  const among = (activity: Activity): Activity => ({
    ...activity,
    states: activity.states.filter(({ population }) => populations.includes(population)),
  });
  return {
    ...circuit,
    populations,
    activity: among(circuit.activity),
    perturbed(amplitude) {
      const pass = circuit.perturbed(amplitude);
      return { ...pass, activity: among(pass.activity) };
    },
  };
}

/** Names of all parameters of populations that learn. */
const parametersOf = (populations: PlasticCircuit["populations"]) =>
  new Set(populations.flatMap(({ bias, incoming }) => [bias, ...incoming.map(({ weight }) => weight)]));
