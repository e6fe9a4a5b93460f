import type { ModularCircuitOptions } from "../../src/circuits/ready-made/modules.ts";
import { partOf } from "../../src/kinds/kind.ts";

/** [sample][unit] */
export type Rows = readonly (readonly number[])[];
/** What an operand is called, and its value. */
export type Named<T> = (name: string) => T | undefined;

/** What modules did. */
export interface ModulesDone {
  /** [step][module] */
  readonly states: readonly (readonly Rows[])[];
  /** What each readout says, [step][readout], target by target, each of all modules. */
  readonly outputs: readonly (readonly Rows[])[];
}

const gains: Readonly<Record<string, (drive: number) => number>> = {
  tanh: Math.tanh,
  relu: (drive) => Math.max(0, drive),
};

/** weights [post, pre] times rates. */
const product = (weights: ArrayLike<number>, rates: readonly number[], post: number): number =>
  rates.reduce((sum, rate, pre) => sum + weights[post * rates.length + pre]! * rate, 0);

/**
 * Modules step by step, in plain arrays and float64.
 *
 * @param parameters weights and biases by name; undefined where there is no such projection
 * @param stimuli what a module sees at a time step
 * @param noise what is added to the drive of a module at a time step, where it has noise
 */
export function modulesForward(
  {
    wiring,
    units,
    classes,
    steps,
    gain = "tanh",
    leak = 1,
    noise: deviation = 0,
    from = 0,
    transmission,
    decision,
  }: ModularCircuitOptions,
  batch: number,
  parameters: Named<ArrayLike<number>>,
  stimuli: (module: number, step: number) => Rows,
  noise: (module: number, step: number) => Rows,
): ModulesDone {
  const all = wiring.map((_, module) => module);
  const sees = (module: number) =>
    parameters(`digit-${module + 1}->module-${module + 1}/weight`) ??
    parameters(`digit-1->module-${module + 1}/weight`)!;
  const message = (rate: number) => (transmission?.kind === "binary" ? Number(rate > transmission.threshold) : rate);
  const states: Rows[][] = [];
  const outputs: Rows[][] = [];
  for (let step = 0; step < steps; step++) {
    states.push(
      all.map((post) =>
        Array.from({ length: batch }, (_, sample) =>
          Array.from({ length: units }, (_, unit) => {
            let drive = product(sees(post), stimuli(post, step)[sample]!, unit);
            drive += parameters(`module-${post + 1}/bias`)![unit]!;
            for (const pre of all) {
              const weights = parameters(`module-${pre + 1}->module-${post + 1}/weight`);
              if (!weights || step === 0 || (pre !== post && step < from)) continue;
              const before = states[step - 1]![pre]![sample]!;
              drive += product(weights, pre === post ? before : before.map(message), unit);
            }
            if (deviation > 0) drive += noise(post, step)[sample]![unit]!;
            const before = step === 0 ? 0 : states[step - 1]![post]![sample]![unit]!;
            return (1 - leak) * before + leak * gains[partOf(gain).kind]!(drive);
          }),
        ),
      ),
    );
    const targets = Array.from({ length: decision?.targets ?? 1 }, (_, target) => target);
    outputs.push(
      targets.flatMap((target) =>
        all.map((module) => {
          const readout = `report-${module + 1}${target === 0 ? "" : `-target-${target + 1}`}`;
          return states[step]![module]!.map((rates) =>
            Array.from(
              { length: classes },
              (_, c) =>
                product(parameters(`module-${module + 1}->${readout}/weight`)!, rates, c) +
                parameters(`${readout}/bias`)![c]!,
            ),
          );
        }),
      ),
    );
  }
  return { states, outputs };
}

/**
 * What a circuit reports of its modules' outputs, [report][sample][class].
 *
 * @param choice the module that decides a sample where it is chosen at random
 */
export function decisionOf(
  { outputs }: Pick<ModulesDone, "outputs">,
  { time = "last", module = "max", targets = 1 }: NonNullable<ModularCircuitOptions["decision"]>,
  choice: (sample: number) => number,
): readonly Rows[] {
  const samples = outputs[0]![0]!.map((_, sample) => sample);
  const readouts = outputs[0]!.map((_, index) => index);
  /** [readout][sample][class] */
  const saidBy = readouts.map((index) =>
    samples.map((sample) => {
      const over = outputs.map((each) => each[index]![sample]!);
      if (time === "last") return over.at(-1)!;
      if (typeof time === "object") return over[time.step]!;
      return combine(over, time === "mean" ? 1 / over.length : 1);
    }),
  );
  if (module === "each") return saidBy;
  if (typeof module === "object") return [saidBy[Number(module.readout.split("-")[1]) - 1]!];
  const among = saidBy.length / targets;
  return Array.from({ length: targets }, (_, target) =>
    decided(saidBy.slice(target * among, (target + 1) * among), module, choice),
  );
}

function decided(said: readonly Rows[], module: "max" | "sum" | "random", choice: (sample: number) => number): Rows {
  const samples = said[0]!.map((_, sample) => sample);
  const bySample = (decide: (rows: readonly (readonly number[])[], sample: number) => readonly number[]) =>
    samples.map((sample) =>
      decide(
        said.map((rows) => rows[sample]!),
        sample,
      ),
    );
  if (module === "sum") return bySample((rows) => combine(rows));
  if (module === "random") return bySample((rows, sample) => rows[choice(sample)]!);
  return bySample((rows) => {
    const maxima = rows.map((row) => Math.max(...row));
    return rows[maxima.indexOf(Math.max(...maxima))]!;
  });
}

/** Sum of rows by class, times a factor. */
const combine = (rows: readonly (readonly number[])[], factor = 1) =>
  rows[0]!.map((_, c) => factor * rows.reduce((sum, row) => sum + row[c]!, 0));

/** Mean over samples and reports of the cross-entropy, nats. */
export function meanCrossEntropy(reports: readonly Rows[], labels: readonly ArrayLike<number>[]): number {
  const losses = reports.flatMap((rows, report) =>
    rows.map((scores, sample) => {
      const largest = Math.max(...scores);
      const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
      return largest + Math.log(sum) - scores[labels[report]![sample]!]!;
    }),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
