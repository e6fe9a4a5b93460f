import { tracePlan } from "../../src/compute/plan.ts";
import type { Trace } from "../../src/compute/trace.ts";
import { deltaOf, type PostsynapticError } from "../../src/neurons/postsynaptic-error.ts";
import type { ProjectionCase } from "../arbitraries/projection-cases.ts";
import { interpreter } from "../oracles/circuit-interpreter.ts";

/** What a projection makes of rates, weights and an error. */
export interface Sent {
  /** [batch, dimension, post units] */
  readonly drive: Float32Array;
  /** The error at the drive, of each unit, in the drive's shape. */
  readonly delta: Float32Array;
  /** [batch, dimension, pre units] */
  readonly transport: Float32Array;
  /** In the weights' shape; absent without weights. */
  readonly update?: Float32Array;
}

/** Runs the three operations of a projection once. */
export async function sendThrough({ layout, wired, batch, rates, weight, mask, error }: ProjectionCase): Promise<Sent> {
  const { pre, post } = layout;
  const feeds = { rates, ...(weight ? { weight } : {}), ...(mask ? { mask } : {}), ...error };
  const plan = tracePlan("send", {}, (trace) => {
    const given = trace.input("rates", [batch, pre.dimension, pre.units]);
    const through = weight && trace.input("weight", wired.weights!.shape);
    const connected = mask && trace.input("mask", wired.mask!.shape);
    const arriving = errorOf(trace, error, [batch, post.dimension, post.units]);
    trace.output("drive", wired.drive(given, through));
    trace.output("delta", deltaOf(arriving));
    trace.output("transport", deltaOf(wired.transport(arriving, through, given)));
    if (wired.update) trace.output("update", wired.update(given, arriving, connected));
  });
  const session = await interpreter.load({ residents: {}, plans: { send: plan } });
  const [results] = await session.run("send", [feeds]);
  return results as unknown as Sent;
}

function errorOf(trace: Trace, { delta, scale }: ProjectionCase["error"], shape: number[]): PostsynapticError {
  const [batch, dimension, units] = shape as [number, number, number];
  if (delta) return { kind: "own", delta: trace.input("delta", shape) };
  const vector = trace.input("vector", [batch, dimension]);
  return { kind: "shared", vector, units, ...(scale ? { scale: trace.input("scale", [batch, units]) } : {}) };
}
