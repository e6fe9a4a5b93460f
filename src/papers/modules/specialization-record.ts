import * as z from "zod";

const values = z.array(z.number());
const matrix = z.array(values);
const someValues = z.array(z.number().nullable());

/** Value of each module for each digit, [module][digit]; null where it cannot be taken, which a note says. */
const ModuleByDigit = z.array(someValues);
export type ModuleByDigit = z.infer<typeof ModuleByDigit>;

/** What a measure lacks, and why. */
const MeasureNote = z.object({
  /** "correlation", "linear CKA". */
  measure: z.string(),
  /** Time step of the states that it was taken of; absent where it is not of one. */
  step: z.int().min(0).exactOptional(),
  /** In words, with the module that it is about. */
  note: z.string(),
});
export type MeasureNote = z.infer<typeof MeasureNote>;

/** What the modules' states told at one time step. */
const ModuleStateRecord = z.object({
  step: z.int().min(0),
  /** Accuracy above chance of a fresh readout from one module through a bottleneck, 1 at most. */
  bottleneck: ModuleByDigit.exactOptional(),
  /** Accuracy above chance of a fresh readout from all modules through the same bottleneck, by digit. */
  bottleneckControl: someValues.exactOptional(),
  /** Correlation of states that share a digit, above that of unrelated states. */
  correlation: ModuleByDigit.exactOptional(),
  /** Linear CKA of each pair of modules' states; null where a module's states do not differ. */
  similarity: z.array(someValues),
  /** Participation ratio of each module's states; null where they do not differ. */
  dimensions: someValues,
});
export type ModuleStateRecord = z.infer<typeof ModuleStateRecord>;

/** A mask for each digit that keeps a share of the recurrent weights within modules, and all connections between them. */
const MaskRecord = z.object({
  /** Share of the recurrent weights that is kept. */
  keep: z.number(),
  /** Share of the kept weights that lie in each module, [module][digit]. */
  shares: ModuleByDigit,
  /** Test accuracy of the masked network at reporting each digit. */
  accuracy: someValues,
});
export type MaskRecord = z.infer<typeof MaskRecord>;

/** Structure and function of a trained circuit of modules: specialization.json of a run folder. */
export const SpecializationRecord = z.object({
  /** Populations that are modules, in the order of their digits. */
  modules: z.array(z.string()).min(2),
  structure: z.object({
    /** Newman's Q of the connections, each of weight 1. */
    modularity: z.number(),
    /** [post][pre] number of connections between modules. */
    connections: matrix,
    /** [post][pre] share of the possible ones. */
    density: matrix,
  }),
  /** Test accuracy of the circuit, with each module silenced, and with no connection between modules. */
  ablation: z.object({ whole: z.number(), silenced: values, cut: z.number() }),
  /**
   * Share of the test trials that each module decides, [target][module]; absent where all readouts take part in every
   * decision.
   */
  decisions: matrix.exactOptional(),
  states: z.array(ModuleStateRecord),
  masks: z.array(MaskRecord),
  /** What measures lack; absent where nothing. */
  notes: z.array(MeasureNote).exactOptional(),
});
export type SpecializationRecord = z.infer<typeof SpecializationRecord>;
