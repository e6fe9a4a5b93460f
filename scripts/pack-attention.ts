// Packs the parameters of a trained attention circuit, without what its optimiser remembers, into the file that comes with
// Sulcus as "shipped": npx tsx scripts/pack-attention.ts RUN, with the folder of the run
//   sulcus run attention --digits 2 --epochs 3

import { fileURLToPath } from "node:url";
import { buildNetwork } from "../src/built-in.ts";
import { builtIn } from "../src/library.ts";
import { readParameters } from "../src/runs/read-parameters.ts";
import { writeNpz } from "../src/runs/record/npz.ts";
import { readRunConfig } from "../src/runs/run-config.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("give the folder of a run, such as runs/attention/20260101-120000-1");
const network = buildNetwork((await readRunConfig(folder, builtIn)).description.circuit);
const parameters = await readParameters(folder, network);
const target = fileURLToPath(new URL("../data/attention-digits.npz", import.meta.url));
const arrays = network.parameters.map(({ name, shape }) => [name, { shape, data: parameters.get(name)! }]);
await writeNpz(target, Object.fromEntries(arrays));
console.log(`${target}: ${network.parameters.length} parameters`);
