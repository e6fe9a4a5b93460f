import * as z from "zod";
import { digitReports } from "../../src/tasks/digits/digit-reports.ts";
import { CaseTensor, expectCaseShape } from "./tensor.ts";

const size = z.int().min(1);
const reports = Object.keys(digitReports) as [keyof typeof digitReports, ...(keyof typeof digitReports)[]];
/** Weights of all modules as matrices [post, pre] of blocks, one for each pair of modules. */
const matrixNames = ["input", "recurrent", "intermodule"] as const;
const matrices = { input: CaseTensor, recurrent: CaseTensor, intermodule: CaseTensor };
/** Units of all modules, one module after the other; readouts of each module. */
const parameters = {
  ...matrices,
  bias: CaseTensor,
  /** Of each module, [classes, units] and [classes]. */
  readout: z.array(CaseTensor),
  readoutBias: z.array(CaseTensor),
};

/** Reference case of recurrent modules with connections between them, each with an input and a readout. */
export const ModularNetworkCase = z
  .strictObject({
    kind: z.literal("modular-network"),
    name: z.string(),
    modules: z.int().min(2),
    /** Units, inputs and classes of each module. */
    units: size,
    inputs: size,
    classes: z.int().min(2),
    steps: z.int().min(2),
    activation: z.enum(["tanh", "relu"]),
    masks: z.strictObject(matrices),
    weights: z.strictObject(parameters),
    /** Stimuli of every time step, [steps, batch, modules inputs]. */
    input: CaseTensor,
    /** Digits of each sample, one for each module. */
    digits: z.array(z.array(z.int().min(0))).min(1),
    task: z.enum(reports),
    decision: z.strictObject({ time: z.literal("last"), module: z.literal("max") }),
    expect: z.strictObject({
      /** [steps, batch, modules units] */
      states: CaseTensor,
      /** At the last time step, [modules, batch, classes]. */
      moduleOutputs: CaseTensor,
      /** Module of the larger maximum, [batch]. */
      decidingModule: z.array(z.int().min(0)),
      /** [batch, classes] */
      output: CaseTensor,
      target: z.array(z.int().min(0)),
      /** Mean cross-entropy, nats. */
      loss: z.number(),
      /** Of the loss; 0 where there is no connection. */
      gradients: z.strictObject(parameters),
      /** Newman's Q of the graph of units. */
      modularityQ: z.number(),
      /** Share of the possible connections between modules that exist. */
      activeFraction: z.number(),
    }),
  })
  .superRefine((reference, context) => {
    const { modules, units, inputs, classes, steps, masks, weights, input, digits, task, expect } = reference;
    const [all, batch] = [modules * units, digits.length];
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message, input: undefined });
    const columns = { input: modules * inputs, recurrent: all, intermodule: all };
    for (const [path, given] of [
      [["masks"], masks],
      [["weights"], weights],
      [["expect", "gradients"], expect.gradients],
    ] as const)
      for (const name of matrixNames) expectCaseShape(context, [...path, name], given[name], [all, columns[name]]);
    for (const [path, given] of [
      [["weights"], weights],
      [["expect", "gradients"], expect.gradients],
    ] as const) {
      expectCaseShape(context, [...path, "bias"], given.bias, [all]);
      for (const [name, expected] of Object.entries({ readout: [classes, units], readoutBias: [classes] })) {
        const tensors = given[name as "readout" | "readoutBias"];
        if (tensors.length !== modules) issue([...path, name], `has ${tensors.length} entries for ${modules} modules`);
        for (const [module, tensor] of tensors.entries())
          expectCaseShape(context, [...path, name, module], tensor, expected);
      }
    }
    expectCaseShape(context, ["input"], input, [steps, batch, modules * inputs]);
    expectCaseShape(context, ["expect", "states"], expect.states, [steps, batch, all]);
    expectCaseShape(context, ["expect", "moduleOutputs"], expect.moduleOutputs, [modules, batch, classes]);
    expectCaseShape(context, ["expect", "output"], expect.output, [batch, classes]);
    for (const [sample, shown] of digits.entries())
      if (shown.length !== modules)
        issue(["digits", sample], `has ${shown.length} entries, expected ${modules}, one for each module`);
      else if (digitReports[task].answer(shown).some((answer) => answer >= classes))
        issue(["digits", sample], `has a target of ${classes} or more`);
    if (digitReports[task].targets(modules) > 1) issue(["task"], `is "${task}", expected one of a single target`);
    if (context.issues.length > 0) return;
    for (const name of matrixNames) {
      const width = columns[name];
      const between = name === "intermodule";
      const misplaced = masks[name].data.findIndex((value, at) => {
        const module = Math.floor(Math.floor(at / width) / units);
        const within = module === Math.floor(((at % width) * modules) / width);
        return between && !within ? value !== 0 && value !== 1 : value !== Number(within && !between);
      });
      if (misplaced >= 0)
        issue(
          ["masks", name],
          `has ${masks[name].data[misplaced]} in row ${Math.floor(misplaced / width) + 1}, column ${(misplaced % width) + 1}, expected ${between ? "0 within modules, 0 or 1 between them" : "1 within modules, 0 between them"}`,
        );
    }
  });
export type ModularNetworkCase = z.infer<typeof ModularNetworkCase>;
