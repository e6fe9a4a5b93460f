import type { Evaluation, MetricWords } from "../../records/learning-record.ts";
import { metricKey, metricLabel } from "../../records/metrics.ts";
import type { CollectionPlace, CollectionProgress, RunEvent } from "../../training/events.ts";

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** Stands for a number that has no meaning, so that neither NaN nor Infinity ever reaches a reader. */
export const absent = "-";

/** A number in a fixed notation; a value that is not finite, also after scaling, or not defined is absent. */
function decimal(value: number | null | undefined, digits: number, scale = 1): string {
  const scaled = (value ?? Number.NaN) * scale;
  return Number.isFinite(scaled) ? scaled.toFixed(digits) : absent;
}

/** A share, 0 to 1, in per cent without the sign. */
export const percent = (share: number | null): string => decimal(share, 2, 100);

/** An angle in degrees without the sign; absent where there is none. */
export const angle = (degrees: number | null | undefined): string => decimal(degrees, 1);

/** Seconds of computing. */
export const seconds = (value: number): string => decimal(value, 1);

/** A count of something whole. */
export const count = (value: number): string => (Number.isFinite(value) ? String(value) : absent);

/** A loss. */
const loss = (value: number | null): string =>
  value !== null && Number.isFinite(value) ? value.toPrecision(4) : absent;

/** The value of a metric as a bare number, shares in per cent. */
export function metricNumber(value: unknown, { unit }: Pick<MetricWords, "unit">): string {
  const known = typeof value === "number" && Number.isFinite(value) ? value : undefined;
  if (unit === "share") return decimal(known, 2, 100);
  return known === undefined ? absent : String(Number(known.toPrecision(4)));
}

/** The same with its unit: "1.87 %", "3.142 deg". */
export function metric(value: unknown, words: Pick<MetricWords, "unit">): string {
  const unit = words.unit === "share" ? "%" : words.unit;
  return `${metricNumber(value, words)}${unit === "" ? "" : ` ${unit}`}`;
}

/** Steps per second, with a digit after the point only where it tells something. */
const rate = (value: number): string => decimal(value, value < 100 ? 1 : 0);

/** Bytes as megabytes (10^6 bytes), with their unit. */
export const megabytes = (bytes: number): string => `${decimal(bytes, 1, 1e-6)} MB`;

/** Seconds that something takes, as `timeLeft` writes them; less than a second is "under 1 s". */
export const duration = (value: number): string => (value < 1 ? "under 1 s" : (timeLeft(value) ?? absent));

/** Time left as "42 s", "2:03" or "1:02:03"; undefined where it is not known. */
export function timeLeft(value: number): string | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined;
  const whole = Math.ceil(value);
  if (whole < 60) return `${whole} s`;
  if (whole >= 100 * 86_400) return "over 100 days";
  const two = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Share of a run that is done, 0 to 1. */
export function shareDone(step: number, totalSteps: number): number {
  const share = step / totalSteps;
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

/** A run as its lines call it, with its place in a collection: "bp-seed-2 (run 3 of 10)". */
function nameOf({ run, collection }: { run: string; collection?: CollectionPlace }): string {
  return collection ? `${run} (run ${count(collection.cell)} of ${count(collection.cells)})` : run;
}

/** The line that opens a run or its continuation, and those that say what there is to know of its data. */
function startedLines(event: EventOf<"started">): string {
  const from = event.step > 0 ? `step ${count(event.step)} of ` : "";
  const name = nameOf(event);
  return [
    `${name}: ${from}${count(event.totalSteps)} steps on ${event.device} (${event.provider}), folder ${event.folder}`,
    ...(event.notes ?? []).map((note) => `${name}: ${note}`),
  ].join("\n");
}

/** The numbers of a progress event, without the bar. Times come last, but first in a collection, which takes long. */
export function progressDetails(event: EventOf<"progress">): string {
  const left = timeLeft(event.secondsLeft);
  const all = event.collection && timeLeft(event.collection.secondsLeft);
  const times = [...(left === undefined ? [] : [`${left} left`]), ...(all === undefined ? [] : [`${all} in all`])];
  const numbers = [
    `loss ${loss(event.loss)}`,
    ...Object.entries(event.metrics)
      .slice(0, 1)
      .map(([name, words]) => `${metricLabel(name, words)} ${metric(event[name], words)}`),
    `${rate(event.stepsPerSecond)} steps/s`,
  ].join("  ");
  if (times.length === 0) return numbers;
  return (event.collection ? [times.join(", "), numbers] : [numbers, times.join(", ")]).join("  ");
}

/** The progress of the whole collection, where several of its runs go on at the same time. */
export function severalRunning({ collection }: EventOf<"progress">): CollectionProgress | undefined {
  return collection && collection.running.length > 1 ? collection : undefined;
}

/** Share of a collection that is done, 0 to 1, each run counting the same. */
export function collectionShare({ cells, done, running }: CollectionProgress): number {
  return shareDone(
    running.reduce((sum, { share }) => sum + shareDone(share, 1), done),
    cells,
  );
}

/** "3/10 runs". */
export const collectionName = ({ cells, done }: CollectionProgress): string => `${count(done)}/${count(cells)} runs`;

/** The time that a collection will still take, and the runs that go on with their shares. */
export function collectionDetails({ running, secondsLeft }: CollectionProgress): string {
  const left = timeLeft(secondsLeft);
  const runs = running.map(({ run, share }) => `${run} ${Math.floor(100 * shareDone(share, 1))} %`).join(", ");
  return [...(left === undefined ? [] : [`${left} left`]), runs].join("  ");
}

/** One progress event as a line of its own. */
export function progressLine(event: EventOf<"progress">): string {
  const all = severalRunning(event);
  if (all) return `${collectionName(all)} done: ${Math.floor(100 * collectionShare(all))} %  ${collectionDetails(all)}`;
  const done = Math.floor(100 * shareDone(event.step, event.totalSteps));
  return `${nameOf(event)}: ${done} %  step ${count(event.step)} of ${count(event.totalSteps)}  ${progressDetails(event)}`;
}

/** What a run does for long besides training and measuring. */
const phases: Readonly<Record<string, string>> = { evaluation: "evaluation", report: "figures and report" };

/** A run and what it does besides training. */
export const phaseName = ({ run, phase }: EventOf<"phase">): string =>
  `${run}: ${Object.hasOwn(phases, phase) ? phases[phase] : `measuring ${phase}`}`;

/** The same, and how far it is. */
export function phaseLine(event: EventOf<"phase">): string {
  const { done, total } = event;
  return `${phaseName(event)}${done === 0 ? "" : `  ${Math.floor(100 * shareDone(done, total))} %`}`;
}

/** A failed run of a collection as a line. */
function failedLine(event: EventOf<"failed">): string {
  return `${event.run}: failed: ${event.message}`;
}

function measureFailedLine({ run, measure, message }: EventOf<"measure-failed">): string {
  return `${run}: measure ${measure} failed: ${message}`;
}

/** What is to be told of a measure, a line each; empty where there is nothing. */
const takenLines = ({ run, words }: EventOf<"measure-taken">): string =>
  words.map((line) => `${run}: ${line}`).join("\n");

/** "200 stimuli", or "400 decisions on 200 stimuli" where each is presented several times. */
const decisions = (evaluation: Pick<Evaluation, "count" | "stimuli">): string =>
  evaluation.stimuli === undefined
    ? `${count(evaluation.count)} stimuli`
    : `${count(evaluation.count)} decisions on ${count(evaluation.stimuli)} stimuli`;

/** One evaluation as a line. */
function evaluatedLine(event: EventOf<"evaluated">): string {
  const angles = Object.entries(event.alignment).map(
    ([projection, { angle: value }]) => `${projection} ${angle(value)}`,
  );
  const metrics = Object.entries(event.metrics).map(([name, words]) => ({
    name,
    words,
    label: metricLabel(name, words),
  }));
  const tests = metrics.map(({ name, words, label }) => `${event.set} ${label} ${metric(event[name], words)}`);
  const training = metrics.slice(0, 1).flatMap(({ name, words, label }) => {
    const value = event[metricKey(name, "train")];
    return value === null ? [] : [`training ${label} ${metric(value, words)}`];
  });
  const [first = event.set, ...others] = tests;
  const parts = [
    `${event.run}: epoch ${decimal(event.epoch, 2)}`,
    `step ${count(event.step)}`,
    `${first} (${decisions(event)})`,
    ...others,
    `loss ${loss(event.loss)}${event.loss === null ? "" : ` ${event.lossUnit}`}`,
    ...training,
    ...(angles.length > 0 ? [`angle to the gradient in degrees: ${angles.join(", ")}`] : []),
  ];
  return parts.join("  ");
}

/** One of several results of an experiment as a line. */
const measuredLine = ({ run, step, totalSteps, words }: EventOf<"measured">): string =>
  `${run}: ${count(step)} of ${count(totalSteps)}  ${words}`;

/** Bytes of a checkpoint from which on a person is told of its size. */
const largeCheckpoint = 20e6;

/** Whether it was the last checkpoint of a run, and a large one. */
const isLarge = ({ last, bytes }: EventOf<"saved">): boolean => last && bytes >= largeCheckpoint;

/** The size of a run's last checkpoint as a line, and what would make it smaller. */
export function savedLine({ run, file, bytes, optimiserBytes }: EventOf<"saved">): string {
  const remedy =
    optimiserBytes > 0
      ? `, of which ${megabytes(optimiserBytes)} are the optimiser's state, left out by finalCheckpoint=weights`
      : "";
  return `${run}: ${file} takes ${megabytes(bytes)}${remedy}`;
}

/** What an event is told in, whoever narrates; nothing for those that only move a bar, or that need no word. */
export function toldLine(event: RunEvent): string | undefined {
  switch (event.type) {
    case "started":
      return startedLines(event);
    case "evaluated":
      return evaluatedLine(event);
    case "measured":
      return measuredLine(event);
    case "saved":
      return isLarge(event) ? savedLine(event) : undefined;
    case "measure-taken":
      return event.words.length > 0 ? takenLines(event) : undefined;
    case "measure-failed":
      return measureFailedLine(event);
    case "failed":
      return failedLine(event);
    default:
      return undefined;
  }
}
