import { buildNetwork } from "../../src/built-in.ts";
import { isWeighted, type Network, stimuliName } from "../../src/circuits/network.ts";
import { parameterShapes } from "../../src/circuits/observation.ts";
import { modularCircuit, moduleInput, moduleName, moduleReadout } from "../../src/circuits/ready-made/modules.ts";
import type { Executor, Results } from "../../src/compute/executor.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { structureOf } from "../../src/papers/modules/measure/measure-specialization.ts";
import { gradient } from "../../src/plasticity/gradient.ts";
import { traceError } from "../../src/plasticity/learning-program.ts";
import { namingClasses } from "../../src/plasticity/objectives/classification.ts";
import { digitReports } from "../../src/tasks/digits/digit-reports.ts";
import { blockOf, placeBlock, type Region } from "./blocks.ts";
import type { Compared, Quantities } from "./comparison.ts";
import type { ModularNetworkCase } from "./modular-network.ts";
import type { CaseTensor } from "./tensor.ts";

type Parameters = ModularNetworkCase["weights"];

/** A parameter of the network and where a case holds it. */
interface Part extends Region {
  readonly resident: string;
  /** "readout 1", or the name of a tensor that holds all modules. */
  readonly quantity: string;
  tensor(parameters: Parameters): CaseTensor;
}

/** Builds the circuit of a case, runs it on a device, and sets what came out beside what the case expects. */
export async function checkModularNetwork(reference: ModularNetworkCase, executor: Executor): Promise<Quantities> {
  const { weights, digits, task, expect } = reference;
  const network = networkOf(reference);
  const names = modulesOf(reference);
  const parts = partsOf(reference, network);
  const masks = masksOf(reference, network);
  const targets = digits.map((shown) => digitReports[task].answer(shown)[0]!);
  const measure = measurePlan(reference, network);
  const session = await executor.load({ residents: parameterShapes(network), plans: { measure } });
  try {
    for (const part of parts) await session.write(part.resident, blockOf(part.tensor(weights), part));
    for (const [name, mask] of Object.entries(masks)) await session.write(name, mask);
    const [results] = await session.run("measure", [
      {
        ...stimuliOf(reference),
        labels: Float32Array.from(targets),
        weights: new Float32Array(digits.length).fill(1 / digits.length),
      },
    ]);
    const losses = results!.loss!;
    const structure = structureOf(network, names, masks);
    const between = structure.density.flatMap((row, to) => row.filter((_, from) => from !== to));
    return {
      states: { got: statesIn(results!, reference), expected: expect.states.data },
      moduleOutputs: {
        got: names.flatMap((_, module) => [...results![`output ${module}`]!]),
        expected: expect.moduleOutputs.data,
      },
      decidingModule: { got: decidingModules(results!, reference), expected: expect.decidingModule },
      output: { got: results!.output!, expected: expect.output.data },
      target: { got: targets, expected: expect.target },
      loss: { got: [losses.reduce((sum, loss) => sum + loss, 0) / losses.length], expected: [expect.loss] },
      ...gradientsIn(results!, parts, expect.gradients),
      modularityQ: { got: [structure.modularity], expected: [expect.modularityQ], tolerance: 1e-9 },
      activeFraction: {
        got: [between.reduce((sum, density) => sum + density, 0) / between.length],
        expected: [expect.activeFraction],
        tolerance: 1e-9,
      },
    };
  } finally {
    await session.dispose();
  }
}

const modulesOf = ({ modules }: ModularNetworkCase) =>
  Array.from({ length: modules }, (_, module) => moduleName(module));

/** Connections between two modules, in the matrices of a case. */
const between = ({ units }: ModularNetworkCase, post: number, pre: number): Region => ({
  at: [post * units, pre * units],
  size: [units, units],
});

function networkOf(reference: ModularNetworkCase): Network {
  const { units, inputs, classes, steps, activation, decision, masks } = reference;
  const modules = modulesOf(reference);
  const connections = (post: number, pre: number) =>
    blockOf(masks.intermodule, between(reference, post, pre)).reduce((sum, exists) => sum + exists, 0);
  return buildNetwork(
    modularCircuit({
      units,
      wiring: modules.map((_, post) =>
        modules.map((_, pre) => (post === pre ? 1 : { connections: connections(post, pre) })),
      ),
      inputs: modules.map(() => ({ height: 1, width: 1, channels: inputs })),
      varying: true,
      classes,
      steps,
      gain: activation,
      decision,
    }),
  );
}

/** Weights and biases in the order of the case. */
function partsOf(reference: ModularNetworkCase, network: Network): Part[] {
  const { units, inputs, classes } = reference;
  const names = modulesOf(reference);
  const whole = (quantity: keyof Parameters & ("input" | "recurrent" | "intermodule" | "bias")) => ({
    quantity,
    tensor: (parameters: Parameters) => parameters[quantity],
  });
  const readout = (key: "readout" | "readoutBias", module: number) => ({
    quantity: `${key} ${module}`,
    tensor: (parameters: Parameters) => parameters[key][module]!,
    at: [0, 0] as const,
  });
  const weights = network.projections.filter(isWeighted).map(({ pre, post, weight: resident }): Part => {
    const [to, from] = [names.indexOf(post), names.indexOf(pre)];
    if (to < 0) return { resident, ...readout("readout", from), size: [classes, units] };
    if (from < 0) return { resident, ...whole("input"), at: [to * units, to * inputs], size: [units, inputs] };
    return { resident, ...whole(to === from ? "recurrent" : "intermodule"), ...between(reference, to, from) };
  });
  const biases = network.populations.map(({ name, bias: resident }): Part => {
    const module = names.indexOf(name);
    if (module >= 0) return { resident: resident!, ...whole("bias"), at: [module * units, 0], size: [units, 1] };
    const index = names.findIndex((_, each) => moduleReadout(each) === name);
    return { resident: resident!, ...readout("readoutBias", index), size: [classes, 1] };
  });
  return [...weights, ...biases];
}

function masksOf(reference: ModularNetworkCase, { projections }: Network): Record<string, Float32Array> {
  const names = modulesOf(reference);
  return Object.fromEntries(
    projections.flatMap(({ pre, post, maskName }) =>
      maskName === undefined
        ? []
        : [
            [
              maskName,
              blockOf(reference.masks.intermodule, between(reference, names.indexOf(post), names.indexOf(pre))),
            ],
          ],
    ),
  );
}

/** Stimuli of each module at each time step, by the names of the plan's inputs. */
function stimuliOf({ modules, inputs, steps, input, digits: { length: batch } }: ModularNetworkCase) {
  const flat = { shape: [steps * batch, modules * inputs], data: input.data };
  const stimuli: Record<string, Float32Array> = {};
  for (let module = 0; module < modules; module++)
    for (let step = 0; step < steps; step++)
      stimuli[stimuliName(moduleInput(module), step)] = blockOf(flat, {
        at: [step * batch, module * inputs],
        size: [batch, inputs],
      });
  return stimuli;
}

function measurePlan(reference: ModularNetworkCase, network: Network) {
  return tracePlan("measure", parameterShapes(network), (trace) => {
    const { circuit, presentation } = traceError(trace, network, namingClasses, reference.digits.length);
    trace.output("output", presentation.judgement.outputs.scores!);
    trace.output("loss", circuit.loss);
    for (const [module, name] of modulesOf(reference).entries()) {
      for (let step = 0; step < network.steps; step++)
        trace.output(`state ${module} ${step}`, circuit.activity.state(name, step)!.rates);
      trace.output(`output ${module}`, circuit.activity.state(moduleReadout(module), network.steps - 1)!.rates);
    }
    for (const [name, update] of gradient(circuit)) trace.output(`gradient ${name}`, update);
  });
}

/** [steps, batch, modules units] */
function statesIn(
  results: Results,
  { modules, units, steps, digits: { length: batch } }: ModularNetworkCase,
): Float32Array {
  const shape = [steps * batch, modules * units] as const;
  const states = new Float32Array(shape[0] * shape[1]);
  for (let module = 0; module < modules; module++)
    for (let step = 0; step < steps; step++)
      placeBlock({ shape, data: states }, results[`state ${module} ${step}`]!, {
        at: [step * batch, module * units],
        size: [batch, units],
      });
  return states;
}

/** The first module whose outputs are what the circuit reports, for each sample. */
function decidingModules(results: Results, { modules, classes, digits }: ModularNetworkCase): number[] {
  const row = (values: Float32Array, sample: number) => values.subarray(sample * classes, (sample + 1) * classes);
  return digits.map((_, sample) => {
    const reported = row(results.output!, sample);
    return Array.from({ length: modules }, (_, module) => row(results[`output ${module}`]!, sample)).findIndex(
      (output) => output.every((score, c) => score === reported[c]),
    );
  });
}

/** Gradients in the order of the case, 0 where the network has no parameters. */
function gradientsIn(results: Results, parts: readonly Part[], expected: Parameters): Record<string, Compared> {
  const compared: Record<string, { got: Float32Array; expected: readonly number[] }> = {};
  for (const part of parts) {
    const { shape, data } = part.tensor(expected);
    const name = `gradients ${part.quantity}`;
    compared[name] ??= { got: new Float32Array(data.length), expected: data };
    placeBlock({ shape, data: compared[name].got }, results[`gradient ${part.resident}`]!, part);
  }
  return compared;
}
