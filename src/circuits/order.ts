import { DescriptionError, didYouMean } from "../kinds/errors.ts";
import { type CircuitDescription, type PopulationDescription, projectionName } from "./description.ts";

/**
 * Populations in the order in which activity reaches them within a time step, after checking the names.
 *
 * @throws DescriptionError for a duplicate or unknown name, a population without a projection, or a loop without delay
 */
export function activityOrder(description: CircuitDescription): PopulationDescription[] {
  checkNames(description);
  const { name, inputs, populations, projections } = description;
  const owner = `circuit "${name}"`;
  const lonely = populations.find((population) => !projections.some(({ post }) => post === population.name));
  if (lonely)
    throw new DescriptionError(`${owner}: nothing projects to population "${lonely.name}"; each needs a projection`);
  const ready = new Set(inputs.map((input) => input.name));
  const order: PopulationDescription[] = [];
  let waiting = [...populations];
  while (waiting.length > 0) {
    const reached = waiting.filter((population) =>
      projections
        .filter(({ post, delay }) => post === population.name && delay === 0)
        .every(({ pre }) => ready.has(pre)),
    );
    if (reached.length === 0)
      throw new DescriptionError(
        `${owner}: no feedforward drive reaches ${waiting.map((each) => `"${each.name}"`).join(", ")}: projections without delay form a loop; give one of them a delay of 1`,
      );
    for (const population of reached) ready.add(population.name);
    order.push(...reached);
    waiting = waiting.filter((population) => !reached.includes(population));
  }
  return order;
}

function checkNames({ name: circuit, inputs, populations, projections, readouts, decision }: CircuitDescription): void {
  const owner = `circuit "${circuit}"`;
  const names = [...inputs, ...populations].map(({ name }) => name);
  const named = [...names, ...projections.flatMap(({ name }) => name ?? [])];
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) throw new DescriptionError(`${owner}: the name "${twice}" is used twice`);
  const isInput = (name: string) => inputs.some((input) => input.name === name);
  const check = (name: string, where: string, among: readonly string[] = names) => {
    if (!among.includes(name))
      throw new DescriptionError(
        `${owner}, ${where}: population "${name}" does not exist${didYouMean(name, among)}; there are ${among.join(", ")}`,
      );
  };
  for (const readout of readouts) {
    check(readout, "readout");
    if (isInput(readout)) throw new DescriptionError(`${owner}: the input "${readout}" cannot be a readout`);
  }
  const again = readouts.find((name, index) => readouts.indexOf(name) !== index);
  if (again !== undefined) throw new DescriptionError(`${owner}: "${again}" is named as a readout twice`);
  if (typeof decision.module === "object") check(decision.module.readout, "decision, module", readouts);
  const seen = new Set<string>();
  for (const projection of projections) {
    const { pre, post } = projection;
    const where = `projection "${projectionName(projection)}"`;
    check(pre, where);
    check(post, where);
    if (isInput(post))
      throw new DescriptionError(`${owner}, ${where}: the input is set by the task, nothing can project to it`);
    if (seen.has(where))
      throw new DescriptionError(
        `${owner}, ${where}: it is described twice; give one of the two a name of its own, such as name: "${pre}-${post}-2"`,
      );
    seen.add(where);
  }
}
