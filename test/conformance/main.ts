import { runConformance } from "./run-conformance.ts";

process.exitCode = await runConformance(process.argv.slice(2), (line) => console.log(line));
