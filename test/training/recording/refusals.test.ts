import { describe, expect, it } from "vitest";
import { buildNetwork, observe, recordingStream } from "../../../src/built-in.ts";
import { circuit } from "../../../src/circuits/circuit.ts";
import { averagePool } from "../../../src/circuits/topologies/pooling.ts";
import { DataError, DescriptionError, UsageError } from "../../../src/kinds/errors.ts";
import { namingClasses } from "../../../src/plasticity/objectives/classification.ts";
import type { RecordingOptions, ShownTrials } from "../../../src/training/recording/recording-stream.ts";
import { interpreter } from "../../oracles/circuit-interpreter.ts";

const network = buildNetwork(
  circuit("small", (c) => {
    c.steps(3);
    const image = c.input("image", { map: { height: 2, width: 2, channels: 1 } });
    const moving = c.input("moving", { units: 2, timing: "varying" });
    const pooled = c.population("pooled", { map: { height: 1, width: 1, channels: 1 }, bias: "none" });
    const v1 = c.population("v1", { units: 4 });
    const report = c.population("report", { units: 2 });
    c.project(image, pooled, { topology: averagePool({ size: 2 }) });
    c.project(pooled, v1);
    c.project(moving, v1);
    c.project(v1, report);
  }),
);
const image = [1, 2, 3, 4, 5, 6, 7, 8];
const moving = [1, 2, 3].map((step) => [step, 0, 0, step]);
const stimuli = { image, moving };
const probes = [{ of: "v1" }];

const stream = (options: Partial<RecordingOptions & ShownTrials>) => () =>
  recordingStream(network, { stimuli, probes, ...options } as RecordingOptions & ShownTrials);

describe("a probe that does not fit is refused before anything is shown", () => {
  const names = "there are pooled, v1, report, image, moving, image->pooled, pooled->v1, moving->v1, v1->report";
  it.each([
    [{ of: "v2" }, `rates of "v2": there is nothing of that name (did you mean "v1"?); ${names}`],
    [
      { of: "v1->reprt", what: "weights" },
      `weights of "v1->reprt": there is nothing of that name (did you mean "v1->report"?); ${names}`,
    ],
    [{ of: "image", what: "drive" }, 'drive of "image": it is an input, of which rates alone can be recorded'],
    [{ of: "v1->report" }, 'rates of "v1->report": it is a projection, of which weights alone can be recorded'],
    [{ of: "image->pooled", what: "weights" }, 'weights of "image->pooled": its topology has no weights'],
    [
      { of: "v1", what: "weights" },
      'weights of "v1": it is no projection; those from and to it are pooled->v1, moving->v1, v1->report',
    ],
    [{ of: "pooled", what: "biases" }, 'biases of "pooled": it has no biases'],
    [{ of: "v1", units: [0, 4] }, 'rates of "v1": units: got 4, expected units from 0 to 3'],
    [
      { of: "v1", steps: [0, 3] },
      'rates of "v1": steps: got 3, expected time steps from 0 to 2, which are all that the circuit has',
    ],
    [
      { of: "v1", what: "biases", steps: "last" },
      'biases of "v1": it is the same at all time steps; leave steps and every out',
    ],
    [
      { of: "v1->report", what: "weights", units: [0] },
      'weights of "v1->report": units are chosen of rates, drive and error; leave them out',
    ],
  ])("%j", (probe, complaint) => {
    expect(stream({ probes: [probe as { of: string }] })).toThrow(
      new DescriptionError(`circuit "small", ${complaint}`),
    );
  });

  it("as it is described", () => {
    expect(stream({ probes: [{ of: "v1" }, { of: "v1", what: "rate" } as never] })).toThrow(
      new DescriptionError(
        'probe 2: what: got "rate", expected one of rates, drive, error, weights, biases (did you mean "rates"?)',
      ),
    );
    expect(stream({ probes: [] })).toThrow('circuit "small": there is nothing to record; give at least one probe');
    expect(stream({ probes: [{ of: "v1" }, { of: "v1", steps: "last" }] })).toThrow(
      'circuit "small", rates of "v1": two probes ask for it; give one with the time steps and units of both',
    );
  });
});

describe("trials that there are not are refused", () => {
  it.each([
    [{ trials: 0 }, "trials to record: got 0, expected a whole number of at least 1, or a list"],
    [{ trials: [0, 2] }, "trials to record: got 2, expected places from 0 to 1 among given stimuli"],
    [{ presentations: 0 }, "recording, presentations: got 0, expected a whole number of at least 1"],
    [{ batch: 1.5 }, "recording, batch: got 1.5, expected a whole number of at least 1"],
    [{ trials: [] }, "trials to record: got an empty list, expected at least one"],
  ])("%j", (options, complaint) => {
    expect(stream(options)).toThrow(new UsageError(complaint));
  });

  it.each([
    [{ stimuli: { image } }, 'got no stimuli of input "moving"; give an array for each input'],
    [
      { stimuli: { ...stimuli, imag: image } },
      'got stimuli of "imag", which is no input (did you mean "image"?); there are image, moving',
    ],
    [
      { stimuli: { image, moving: moving.slice(1) } },
      'got stimuli of input "moving" for 2 time steps, expected 3, an array each',
    ],
    [
      { stimuli: { image: [1, 2, 3], moving } },
      'got 3 values of input "image", expected as many times 4, its units, as there are trials',
    ],
    [
      { stimuli: { image: image.slice(4), moving } },
      'got 4 values of input "moving", expected as many times 2, its units, as there are trials',
    ],
    [
      {
        stimuli,
        labels: [
          [0, 1],
          [1, 0],
        ],
      },
      "got labels of 2 targets, and its decision reports 1; give as many at most",
    ],
    [{ stimuli, values: [1, 2, 3] }, "got 3 values of target 1 for 2 trials; give 2 for each"],
    [{ stimuli, labels: [0] }, "got 1 labels of target 1 for 2 trials; give one for each"],
  ])("%#", (options, complaint) => {
    expect(stream(options)).toThrow(new DataError(`circuit "small": ${complaint}`));
  });

  it("with numbers that are not finite", () => {
    expect(stream({ stimuli: { image: image.with(2, Number.NaN), moving } })).toThrow(
      'Stimuli of input "image": value 2 is NaN, expected finite numbers',
    );
  });
});

describe("errors", () => {
  const ofErrors = { probes: [{ of: "v1", what: "error" as const }] };

  it("need an objective, and labels", async () => {
    expect(stream(ofErrors)).toThrow(
      new UsageError('circuit "small": errors are of a loss; give the objective whose loss it is'),
    );
    await expect(
      observe(network, { stimuli, ...ofErrors, objective: namingClasses, device: interpreter }),
    ).rejects.toThrow(
      'circuit "small": errors are of a loss, and objective "classification" asks for labels of target 1, which the trials do not have; give some',
    );
  });
});
