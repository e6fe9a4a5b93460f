import { arch, availableParallelism, cpus, platform } from "node:os";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { openDevice } from "../src/built-in.ts";
import { writeWhole } from "../src/runs/record/atomic-file.ts";
import { type Comparison, compare } from "./compare.ts";
import { measureLimits } from "./limits.ts";
import { openPeers } from "./peers.ts";
import { writeScaling } from "./scaling/write-scaling.ts";
import { markdownOf, rowsOf } from "./table.ts";
import { workloads } from "./workloads/all.ts";

/**
 * Times what we do against the same in PyTorch, in turn in one run, and against what the machine can do. A benchmark, not
 * a test: nothing fails on time.
 */
const atLeastOne = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number of at least 1");
  return value;
};

const options = new Command("bench")
  .description("time our work against PyTorch and against the machine's limits, in turn in one run")
  .addOption(new Option("--only <names...>", "workloads; default: all").choices(workloads.map(({ name }) => name)))
  .option("--turns <n>", "turns of each", atLeastOne, 7)
  .option("--peers <folder>", "folder with the peers' scripts", path.join("..", "shared", "peers"))
  .option("--provider <name>", "contraction provider", "auto")
  .option("--quick", "one step of everything, without peers: only whether it runs")
  .option("--json <file>", "write everything that was measured")
  .option("--markdown", "print the table as Markdown")
  .option("--scaling <folder>", "instead, time steps at growing sizes and draw figures into the folder")
  .parse()
  .opts<{
    only?: string[];
    turns: number;
    peers: string;
    provider: string;
    quick?: boolean;
    json?: string;
    markdown?: boolean;
    scaling?: string;
  }>();

const quick = options.quick ?? false;
const { provider } = await openDevice({ device: "cpu", provider: options.provider });
const settings = { provider, quick, turns: quick ? 1 : options.turns };
const peers = quick || options.scaling ? { detail: "no peers" } : await openPeers(options.peers);
const limits = await measureLimits(provider);
const machine = {
  date: new Date().toISOString(),
  processor: `${availableParallelism()} x ${cpus()[0]?.model ?? "unknown"}`,
  system: `${platform()} ${arch()}, Node ${process.version}`,
  provider,
  peers: peers.detail,
};
console.log(Object.values(machine).join("; "));
console.log(
  `limits: ${limits.gigaflops.toFixed(0)} GFLOP/s in products of ${provider}, ${limits.gigabytes.toFixed(0)} GB/s read and written in copies on all cores`,
);

/** Times the chosen workloads and prints the table. */
async function compareWorkloads() {
  const comparisons: Comparison[] = [];
  for (const workload of workloads.filter(({ name }) => options.only?.includes(name) ?? true)) {
    const { name, summary, steps } = workload;
    console.log(`${name}: ${summary}; turns of ${quick ? 1 : steps}: ${settings.turns}`);
    comparisons.push(await compare(workload, peers, limits, settings));
  }

  const rows = rowsOf(comparisons);
  if (options.markdown) console.log(markdownOf(rows));
  else console.table(Object.fromEntries(rows.map(({ workload, ...row }) => [workload, row])));
  console.log(
    "ours: median over turns; a peer: its median and, in brackets, over ours; limit: what operations and bytes of the plans take at the limits, and its share of ours; memory: growth to the peak, ours : first peer",
  );
  return comparisons;
}

const measured = options.scaling
  ? { scaling: await writeScaling(options.scaling, limits, settings) }
  : { workloads: await compareWorkloads() };
if (options.json) {
  await writeWhole(options.json, `${JSON.stringify({ machine, settings, limits, ...measured }, null, 2)}\n`);
  console.log(`written: ${options.json}`);
}
process.exit(0);
