import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Command, Option } from "commander";
import { buildNetwork, stimuliName } from "../src/circuits/network.ts";
import { openDevice } from "../src/compute/devices.ts";
import { costOf } from "../src/compute/plan.ts";
import { randomStream } from "../src/compute/random.ts";
import { type Architecture, choicesOf, gevbArchitectures, paperHidden } from "../src/experiments/gevb-choices.ts";
import { gevbCircuit } from "../src/experiments/gevb-circuit.ts";
import { learningProgram } from "../src/plasticity/learning-program.ts";
import { buildOptimiser } from "../src/plasticity/optimisers/registry.ts";
import { buildRule } from "../src/plasticity/rules/registry.ts";

/**
 * Times our GEVB training steps (the paper's vector networks for MNIST, batch 128, Adam) against the same steps in
 * PyTorch, in turn in one run, and prints medians and ratios. A benchmark, not a test: nothing fails on time.
 */
const batch = 128;
const image = { height: 28, width: 28, channels: 1 };
const architectures = choicesOf(gevbArchitectures);

const options = new Command("bench")
  .description("time training steps against PyTorch, in turn")
  .addOption(new Option("--arch <name>", "architecture; default: all of them").choices(architectures))
  .option("--peers <dir>", "folder with gevb_torch.py", path.join("..", "shared", "peers"))
  .option("--rounds <n>", "turns of each", Number, 5)
  .option("--steps <n>", "steps a turn", Number, 9)
  .option("--provider <name>", "contraction provider", "auto")
  .option("--json", "print one JSON object")
  .parse()
  .opts<{
    arch?: Architecture;
    peers: string;
    rounds: number;
    steps: number;
    provider: string;
    json?: boolean;
  }>();

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const say = (line: string) => {
  if (!options.json) console.log(line);
};

async function ourStep(arch: Architecture) {
  const hidden = paperHidden("mnist", arch, "vector");
  const network = buildNetwork(gevbCircuit({ image, arch, units: "vector", hidden, classes: 10, sign: "excitatory" }));
  const optimiser = buildOptimiser({ kind: "adam", rate: 3e-4 });
  const program = learningProgram({ network, rule: buildRule({ kind: "gevb" }), optimiser, batch });
  const executor = await openDevice({ device: "cpu", provider: options.provider });
  const session = await executor.load({ residents: program.residents, plans: { train: program.plans.train! } });
  for (const [name, values] of network.initialise(1)) await session.write(name, values);
  const random = randomStream(1, "bench/stimuli");
  const [input] = network.inputs;
  const stimuli = { [stimuliName(input!.name)]: Float32Array.from({ length: batch * 784 }, () => random.uniform()) };
  const labels = Float32Array.from({ length: batch }, () => random.integer(0, 9));
  const weights = new Float32Array(batch).fill(1 / batch);
  let step = 0;
  const run = async (count: number) => {
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      step++;
      const started = performance.now();
      await session.run("train", [{ ...stimuli, labels, weights, schedule: optimiser.schedule(step) }]);
      times.push(performance.now() - started);
    }
    return times;
  };
  await run(3);
  const { name } = network.description;
  return {
    name,
    run,
    cost: costOf(program.plans.train!),
    bytes: session.bytes,
    provider: executor.provider,
    dispose: () => session.dispose(),
  };
}

/** A Python that has PyTorch, with its version. */
async function findTorch(): Promise<{ python: string; version: string } | undefined> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    try {
      const { stdout } = await promisify(execFile)(python, ["-c", "import torch; print(torch.__version__)"]);
      return { python, version: stdout.trim() };
    } catch {
      // not this one
    }
  }
  return undefined;
}

async function peerStep(python: string, arch: Architecture, firstLayer: string): Promise<number> {
  const script = path.join(options.peers, "gevb_torch.py");
  const words = [script, "--arch", arch, "--first-layer", firstLayer, "--steps", String(options.steps)];
  const { stdout } = await promisify(execFile)(python, words);
  return (JSON.parse(stdout) as { medianMsPerStep: number }).medianMsPerStep;
}

const torch = await findTorch();
const hasPeer = existsSync(path.join(options.peers, "gevb_torch.py"));
if (!torch)
  say("peer: no python3 with torch was found (Debian: python3-torch, libopenblas0-pthread); only ours is timed");
else if (!hasPeer) say(`peer: ${path.join(options.peers, "gevb_torch.py")} does not exist; only ours is timed`);
else say(`peer: PyTorch ${torch.version}, two threads`);

/** First layers of the peer: K-fold ordinary, or zero-padded K-fold input. Only dense steps are quick enough for both. */
const peersOf = (arch: Architecture) => (arch === "dense" ? (["tuned", "published"] as const) : (["tuned"] as const));

async function compare(arch: Architecture) {
  const ours = await ourStep(arch);
  const { flops, bytes } = ours.cost;
  say(
    `${ours.name}: provider ${ours.provider}, ${(flops / 1e9).toFixed(2)} GFLOP and ${(bytes / 1e6).toFixed(0)} MB a step, kernel by kernel`,
  );
  const times = { ours: [] as number[], tuned: [] as number[], published: [] as number[] };
  for (let round = 0; round < options.rounds; round++) {
    times.ours.push(...(await ours.run(options.steps)));
    if (torch && hasPeer)
      for (const firstLayer of peersOf(arch)) times[firstLayer].push(await peerStep(torch.python, arch, firstLayer));
  }
  await ours.dispose();
  const peer = (name: "tuned" | "published") =>
    times[name].length > 0
      ? { [`${name}Ms`]: median(times[name]), [`${name}Ratio`]: median(times[name]) / median(times.ours) }
      : {};
  return {
    workload: `${ours.name}, batch ${batch}, adam`,
    provider: ours.provider,
    oursMs: median(times.ours),
    ...peer("tuned"),
    ...peer("published"),
    gflops: flops / 1e9,
    bytes: ours.bytes,
  };
}

const results = [];
for (const arch of options.arch ? [options.arch] : architectures) results.push(await compare(arch));
if (options.json) console.log(JSON.stringify(results));
else
  console.table(
    results.map(({ workload, provider: _provider, gflops: _gflops, bytes, ...times }) => ({
      workload,
      ...Object.fromEntries(Object.entries(times).map(([name, value]) => [name, Number(value.toFixed(2))])),
      "MiB held": Math.round((bytes.residents + bytes.values) / 2 ** 20),
    })),
  );
process.exit(0);
