import { expect, test } from "vitest";
import { buildNetwork } from "../../src/built-in.ts";
import { circuit } from "../../src/circuits/circuit.ts";
import { lastHiddenPopulation } from "../../src/circuits/last-hidden.ts";

/** A circuit of scalar units with projections "pre->post"; "report" is its readout. */
function wired(...projections: string[]) {
  const description = circuit("wired", (c) => {
    const input = c.input("input", { units: 3 });
    const names = [...new Set(projections.flatMap((name) => name.split("->")))].filter((name) => name !== "input");
    const populations = new Map(names.map((name) => [name, c.population(name, { units: 2 })]));
    const find = (name: string) => (name === "input" ? input : populations.get(name)!);
    for (const name of projections) {
      const [pre, post] = name.split("->") as [string, string];
      c.project(find(pre), populations.get(post)!);
    }
    c.readout(populations.get("report")!);
  });
  return lastHiddenPopulation(buildNetwork(description))?.name;
}

test("the last hidden population is the last one that projects to the readout", () => {
  expect(wired("input->v1", "v1->v2", "v2->report")).toBe("v2");
  // A side branch that never reaches the readout is not what it decides from.
  expect(wired("input->v1", "v1->report", "v1->side")).toBe("v1");
  // Of several the one behind the most stages, in whatever order they were described.
  expect(wired("v2->report", "v1->report", "v1->v2", "input->v1")).toBe("v2");
  expect(wired("input->report")).toBeUndefined();
});
