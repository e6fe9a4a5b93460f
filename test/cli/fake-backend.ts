import { PassThrough } from "node:stream";
import type { Asked, Backend, FoundLock, NewRunControl, OpenBackend, RunControl } from "../../src/cli/backend.ts";
import { main } from "../../src/cli/program.ts";
import { lookUp } from "../../src/kinds/errors.ts";
import type { Library } from "../../src/kinds/library.ts";
import { nodeLibrary } from "../../src/node-library.ts";
import { metricsOf } from "../../src/records/metrics.ts";
import type { FigureFiles } from "../../src/report/files/figure-format.ts";
import type { DataEvent, FetchControl, FetchOptions } from "../../src/runs/data/fetch-data-set.ts";
import type { DataSetInformation } from "../../src/runs/data/information.ts";
import type { Forecast } from "../../src/runs/forecast.ts";
import type { RecordedSubject, RunRecordingOptions } from "../../src/runs/recording/record-run.ts";
import type { RunNaming } from "../../src/runs/run-config.ts";
import type { Sweep } from "../../src/runs/sweep.ts";
import type { RunEvent } from "../../src/training/events.ts";

/** What the command line asked of the backend. */
export interface Request {
  experiment?: string;
  owner?: string;
  naming?: RunNaming;
  options?: Readonly<Record<string, unknown>>;
  out?: string | undefined;
  resumed?: string;
  sweep?: Sweep;
  workers?: number;
}

const requestOf = ({ settings, ...asked }: Asked): Request => ({ ...asked, options: settings }) as Request;
const workersOf = ({ workers }: RunControl) => (workers === undefined ? {} : { workers });

/** A backend that does nothing but emit the given events and remember what it was asked. */
export class FakeBackend implements Backend {
  readonly requests: Request[] = [];
  /** Data sets that were asked for, with what came along. */
  readonly dataRequests: unknown[] = [];
  /** Formats and widths of figures that were asked for. */
  readonly figureFiles: FigureFiles[] = [];
  dataEvents: DataEvent[] = [];
  /** Called in every fetch after its events; may throw or wait for the signal. */
  duringFetch: (control: FetchControl) => void | Promise<void> = () => {};
  events: RunEvent[] = [];
  forecasts: Forecast[] = [];
  /** Called in every run after its events; may throw or wait for the signal. */
  during: (control: RunControl) => void | Promise<void> = () => {};

  readonly library: Library = nodeLibrary;

  /** What was to be recorded, how, and where. */
  readonly recordings: unknown[] = [];

  async record(subject: RecordedSubject, { signal, ...options }: RunRecordingOptions, place: object) {
    this.recordings.push({ subject, options, place });
    await this.during({ onEvent: () => {}, signal: signal! });
    return { path: "a.npz", record: "a.json", trials: 2, bytes: 64 };
  }

  async run(asked: Asked, control: NewRunControl) {
    this.requests.push({ ...requestOf(asked), out: control.out, ...workersOf(control) });
    await this.#train(control);
  }

  async weights(folder: string, file?: string) {
    this.requests.push({ resumed: folder, out: file });
    return { circuit: "fake", parameters: {} };
  }

  async forecast(asked: Asked) {
    this.requests.push(requestOf(asked));
    return this.forecasts;
  }

  async resume(experiment: string | undefined, folder: string, control: RunControl): Promise<void> {
    this.requests.push({ ...(experiment && { experiment }), resumed: folder, ...workersOf(control) });
    await this.#train(control);
  }

  /** Called in every report; may throw or wait for the signal. */
  duringReport: (signal: AbortSignal) => void | Promise<void> = () => {};
  async rebuildReport(folder: string, { signal, ...files }: FigureFiles & { signal: AbortSignal }): Promise<string> {
    this.figureFiles.push(files);
    await this.duringReport(signal);
    return `${folder}/report.html`;
  }

  locks: FoundLock[] = [];
  readonly removed: (readonly FoundLock[])[] = [];
  async locksIn(): Promise<FoundLock[]> {
    return this.locks;
  }
  async removeLocks(locks: readonly FoundLock[]): Promise<void> {
    this.removed.push(locks);
  }

  async devices() {
    return {
      devices: [
        { name: "cpu", available: true, detail: "2 threads" },
        { name: "webgpu", available: false, detail: "no adapter answered" },
      ],
      providers: [{ name: "onnxruntime", available: true, detail: "1.30.0" }],
    };
  }

  async fetchDataSet(name: string, options: FetchOptions, control: FetchControl): Promise<void> {
    this.dataRequests.push({ fetch: name, ...options });
    for (const event of this.dataEvents) control.onEvent(event);
    await this.duringFetch(control);
  }

  async dataSetInformation(name: string, folder?: string): Promise<DataSetInformation> {
    this.dataRequests.push({ info: name, folder });
    return smallDataSet;
  }

  async surveyDataSets() {
    return [smallDataSet, { name: "cifar10", missing: "CIFAR-10: there is none" }];
  }

  async #train(control: RunControl): Promise<void> {
    const rule = this.requests.at(-1)?.options?.rule;
    if (rule === "unregistered") lookUp("learning rule", rule, { gevb: 1, bp: 2 });
    for (const event of this.events) control.onEvent(event);
    await this.during(control);
  }
}

/** Runs the command line and collects what it wrote. */
export async function sulcus(argv: string[], backend: Backend | OpenBackend = new FakeBackend(), isTTY = false) {
  const open = typeof backend === "function" ? backend : async () => backend;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await main(argv, { stdout, stderr, isTTY }, open);
  const text = (stream: PassThrough) => String(stream.read() ?? "");
  return { code, out: text(stdout), err: text(stderr) };
}

/** A data set of four images. */
export const smallDataSet: DataSetInformation = {
  name: "mnist",
  folder: "digits",
  files: ["images", "labels"],
  bytes: 1_234_567,
  height: 2,
  width: 3,
  channels: 1,
  classes: ["odd", "even"],
  training: { count: 3, perClass: [1, 2], mean: [0.25], standardDeviation: [0.125] },
  test: { count: 1, perClass: [0, 1], mean: [0.5], standardDeviation: [0] },
};

/** One run as a backend tells it. */
export const shortRun: RunEvent[] = [
  { type: "started", run: "gevb", folder: "runs/a", step: 0, totalSteps: 20, device: "cpu", provider: "onnxruntime" },
  {
    type: "progress",
    run: "gevb",
    step: 10,
    totalSteps: 20,
    epoch: 0.5,
    loss: 0.52,
    error: 0.125,
    metrics: metricsOf({}),
    stepsPerSecond: 21.34,
    secondsLeft: 123,
  },
  {
    type: "evaluated",
    run: "gevb",
    lossUnit: "nats",
    metrics: metricsOf({}),
    step: 20,
    epoch: 1,
    trainLoss: 0.4,
    trainError: 0.1,
    set: "test",
    count: 2000,
    loss: 0.3,
    error: 0.0456,
    alignment: { "pixels->v1": { angle: 45.23, signAgreement: 1 } },
  },
  {
    type: "saved",
    run: "gevb",
    step: 20,
    file: "runs/a/checkpoint.npz",
    bytes: 9000,
    optimiserBytes: 6000,
    last: true,
  },
  {
    type: "finished",
    run: "gevb",
    folder: "runs/a",
    summary: {
      label: "gevb",
      rule: "gevb",
      steps: 20,
      epochs: 1,
      testError: 0.0456,
      testLoss: 0.3,
      trainError: 0.1,
      alignment: { "pixels->v1": { angle: 45.23, signAgreement: 1 } },
      seconds: 12.34,
      stepMilliseconds: 47,
    },
  },
  { type: "reported", folder: "runs/a", report: "runs/a/report.html" },
];
