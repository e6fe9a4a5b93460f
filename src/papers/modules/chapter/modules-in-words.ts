import { number, whole } from "../../../report/numbers.ts";
import { densityInWords } from "./density-in-words.ts";
import { type DensityPoint, densityPoints, haveDensities, type ModulesRun } from "./density-points.ts";

/** The circuits of modules and what is told of them, in words. */
export function modulesInWords(runs: readonly ModulesRun[]): string {
  const points = densityPoints(runs);
  return [
    `${circuitsOf(runs)}, ${connectionsOf(points)}.`,
    "Newman's modularity Q describes the structure. The specialization of each module describes the function:",
    "(x_own \u2212 x_other) / (x_own + x_other), where x says how well the module serves a digit by some metric. It is 1 where the",
    "module serves its own digit alone, and 0 where it serves all digits alike.",
    haveDensities(points)
      ? "Where curves are high only at the left, modules keep to their digits only while they are hardly connected."
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** "The circuit has 2 modules of 100 units", "Circuits have 2 or 4 modules of 10 to 100 units". */
function circuitsOf(runs: readonly ModulesRun[]): string {
  const records = runs.map(({ record }) => record);
  // Inside a module all or some connections exist; their number over the share of the possible ones is the units squared.
  const units = records.flatMap(({ structure: { connections, density } }) =>
    connections.flatMap((row, module) => {
      const share = density[module]?.[module] ?? 0;
      return share > 0 ? [Math.round(Math.sqrt((row[module] as number) / share))] : [];
    }),
  );
  const modules = records.map((record) => record.modules.length);
  const among = (values: readonly number[]) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return least === most ? whole(least) : `${whole(least)} to ${whole(most)}`;
  };
  const subject = runs.length === 1 ? "The circuit has" : "Circuits have";
  return `${subject} ${among(modules)} modules${units.length > 0 ? ` of ${among(units)} units` : ""}`;
}

/** "with 10 connections (density 0.001) from each module to each other", "from 1 connection (density 0.0001) to ...". */
function connectionsOf(points: readonly DensityPoint[]): string {
  const sorted = [...points].sort((a, b) => a.density - b.density);
  const words = ({ connections, density }: DensityPoint) => {
    const count = Number.isInteger(connections) ? whole(connections) : number(connections);
    return `${count} ${connections === 1 ? "connection" : "connections"} (${densityInWords(density, number(density))})`;
  };
  const [first, last] = [words(sorted[0]!), words(sorted.at(-1)!)];
  return `${first === last ? "with" : `from ${first} to`} ${last} from each module to each other`;
}
