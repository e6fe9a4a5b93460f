import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { type CircuitBuilder, circuit, type PopulationHandle, parseCircuit } from "../../src/circuits/circuit.ts";
import { onOff } from "../../src/circuits/initialisers/on-off.ts";
import { dense } from "../../src/circuits/topologies/dense.ts";
import { oneToOne } from "../../src/circuits/topologies/one-to-one.ts";
import { tracePlan } from "../../src/compute/plan.ts";
import { DescriptionError, ShapeError, UsageError } from "../../src/kinds/errors.ts";
import { builtIn } from "../../src/library.ts";
import { gated } from "../../src/neurons/gains/gated.ts";

const build = (describe: (c: CircuitBuilder) => void) => () => buildNetwork(circuit("odd", describe));

describe("buildNetwork refuses", () => {
  it("a name used twice", () => {
    const twice = build((c) => {
      const input = c.input("v1", { units: 2 });
      c.project(input, c.population("v1", { units: 3 }));
    });
    expect(twice).toThrow(new DescriptionError('circuit "odd": the name "v1" is used twice'));
  });

  it("an unknown population, naming the nearest", () => {
    const unknown = build((c) => {
      c.input("input", { units: 2 });
      const report = c.population("report", { units: 3 });
      c.project({ name: "imput" }, report);
    });
    expect(unknown).toThrow(
      new DescriptionError(
        'circuit "odd", projection "imput->report": population "imput" does not exist (did you mean "input"?); there are input, report',
      ),
    );
  });

  it("an unknown readout", () => {
    const unknown = build((c) => {
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 3 }));
      c.readout({ name: "somewhere" });
    });
    expect(unknown).toThrow(
      new DescriptionError('circuit "odd", readout: population "somewhere" does not exist; there are input, report'),
    );
  });

  it("the input as readout, and projections to it", () => {
    const asReadout = build((c) => {
      const input = c.input("input", { units: 2 });
      c.project(input, c.population("report", { units: 3 }));
      c.readout(input);
    });
    expect(asReadout).toThrow(new DescriptionError('circuit "odd": the input "input" cannot be a readout'));
    const toInput = build((c) => {
      const input = c.input("input", { units: 2 });
      const report = c.population("report", { units: 3 });
      c.project(input, report);
      c.project(report, input);
    });
    expect(toInput).toThrow(
      new DescriptionError(
        'circuit "odd", projection "report->input": the input is set by the task, nothing can project to it',
      ),
    );
  });

  it("Dale's law where not both excitatory and inhibitory units are there", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (units, fraction) => {
        const described = build((c) => {
          const a = c.population("a", { units, inhibitoryFraction: fraction });
          c.project(c.input("input", { units: 2 }), a);
          c.project(a, c.population("report", { units: 2 }), { sign: "dale" });
        });
        const inhibitory = Math.round(fraction * units);
        if (inhibitory > 0 && inhibitory < units) return void described();
        const alike = inhibitory === 0 ? "excitatory" : "inhibitory";
        expect(described).toThrow(
          new DescriptionError(
            `circuit "odd", projection "a->report": sign constraint "dale": it needs excitatory and inhibitory units, and inhibitoryFraction ${fraction} makes ${inhibitory} of the ${units} units of population "a" inhibitory; give the population an inhibitoryFraction above 0 and below 1, such as 0.2, or use sign "${alike}"`,
          ),
        );
      }),
    );
  });

  it("Dale's law from an input", () => {
    const stimuli = build((c) => {
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 3 }), { sign: "dale" });
    });
    expect(stimuli).toThrow(
      new DescriptionError(
        'circuit "odd", projection "input->report": sign constraint "dale": it is of populations with excitatory and inhibitory units, and "input" is an input, which has no such units; use sign "excitatory", "inhibitory" or "mixed"',
      ),
    );
  });

  it("a projection described twice", () => {
    const twice = build((c) => {
      const input = c.input("input", { units: 2 });
      const report = c.population("report", { units: 3 });
      c.project(input, report);
      c.project(input, report, { sign: "excitatory" });
    });
    expect(twice).toThrow(
      new DescriptionError(
        'circuit "odd", projection "input->report": it is described twice; give one of the two a name of its own, such as name: "input-report-2"',
      ),
    );
  });

  it("a projection of a name that is taken", () => {
    const named = (first: string | undefined, second: string) =>
      build((c) => {
        const input = c.input("input", { units: 2 });
        const report = c.population("report", { units: 3 });
        c.project(input, report, { name: first });
        c.project(input, report, { name: second });
      });
    expect(named(undefined, "second")().projections.map(({ name }) => name)).toEqual(["input->report", "second"]);
    expect(named("same", "same")).toThrow(new DescriptionError('circuit "odd": the name "same" is used twice'));
    expect(named(undefined, "report")).toThrow(new DescriptionError('circuit "odd": the name "report" is used twice'));
    expect(named(undefined, "input->report")).toThrow(
      new DescriptionError(
        'circuit "odd": projections.1.name: got "input->report", expected a name that starts with a letter and goes on with letters, digits, - or _',
      ),
    );
  });

  it("to freeze what does not exist", () => {
    const withoutWeights = build((c) => {
      const input = c.input("input", { units: 2 });
      c.project(input, c.population("report", { units: 2 }), { topology: oneToOne(), frozen: true });
    });
    expect(withoutWeights).toThrow(
      new DescriptionError(
        'circuit "odd", projection "input->report": topology "one-to-one" has no weights, so there is nothing of it to be frozen; leave frozen out',
      ),
    );
    const withoutBiases = build((c) => {
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 2, bias: "none", frozen: true }));
    });
    expect(withoutBiases).toThrow(
      new DescriptionError(
        'circuit "odd", population "report": it is frozen, and with bias "none" there are no biases to freeze; leave frozen out, or give it a bias',
      ),
    );
  });

  it("a loop", () => {
    const loop = build((c) => {
      const input = c.input("input", { units: 2 });
      const [a, b] = [c.population("a", { units: 2 }), c.population("b", { units: 2 })];
      c.project(input, a);
      c.project(a, b);
      c.project(b, a);
    });
    expect(loop).toThrow(
      new DescriptionError(
        'circuit "odd": no feedforward drive reaches "a", "b": projections without delay form a loop; give one of them a delay of 1',
      ),
    );
    const itself = build((c) => {
      const a = c.population("a", { units: 2 });
      c.project(c.input("input", { units: 2 }), a);
      c.project(a, a);
    });
    expect(itself).toThrow(
      /no feedforward drive reaches "a": projections without delay form a loop; give one of them a delay of 1$/,
    );
  });

  it("more time steps than a plan can hold", () => {
    const endless = build((c) => {
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 3 }));
      c.steps(100_000);
    });
    expect(endless).toThrow(
      new DescriptionError(
        'circuit "odd": got 100000 time steps of 2 populations and projections, which a plan holds one by one; expected at most 15000 time steps',
      ),
    );
  });

  it("a population that nothing reaches", () => {
    const unreached = build((c) => {
      const input = c.input("input", { units: 2 });
      c.population("island", { units: 2 });
      c.project(input, c.population("report", { units: 3 }));
    });
    expect(unreached).toThrow(
      new DescriptionError('circuit "odd": nothing projects to population "island"; each needs a projection'),
    );
  });

  it("what takes time where there is none, and names that are given twice or are no readout's", () => {
    const inTime = (
      change: (c: CircuitBuilder, report: PopulationHandle) => void,
      projection: Parameters<CircuitBuilder["project"]>[2] = {},
    ) =>
      build((c) => {
        const report = c.population("report", { units: 3 });
        c.project(c.input("input", { units: 2 }), report, projection);
        change(c, report);
      });
    const refused = (built: () => unknown, text: string) => expect(built).toThrow(new DescriptionError(text));
    const projection = 'circuit "odd", projection "input->report"';
    refused(
      inTime(() => {}, { delay: 1 }),
      `${projection}: a delay of 1 needs at least 2 time steps, the circuit has 1; give it more steps`,
    );
    refused(
      inTime((c) => c.steps(2), { from: 2 }),
      `${projection}: signals arrive from time step 2 on, and the circuit has steps 0 to 1; give fewer, or more steps`,
    );
    refused(
      inTime(() => {}, { strength: 0.5 }),
      `${projection}: strength is 0.5, and only a modulatory effect has one; leave it out, or say effect "modulatory"`,
    );
    refused(
      inTime(() => {}, { effect: "modulatory" }),
      'circuit "odd": no drive reaches "report" within 1 time step; each population needs a driving projection whose source is active',
    );
    refused(
      inTime((c) => {
        c.steps(2);
        c.decision({ time: { step: 2 } });
      }),
      'circuit "odd", decision: time step 2 is past the last one, 1; give one from 0 to 1',
    );
    refused(
      inTime(
        (c) => {
          c.steps(3);
          c.decision({ time: { step: 0 } });
        },
        { delay: 1, from: 2 },
      ),
      'circuit "odd", decision: no drive reaches readout "report" before time step 2, so it has nothing to say at step 0; decide at a later one',
    );
    refused(
      inTime((c) => c.decision({ module: { readout: "reprot" } })),
      'circuit "odd", decision, module: population "reprot" does not exist (did you mean "report"?); there are report',
    );
    refused(
      inTime((c, report) => {
        c.readout(report);
        c.readout(report);
      }),
      'circuit "odd": "report" is named as a readout twice',
    );
    refused(
      inTime((c, report) => {
        const other = c.population("other", { units: 4 });
        c.project(report, other);
        c.readout(report);
        c.readout(other);
      }),
      'circuit "odd": readouts "report" and "other" report 3 and 4 classes or values; give all the same number, or let each report a target of its own (decision module "each")',
    );
  });

  it("the vector gate on scalar units", () => {
    const scalar = build((c) =>
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 4, gain: gated() })),
    );
    expect(scalar).toThrow(
      new DescriptionError(
        'circuit "odd", population "report": gain function "gated": it needs vector units, of dimension 2 or more',
      ),
    );
  });

  it("dimensions that do not match", () => {
    const mismatch = build((c) => {
      const v1 = c.population("v1", { units: 2, dimension: 3 });
      c.project(c.input("input", { units: 2 }), v1);
      c.project(v1, c.population("report", { units: 1, dimension: 4 }), { topology: dense() });
    });
    expect(mismatch).toThrow(
      new DescriptionError(
        'circuit "odd", projection "v1->report": topology "dense": units of dimension 3 cannot drive units of dimension 4; give both the same dimension',
      ),
    );
    const backToScalar = build((c) => {
      const v1 = c.population("v1", { units: 2, dimension: 3 });
      c.project(c.input("input", { units: 2 }), v1);
      c.project(v1, c.population("report", { units: 3 }));
    });
    expect(backToScalar).toThrow(/units of dimension 3 cannot drive units of dimension 1/);
  });

  it("a readout of several vector units", () => {
    const several = build((c) =>
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 2, dimension: 3 })),
    );
    expect(several).toThrow(
      new DescriptionError(
        'circuit "odd": readout "report" has 2 units of dimension 3; expected one vector unit, or scalar units, one a class or value',
      ),
    );
  });

  it("odd numbers of units for ON/OFF weights, before any are drawn", () => {
    const odd = build((c) =>
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 3 }), { initial: onOff() }),
    );
    expect(odd).toThrow(
      new DescriptionError(
        'circuit "odd", projection "input->report": initialiser "on-off": ON/OFF weights need pairs of units, the postsynaptic population has 3 (of a map: channels); use 4, or initial "he"',
      ),
    );
  });

  it("ON/OFF weights under Dale's law", () => {
    const law = build((c) => {
      const a = c.population("a", { units: 4, inhibitoryFraction: 0.5 });
      c.project(c.input("input", { units: 2 }), a);
      c.project(a, c.population("report", { units: 2 }), { sign: "dale", initial: onOff() });
    });
    expect(law).toThrow(
      new DescriptionError(
        'circuit "odd", projection "a->report": initialiser "on-off": ON/OFF weights take no sign constraint by unit; use initial "he" or "uniform" with it',
      ),
    );
  });
});

const described = (change: { gain?: string; topology?: string; initial?: string; sign?: string }) => () =>
  buildNetwork(
    parseCircuit({
      name: "odd",
      inputs: [{ name: "input", units: 2 }],
      populations: [{ name: "report", units: 3, gain: change.gain ?? "linear" }],
      projections: [
        {
          pre: "input",
          post: "report",
          topology: { kind: change.topology ?? "dense" },
          initial: { kind: change.initial ?? "he" },
          sign: change.sign ?? "mixed",
        },
      ],
      readouts: ["report"],
    }),
  );

describe("buildNetwork names what is known instead of", () => {
  it("an unknown gain function", () => {
    expect(described({ gain: "rely" })).toThrow(
      /^circuit "odd", population "report": gain function "rely" is not known \(did you mean "relu"\?\); known: .*relu/,
    );
    expect(described({ gain: "toString" })).toThrow(/gain function "toString" is not known; known: /);
    expect(described({ gain: "rely" })).toThrow(UsageError);
  });

  it("an unknown topology", () => {
    expect(described({ topology: "dens" })).toThrow(
      /^circuit "odd", projection "input->report": topology "dens" is not known \(did you mean "dense"\?\); known: .*dense/,
    );
  });

  it("an unknown initialiser", () => {
    expect(described({ initial: "onoff" })).toThrow(
      /^circuit "odd", projection "input->report": initialiser "onoff" is not known \(did you mean "on-off"\?\); known: /,
    );
  });
});

describe("buildNetwork names, of every kind that a circuit may ask for,", () => {
  const places = {
    neuron: { place: 'circuit "odd", population "report": gain function', key: "gain" },
    topology: { place: 'circuit "odd", projection "input->report": topology', key: "topology" },
    initialiser: { place: 'circuit "odd", projection "input->report": initialiser', key: "initial" },
    constraint: { place: 'circuit "odd", projection "input->report": sign constraint', key: "sign" },
  } as const;

  it.each(Object.keys(places) as (keyof typeof places)[])(
    "the place, the value, all that is allowed and the nearest (%s)",
    (family) => {
      const { place, key } = places[family];
      const known = builtIn.list(family).map(({ kind }) => kind);
      const slips = fc.tuple(fc.constantFrom(...known), fc.nat(), fc.constantFrom("x", "-", "7"));
      fc.assert(
        fc.property(slips, ([kind, at, letter]) => {
          const where = at % (kind.length + 1);
          const slip = kind.slice(0, where) + letter + kind.slice(where);
          fc.pre(!known.includes(slip));
          const nearest = `(did you mean "${kind}"?)`;
          expect(described({ [key]: slip })).toThrow(
            new UsageError(`${place} "${slip}" is not known ${nearest}; known: ${known.join(", ")}`),
          );
        }),
      );
    },
  );
});

describe("buildNetwork tells which settings a topology takes", () => {
  it("where one is not known", () => {
    const settled = build((c) =>
      c.project(c.input("input", { units: 2 }), c.population("report", { units: 3 }), {
        topology: { kind: "dense", kernel: 3 },
      }),
    );
    expect(settled).toThrow(
      new DescriptionError(
        'circuit "odd", projection "input->report": topology "dense": unknown setting "kernel"; there are none to give',
      ),
    );
  });
});

describe("propagate", () => {
  it("refuses stimuli of another size than the input's", () => {
    const network = build((c) => c.project(c.input("input", { units: 2 }), c.population("report", { units: 3 })))();
    const residents = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
    const shown = (...shapes: number[][]) =>
      tracePlan("forward", residents, (trace) => {
        const stimuli = shapes.map((shape, step) => trace.input(`stimuli@${step}`, shape));
        network.propagate(trace, { stimuli: new Map([["input", stimuli]]) });
      });
    expect(() => shown([4, 3])).toThrow(
      new ShapeError('circuit "odd": stimuli of "input" have shape [4, 3] at 1 time steps, it takes [batch, 2] at 1'),
    );
    expect(() => shown([4, 2], [4, 2])).toThrow(
      new ShapeError('circuit "odd": stimuli of "input" have shape [4, 2] at 2 time steps, it takes [batch, 2] at 1'),
    );
    expect(() => shown([4, 2])).not.toThrow();
  });
});
