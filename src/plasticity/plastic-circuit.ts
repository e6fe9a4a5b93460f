import type { Activity, Network, Population, Projection } from "../circuits/network.ts";
import { crossEntropy } from "../compute/kernels/decision.ts";
import { reshape, type Tensor, type Trace } from "../compute/trace.ts";
import type { PostsynapticError } from "../neurons/postsynaptic-error.ts";

/** A batch while it is in the circuit. */
export interface PlasticBatch {
  readonly stimuli: Tensor;
  readonly labels: Tensor;
  /** Share of each sample in the batch's mean, [batch]; 0 for padding. */
  readonly weights: Tensor;
  /** What the circuit did with it. */
  readonly activity: Activity;
  /** Error of the readout, weighted per sample, [batch, classes]. */
  readonly error: Tensor;
}

/** Another pass of the batch through the circuit, with noise on the drives. */
export interface PerturbedPass {
  /** Loss of each sample, nats, [batch]. */
  readonly loss: Tensor;
  /** Rates of the input and of every population, by name. */
  readonly rates: ReadonlyMap<string, Tensor>;
  /** Drives of every population, noise included, [batch, dimension, units]. */
  readonly drives: ReadonlyMap<string, Tensor>;
}

/** All that a rule or channel may know of a circuit while a batch is in it. */
export interface PlasticCircuit {
  /** Populations in the order in which activity reached them; the readout is one of them. */
  readonly populations: readonly Population[];
  readonly readout: Population;
  /** The readout's error, weighted per sample. */
  readonly readoutError: PostsynapticError;
  /** [batch, classes], the same as a plain vector. */
  readonly errorVector: Tensor;
  /** Rates of the input and of every population, by name. */
  readonly rates: ReadonlyMap<string, Tensor>;
  /** Share of each sample in the batch's mean, [batch]; 0 for padding. */
  readonly weights: Tensor;
  /** Loss of each sample, nats, [batch]. */
  readonly loss: Tensor;
  /** Error at a population's drive from the error at its rates. */
  localise(population: Population, error: PostsynapticError): PostsynapticError;
  /** Weights of a projection at the start of the step; undefined where it has none. */
  weight(projection: Projection): Tensor | undefined;
  /** A value that the rule keeps: a fixed random one, or a memory as it was at the start of the step. */
  kept(name: string): Tensor;
  /** Fresh noise for a population's drive, +1 or -1, [batch, dimension, units]. */
  noise(population: Population): Tensor;
  /** The batch once more, with `amplitude` times the noise on the drive of every population. */
  perturbed(amplitude: number): PerturbedPass;
}

/** Name of the plan input that holds a population's noise. */
export const noiseName = (population: string) => `noise/${population}`;

/** Shows a batch in the circuit to rules and channels. */
export function plasticCircuit(trace: Trace, network: Network, batch: PlasticBatch): PlasticCircuit {
  const { readout, populations } = network;
  const { activity, error, stimuli, labels, weights } = batch;
  const samples = error.shape[0]!;
  const heard = new Map<string, Tensor>();
  const noise = ({ name, dimension, units }: Population) => {
    const known = heard.get(name) ?? trace.input(noiseName(name), [samples, dimension, units], "finite");
    heard.set(name, known);
    return known;
  };
  return {
    populations,
    readout,
    readoutError:
      readout.units === 1 && readout.dimension > 1
        ? { kind: "shared", vector: error, units: 1 }
        : { kind: "own", delta: reshape(error, [samples, readout.dimension, readout.units]) },
    errorVector: error,
    rates: activity.rates,
    weights,
    loss: crossEntropy({ scores: activity.scores, labels }).loss,
    localise: (population, atRates) => activity.activations.get(population.name)!.localise(atRates),
    weight: ({ weight }) => (weight === undefined ? undefined : trace.resident(weight)),
    kept: (name) => trace.resident(name),
    noise,
    perturbed(amplitude) {
      const noises = new Map(populations.map((population) => [population.name, noise(population)]));
      const pass = network.propagate(trace, stimuli, { amplitude, noise: noises });
      return {
        rates: pass.rates,
        drives: pass.drives,
        loss: crossEntropy({ scores: pass.scores, labels }).loss,
      };
    },
  };
}
