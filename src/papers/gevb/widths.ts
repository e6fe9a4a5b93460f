import { join } from "node:path";
import { buildNetwork, type Network } from "../../circuits/network.ts";
import { gevbCircuit } from "../../circuits/ready-made/gevb.ts";
import { openDevice } from "../../compute/devices/choice.ts";
import type { Executor } from "../../compute/executor.ts";
import { UsageError } from "../../kinds/errors.ts";
import type { Library } from "../../kinds/library.ts";
import { readAlignment } from "../../plasticity/alignment.ts";
import { alignmentProgram, startValues } from "../../plasticity/learning-program.ts";
import { describeEnvironment } from "../../runs/environment.ts";
import { defineExperiment } from "../../runs/experiment.ts";
import { keepPlugins, updatePlugins } from "../../runs/plugins/keep-plugins.ts";
import { probeWritable, writeWhole } from "../../runs/record/atomic-file.ts";
import { lineLog } from "../../runs/record/line-log.ts";
import { exists } from "../../runs/record/make-folder.ts";
import { runFiles } from "../../runs/record/run-files.ts";
import { createRunFolder, readConfig, writeConfig } from "../../runs/record/run-folder.ts";
import { holdingRunFolder } from "../../runs/record/run-lock.ts";
import { resumeAdvice } from "../../runs/resume-advice.ts";
import type { NewRunControl, RunControl } from "../../runs/run.ts";
import { type RedrawOptions, writeRunReport } from "../../runs/run-report.ts";
import { BatchSequence } from "../../tasks/batches.ts";
import { loadTask } from "../../tasks/task.ts";
import type { Batch, Stream } from "../../tasks/trials.ts";
import { feederOf } from "../../training/feeds.ts";
import { heedingExecutor, unlessStopped } from "../../training/heed.ts";
import { InterruptedError, requestedBy } from "../../training/interrupted.ts";
import { widthsChapter } from "./chapter/widths-chapter.ts";
import { WidthAlignment, type WidthSeries, widthMarkdown } from "./width-record.ts";
import { GevbWidthsConfig } from "./widths-settings.ts";

const name = "gevb-widths";
const log = lineLog(WidthAlignment, "the alignment of a network");

/** Settings with everything chosen: how weights start, device and provider. */
type Resolved = GevbWidthsConfig & { initial: "on-off" | "he" };

/**
 * Alignment of GEVB with the gradient against width, in networks that have learned nothing: the theorem says that with
 * non-negative weights the update becomes proportional to the gradient as width grows, but for the projection onto the last
 * hidden population. One batch of digits for each seed; a line of metrics.jsonl for each network as soon as it is measured, so
 * that an interrupted run goes on where it was and leaves the same bytes.
 *
 * Source: Clark, Abbott & Chung 2021, sections 3 and 4.
 */
export const gevbWidths = defineExperiment({
  kind: name,
  summary: "alignment of GEVB with the gradient against width, before learning (Clark, Abbott & Chung 2021)",
  settings: GevbWidthsConfig,
  sweeps: false,
  examples: ["gevb-widths --widths 32,128,512 --seeds 1..3"],
  async build(settings, _, library) {
    const config = resolve(settings);
    checkWidths(config);
    const measureIn = async (folder: string, executor: Executor, control: NewRunControl) => {
      const batches = await unlessStopped(loadBatches(config, library), control.signal);
      await measureAll({ folder, config, executor, batches, control });
    };
    return {
      async run(control) {
        const executor = heedingExecutor(await openDevice(config, library), control.signal);
        const folder = await createRunFolder({ out: control.out, experiment: name, seed: config.seeds[0]! });
        await holdingRunFolder(folder, async () => {
          await writeConfig(folder, {
            experiment: name,
            ...(await keepPlugins(folder, library)),
            settings: { ...config, device: executor.device, provider: executor.provider },
            environment: await describeEnvironment(),
          });
          await measureIn(folder, executor, control);
        });
      },
      async resume(folder, control) {
        await probeWritable(folder);
        await holdingRunFolder(folder, async () => {
          await updatePlugins(folder, library);
          await measureIn(folder, heedingExecutor(await openDevice(config, library), control.signal), control);
        });
      },
      async report(folder, options) {
        if ((await measuredIn(folder)).length === 0)
          throw new UsageError(`${folder} holds no measured network to report on; ${resumeAdvice(folder)}`);
        return reportWidths(folder, config, options);
      },
    };
  },
});

/** How weights start: as in the paper unless it is said. */
function resolve(config: GevbWidthsConfig): Resolved {
  return { ...config, initial: config.initial ?? (config.sign === "excitatory" ? "on-off" : "he") };
}

/** @throws UsageError naming the first width that ON/OFF weights cannot start from */
function checkWidths({ widths, initial }: Resolved): void {
  const odd = widths.find((width) => width % 2 === 1);
  if (initial === "on-off" && odd !== undefined) {
    throw new UsageError(
      `${name}, widths: got ${odd} with initial "on-off", which needs pairs of units; use ${odd + 1}, or initial "he"`,
    );
  }
}

/** The first batch that a run of each seed would train on, and what it takes to build a network for it. */
interface SeedBatch {
  readonly batch: Batch;
  readonly image: Stream;
  readonly classes: number;
}

async function loadBatches({ seeds, batch, data }: Resolved, library: Library): Promise<Map<number, SeedBatch>> {
  const batches = new Map<number, SeedBatch>();
  for (const seed of seeds) {
    const description = { kind: "digits" as const, limit: batch, ...(data === undefined ? {} : { data }) };
    const { training, classes } = await loadTask(description, seed, library);
    const composed = new BatchSequence(training, batch, seed).compose(0);
    batches.set(seed, { batch: composed, image: training.shape.streams[0]!, classes });
  }
  return batches;
}

interface Measurement {
  readonly folder: string;
  readonly config: Resolved;
  readonly executor: Executor;
  readonly batches: ReadonlyMap<number, SeedBatch>;
  readonly control: RunControl;
}

/**
 * Measures what the folder lacks, the narrowest networks first, and reports.
 *
 * @throws InterruptedError after a network, when the signal aborts
 */
async function measureAll({ folder, config, executor, batches, control }: Measurement): Promise<void> {
  const { library, onEvent = () => {}, signal, report = true } = control;
  const metrics = join(folder, runFiles.metrics);
  // Drops the torn line that a run killed in mid-write leaves.
  await log.keep(metrics, () => true);
  const done = await measuredIn(folder);
  const all = config.widths.flatMap((width) => config.seeds.map((seed) => ({ width, seed })));
  const waiting = all.filter((each) => !done.some(({ width, seed }) => width === each.width && seed === each.seed));
  const totalSteps = all.length;
  let step = totalSteps - waiting.length;
  const { device, provider } = executor;
  onEvent({ type: "started", run: name, folder, step, totalSteps, device, provider });
  for (const { width, seed } of waiting) {
    if (signal?.aborted) throw new InterruptedError({ folder, step, by: requestedBy(signal) });
    const measured = {
      width,
      seed,
      alignment: await measure({ config, executor, library }, width, seed, batches.get(seed)!),
    };
    await log.append(metrics, measured);
    step++;
    onEvent({ type: "measured", run: name, step, totalSteps, words: measuredInWords(measured), result: measured });
  }
  const markdown = widthMarkdown(await readSeries(folder, config));
  const table = join(folder, runFiles.table);
  await writeWhole(table, markdown);
  onEvent({ type: "tabled", folder, table, markdown });
  if (report) onEvent({ type: "reported", folder, report: await reportWidths(folder, config, { library, signal }) });
}

async function measure(
  {
    config: { sign, initial, depth, batch },
    executor,
    library,
  }: { readonly config: Resolved; readonly executor: Executor; readonly library: Library },
  width: number,
  seed: number,
  { batch: digits, image, classes }: SeedBatch,
): Promise<WidthAlignment["alignment"]> {
  const hidden = Array.from({ length: depth }, () => width);
  const network: Network = buildNetwork(gevbCircuit({ image, hidden, classes, sign, initial }), library);
  const rule = library.build("rule", "gevb", network);
  const program = alignmentProgram({ network, rule, batch });
  const session = await executor.load(program);
  try {
    for (const [kept, values] of startValues(network, rule, seed)) await session.write(kept, values);
    const feed = await feederOf(program.plans.align!, network);
    const [results] = await session.run("align", [feed(digits, { seed })]);
    return readAlignment(network, results!);
  } finally {
    await session.dispose();
  }
}

/** "width 8, seed 1  angle to the gradient in degrees: pixels->v1 53.3, v1->report 0.0"; "-" where there is no angle. */
function measuredInWords({ width, seed, alignment }: WidthAlignment): string {
  const angles = Object.entries(alignment).map(
    ([name, { angle }]) => `${name} ${angle === null ? "-" : angle.toFixed(1)}`,
  );
  return `width ${width}, seed ${seed}  angle to the gradient in degrees: ${angles.join(", ")}`;
}

async function measuredIn(folder: string): Promise<WidthAlignment[]> {
  const metrics = join(folder, runFiles.metrics);
  return (await exists(metrics)) ? log.read(metrics) : [];
}

async function readSeries(folder: string, { depth, batch, sign, initial }: Resolved): Promise<WidthSeries> {
  return { depth, batch, sign, initial, networks: await measuredIn(folder) };
}

async function reportWidths(
  folder: string,
  config: Resolved,
  { signal, library: _, ...files }: RedrawOptions,
): Promise<string> {
  const { environment, settings } = await readConfig(folder);
  const { device, provider } = settings as Record<string, string>;
  const widths = await readSeries(folder, config);
  return writeRunReport(
    folder,
    {
      title: `${name}: alignment with the gradient against width`,
      experiment: name,
      created: new Date().toISOString(),
      environment: { ...(environment as Record<string, string>), ...{ device, provider } } as Record<string, string>,
      runs: [],
      chapters: [widthsChapter(widths)],
    },
    { ...files, signal },
  );
}
