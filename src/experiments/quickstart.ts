import { join } from "node:path";
import { DataError, UsageError } from "../compute/errors.ts";
import { GevbConfig, type GevbOptions } from "./config.ts";
import { describeEnvironment } from "./environment.ts";
import { describeGevbRun, loadGevbTask, resolveGevb } from "./gevb.ts";
import { exists } from "./record/make-folder.ts";
import { runFiles } from "./record/run-files.ts";
import { createRunFolder, openRunFolder, readConfig, readSummary, writeConfig } from "./record/run-folder.ts";
import { continueRun, type NewRunControl, type RunControl, startRun } from "./run.ts";
import { reportRuns } from "./run-report.ts";

const experiment = "quickstart";

/** The rules that are set side by side, in order. */
const rules = ["gevb", "bp"] as const;

/** One epoch, watched closely, so that the learning curves are curves. */
const defaults: GevbOptions = { epochs: 1, evaluations: 10 };

/**
 * The main job: the excitatory vector network learns the digits for one epoch by GEVB, then by back-propagation from the
 * same start and with the same batches; one folder holds both runs, their figures and a report.
 */
export async function runQuickstart(options: GevbOptions, control: NewRunControl): Promise<void> {
  const config = resolveGevb({ ...defaults, ...options });
  const folder = await createRunFolder({ out: control.out, experiment, seed: config.seed });
  await writeConfig(folder, {
    experiment,
    rules: [...rules],
    settings: config,
    environment: await describeEnvironment(),
  });
  await runRules(folder, config, control);
}

/** Goes on with a quickstart: finished rules are kept, the interrupted one is resumed, the rest is run. */
export async function resumeQuickstart(folder: string, control: RunControl): Promise<void> {
  await runRules(folder, await readSettings(folder), control);
}

/** Folders of the runs of a quickstart. */
export function quickstartRuns(folder: string): string[] {
  return rules.map((rule) => join(folder, rule));
}

async function readSettings(folder: string): Promise<GevbConfig> {
  await openRunFolder(folder);
  const config = await readConfig(folder);
  if (config.experiment !== experiment)
    throw new UsageError(
      `${folder} holds a run of "${String(config.experiment)}", not of ${experiment}; use sulcus run ${String(config.experiment)} --resume`,
    );
  const settings = GevbConfig.safeParse(config.settings);
  if (settings.success) return settings.data;
  const issue = settings.error.issues[0]!;
  throw new DataError(
    `${join(folder, runFiles.config)}, settings.${issue.path.join(".")}: ${issue.message}; restore it from a copy`,
  );
}

async function runRules(folder: string, config: GevbConfig, control: RunControl): Promise<void> {
  const task = await loadGevbTask(config);
  const runs = quickstartRuns(folder);
  for (const [index, rule] of rules.entries()) {
    const out = runs[index]!;
    if (await exists(join(out, runFiles.summary))) {
      const summary = await readSummary(out);
      control.onEvent?.({ type: "finished", run: rule, folder: out, summary });
    } else if (await exists(join(out, runFiles.config))) await continueRun(out, control, task);
    else {
      const description = describeGevbRun({ ...config, rule }, task);
      await startRun(description, { experiment, label: rule }, { ...control, out }, task);
    }
  }
  await reportRuns(folder, experiment, runs, control.onEvent);
}
