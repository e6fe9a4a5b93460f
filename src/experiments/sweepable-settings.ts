/** Settings of which a sweep can try several values, with what the command line says of them. */
export type SweepableSettings = Readonly<Record<string, string>>;

/** Those of each experiment that can be swept. Apart from the experiments themselves, which take longer to load. */
export const sweepableSettings = {
  gevb: {
    dataset: "mnist, cifar10",
    arch: "architectures: dense, conv, local",
    units: "vector, conventional",
    gates: "whether the positions of a channel share a gating vector: channel, unit",
    rule: "learning rules",
    sign: "sign constraints: excitatory, mixed",
    limit: "training stimuli to use",
    epochs: "passes over the training stimuli",
    batch: "stimuli in a batch",
    optimiser: "sgd, momentum, adam, adamw",
    rate: "learning rates",
    decay: "weight decays of adamw",
  },
} as const satisfies Readonly<Record<string, SweepableSettings>>;

/** An experiment that can be swept. */
export type SweepableExperiment = keyof typeof sweepableSettings;
