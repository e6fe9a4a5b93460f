/** Value of each module for each digit, [module][digit]. */
export type ModuleByDigit = number[][];

/** What the modules' states told at one time step. */
export interface ModuleStateRecord {
  step: number;
  /** Accuracy above chance of a fresh readout from one module through a bottleneck, 1 at most. */
  bottleneck?: ModuleByDigit;
  /** Accuracy above chance of a fresh readout from all modules through the same bottleneck, by digit. */
  bottleneckControl?: number[];
  /** Correlation of states that share a digit, above that of unrelated states. */
  correlation?: ModuleByDigit;
  /** Linear CKA of each pair of modules' states. */
  similarity: number[][];
  /** Participation ratio of each module's states. */
  dimensions: number[];
}

/** A mask for each digit that keeps a share of the recurrent and inter-module weights. */
export interface MaskRecord {
  /** Share of all these weights that is kept. */
  keep: number;
  /** Share of the kept recurrent weights that lie in each module, [module][digit]. */
  shares: ModuleByDigit;
  /** Test accuracy of the masked network at reporting each digit. */
  accuracy: number[];
}

/** Structure and function of a trained circuit of modules: specialization.json of a run folder. */
export interface SpecializationRecord {
  /** Populations that are modules, in the order of their digits. */
  modules: string[];
  structure: {
    /** Newman's Q of the connections, each of weight 1. */
    modularity: number;
    /** [post][pre] number of connections between modules. */
    connections: number[][];
    /** [post][pre] share of the possible ones. */
    density: number[][];
  };
  /** Test accuracy of the circuit, with each module silenced, and with no connection between modules. */
  ablation: { whole: number; silenced: number[]; cut: number };
  states: ModuleStateRecord[];
  masks: MaskRecord[];
}
