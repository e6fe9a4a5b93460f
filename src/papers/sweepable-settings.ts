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
  modules: {
    density: "connections between modules: 0.1 of the possible ones, 1.0 all, 1 exactly one",
    modules: "numbers of modules",
    units: "units of each module",
    steps: "time steps for which the digits are shown",
    task: "what is reported: parity-digits, sum, max, digit-1 and so on",
    source: "mnist, symbols",
    gain: "tanh, relu",
    leak: "shares of the new rate at every time step",
    noise: "noise on every drive, its SD",
    from: "first time steps at which modules hear one another",
    rule: "learning rules",
    limit: "training trials to use",
    epochs: "passes over the training trials",
    rate: "learning rates",
  },
  attention: {
    scenes: "digits, generated, coco:<folder>",
    digits: "objects in a scene",
    strength: "by how much attention turns rates down",
    iterations: "time steps of a glimpse",
    penalty: "weights of the gated scene's squared error",
    feedback: "whether attention hears of the report: true, false",
    lateral: "whether attention hears of its own stage: true, false",
    gating: "whether attention acts: true, false",
    inhibitionOfReturn: "whether attended objects are inhibited: true, false",
    rule: "learning rules of the feedforward weights",
    limit: "training scenes to use",
    epochs: "passes over the training scenes",
    rate: "learning rates",
  },
} as const satisfies Readonly<Record<string, SweepableSettings>>;

/** Settings of which a whole number by itself is a count, and what is written behind it: "1c", exactly one connection. */
export const countedSettings: Readonly<Record<string, string>> = { density: "c" };

/** An experiment that can be swept. */
export type SweepableExperiment = keyof typeof sweepableSettings;
