import fc from "fast-check";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit, type PopulationHandle } from "../../src/circuits/circuit.ts";
import { choiceName } from "../../src/circuits/decision.ts";
import type { CircuitDescription, DecisionDescription } from "../../src/circuits/description.ts";
import { type Network, stimuliName } from "../../src/circuits/network.ts";
import { randomStream } from "../../src/compute/random.ts";
import { labelsName } from "../../src/plasticity/objectives/target-inputs.ts";
import { fluctuationName } from "../../src/plasticity/presentation.ts";
import { respondInTime } from "../oracles/recurrent-response.ts";
import { drawValues } from "./circuit-cases.ts";

/** A circuit over several time steps with values of its parameters and a batch as a plan is fed it. */
export interface RecurrentCase {
  readonly network: Network;
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly batch: number;
  /** Stimuli, labels, noise of drives and choices of readouts, by their names in a plan. */
  readonly feeds: Readonly<Record<string, Float32Array>>;
}

/** Which circuits in time to draw. */
export interface RecurrentFamily {
  /** Delays, leak, noise and stimuli that vary; false: the same at every time step. */
  readonly changing: boolean;
  /** Also projections that transmit whether a rate exceeds a threshold, which has no slope to differentiate. */
  readonly binary: boolean;
}

/** A module: a population that a readout of its own reports. */
interface Module {
  units: number;
  gain: string;
  leak: number;
  noise: number;
  bias: "channel" | "none";
  /** First time step at which the stimulus arrives. */
  from: number;
  /** Delay on the way to its readout. */
  delay: number;
  onItself: boolean;
  /** What it receives from the module before it, of the next one, and from its own readout. */
  lateral: Link;
  backward: Link;
  feedback: Link;
  binary: boolean;
}

type Link = "none" | "driving" | "modulatory";

/**
 * Circuits of 1 to 3 modules over 1 to 4 time steps, with 1 or 2 inputs and a scalar population that modulates the first
 * module: scalar or vector units, loops of delay 1, lateral projections without delay, driving or modulatory. Those whose
 * activity runs away are left out. They shrink to one module that nothing but its input drives, in one time step.
 */
export function recurrentCases({ changing, binary }: RecurrentFamily): fc.Arbitrary<RecurrentCase> {
  const link = fc.constantFrom<Link>("none", "driving", "modulatory");
  const when = <Value>(values: readonly [Value, ...Value[]]) =>
    changing ? fc.constantFrom(...values) : fc.constant(values[0]);
  const delayed: fc.Arbitrary<Link> = changing ? link : fc.constant("none");
  const module = fc.record<Module>({
    units: fc.integer({ min: 1, max: 3 }),
    gain: fc.constantFrom("linear", "tanh", "softplus", "sigmoid"),
    leak: when([1, 0.7, 0.2]),
    noise: when([0, 0.3]),
    bias: fc.constantFrom("channel", "none"),
    from: when([0, 1]),
    delay: when([0, 1]),
    onItself: changing ? fc.boolean() : fc.constant(false),
    lateral: link,
    backward: delayed,
    feedback: delayed,
    binary: binary ? fc.boolean() : fc.constant(false),
  });
  const time = fc.oneof(
    fc.constantFrom("last" as const, "mean" as const, "sum" as const),
    fc.constant({ step: Number.POSITIVE_INFINITY }),
  );
  return fc
    .record({
      steps: fc.integer({ min: 1, max: 4 }),
      modules: fc.array(module, { minLength: 1, maxLength: 3 }),
      dimension: fc.constantFrom(1, 2),
      classes: fc.integer({ min: 2, max: 3 }),
      inputs: fc.array(when<"constant" | "varying">(["constant", "varying"]), { minLength: 1, maxLength: 2 }),
      attention: fc.boolean(),
      time,
      which: fc.constantFrom("max" as const, "sum" as const, "random" as const, "each" as const, "second" as const),
      batch: fc.integer({ min: 1, max: 3 }),
      seed: fc.nat(2 ** 31 - 1),
    })
    .map((drawn) => recurrentCase(describeModules(drawn), drawn.seed, drawn.batch))
    .filter(staysSmall);
}

/** Whether all rates stay so small that float32 tells their differences. */
function staysSmall({ network, values, feeds, batch }: RecurrentCase): boolean {
  return Array.from({ length: batch }, (_, sample) => sample).every((sample) =>
    [...respondInTime(network.description, values, feeds, sample).rates.values()]
      .flat(2)
      .every((rate) => Math.abs(rate) < 20),
  );
}

interface Drawn {
  steps: number;
  modules: readonly Module[];
  dimension: number;
  classes: number;
  inputs: readonly ("constant" | "varying")[];
  attention: boolean;
  time: DecisionDescription["time"];
  which: "max" | "sum" | "random" | "each" | "second";
}

function describeModules(drawn: Drawn): CircuitDescription {
  const { steps, modules, dimension, classes, attention, time, which } = drawn;
  const last = steps - 1;
  return circuit("modules", (c) => {
    c.steps(steps);
    const inputs = drawn.inputs.map((timing, index) => c.input(`input${index + 1}`, { units: 2 + index, timing }));
    const handles = modules.map(({ units, gain, leak, noise, bias }, index) =>
      c.population(`module${index + 1}`, { units, dimension, gain, leak, noise, bias }),
    );
    const readouts = modules.map((_, index) =>
      c.population(`report${index + 1}`, dimension > 1 ? { units: 1, dimension } : { units: classes }),
    );
    const link = (pre: PopulationHandle, post: PopulationHandle, effect: Link, delay: number) => {
      if (effect === "none" || delay > last) return;
      c.project(pre, post, { effect, delay, ...(effect === "modulatory" ? { strength: 0.4 } : {}) });
    };
    if (attention) {
      const modulator = c.population("attention", { units: 2, gain: "sigmoid" });
      c.project(inputs[0]!, modulator);
      c.project(modulator, handles[0]!, { effect: "modulatory", strength: 0.8 });
    }
    for (const [index, { from, delay, onItself, lateral, backward, feedback, binary }] of modules.entries()) {
      const [handle, readout] = [handles[index]!, readouts[index]!];
      const arrival = Math.min(from, last);
      c.project(inputs[index % inputs.length]!, handle, { from: arrival });
      const transmission = binary ? { kind: "binary" as const, threshold: 0.1 } : { kind: "graded" as const };
      c.project(handle, readout, { delay: Math.min(delay, last - arrival), transmission });
      if (onItself) link(handle, handle, "driving", 1);
      if (index > 0) link(handles[index - 1]!, handle, lateral, 0);
      if (index + 1 < handles.length) link(handles[index + 1]!, handle, backward, 1);
      link(readout, handle, feedback, 1);
      c.readout(readout);
    }
    c.decision({
      time: typeof time === "object" ? { step: last } : time,
      module: which === "second" ? { readout: readouts.at(1)?.name ?? readouts[0]!.name } : which,
    });
  });
}

/** The circuit with values, a batch and noise drawn from a seed. */
export function recurrentCase(description: CircuitDescription, seed: number, batch: number): RecurrentCase {
  const network = buildNetwork(description);
  const { inputs, populations, readouts, steps, reports } = network;
  const feeds: Record<string, Float32Array> = {};
  const draw = (name: string, length: number, value: (random: ReturnType<typeof randomStream>) => number) => {
    const random = randomStream(seed, name);
    feeds[name] = Float32Array.from({ length }, () => value(random));
  };
  const normal = (random: ReturnType<typeof randomStream>) => random.normal();
  for (const { name, units, steps: shown } of inputs)
    for (let step = 0; step < shown; step++)
      draw(stimuliName(name, shown === 1 ? undefined : step), batch * units, normal);
  for (const { index, units: classes } of reports)
    draw(labelsName(index), batch, (random) => random.integer(0, classes - 1));
  for (const { name, dimension, units } of populations)
    for (let step = 0; step < steps; step++) draw(fluctuationName(name, step), batch * dimension * units, normal);
  const chosen = randomStream(seed, "choice");
  const choices = Array.from({ length: batch }, () => chosen.integer(0, readouts.length - 1));
  for (const [index, { name }] of readouts.entries())
    feeds[choiceName(name)] = Float32Array.from(choices, (each) => (each === index ? 1 : 0));
  return {
    network,
    values: drawValues(network, seed),
    batch,
    feeds,
    [fc.toStringMethod]: () => JSON.stringify({ seed, batch, description }),
  } as RecurrentCase;
}
