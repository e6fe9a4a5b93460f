/** Value of each module for each digit, [module][digit]; null where it cannot be taken, which a note says. */
export type ModuleByDigit = (number | null)[][];

/** What a measure lacks, and why. */
export interface MeasureNote {
  /** "correlation", "linear CKA". */
  measure: string;
  /** Time step of the states that it was taken of; absent where it is not of one. */
  step?: number;
  /** In words, with the module that it is about. */
  note: string;
}

/** What the modules' states told at one time step. */
export interface ModuleStateRecord {
  step: number;
  /** Accuracy above chance of a fresh readout from one module through a bottleneck, 1 at most. */
  bottleneck?: ModuleByDigit;
  /** Accuracy above chance of a fresh readout from all modules through the same bottleneck, by digit. */
  bottleneckControl?: (number | null)[];
  /** Correlation of states that share a digit, above that of unrelated states. */
  correlation?: ModuleByDigit;
  /** Linear CKA of each pair of modules' states; null where a module's states do not differ. */
  similarity: (number | null)[][];
  /** Participation ratio of each module's states; null where they do not differ. */
  dimensions: (number | null)[];
}

/** A mask for each digit that keeps a share of the recurrent weights within modules, and all connections between them. */
export interface MaskRecord {
  /** Share of the recurrent weights that is kept. */
  keep: number;
  /** Share of the kept weights that lie in each module, [module][digit]. */
  shares: ModuleByDigit;
  /** Test accuracy of the masked network at reporting each digit. */
  accuracy: (number | null)[];
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
  /**
   * Share of the test trials that each module decides, [target][module]; absent where all readouts take part in every
   * decision.
   */
  decisions?: number[][];
  states: ModuleStateRecord[];
  masks: MaskRecord[];
  /** What measures lack; absent where nothing. */
  notes?: MeasureNote[];
}
