import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { openBackend } from "../src/cli/open-backend.ts";
import { main } from "../src/cli/program.ts";
import * as api from "../src/index.ts";
import { nodeLibrary } from "../src/node-library.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const pages = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...(await readdir(path.join(root, "docs"))).filter((page) => page.endsWith(".md")).map((page) => `docs/${page}`),
];

async function blocksOf(page: string): Promise<string[]> {
  const text = await readFile(path.join(root, page), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
}

const blocks = (
  await Promise.all(pages.map(async (page) => (await blocksOf(page)).map((code) => ({ page, code }))))
).flat();

test("the pages have code to run", () => expect(blocks.length).toBeGreaterThan(2));

/** What a block printed, and what it failed of. */
interface Outcome {
  readonly printed: string;
  readonly error?: string;
}

/** Runs files one after the other, each in a folder of its own. */
const runAll = `
  const outcomes = [];
  for (const { file, folder } of JSON.parse(process.argv[1])) {
    let printed = "";
    process.stdout.write = (text) => { printed += text; return true; };
    process.chdir(folder);
    const error = await import(file).then(() => undefined, ({ stack }) => stack);
    outcomes.push({ printed, error });
  }
  delete process.stdout.write;
  console.log(JSON.stringify(outcomes));
`;

describe("code of the pages", () => {
  let outcomes: readonly Outcome[];
  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "sulcus-docs-"));
    // Beside the build, so that the package finds itself by its name.
    const beside = await mkdtemp(path.join(root, "dist", ".docs-"));
    try {
      const files = blocks.map((_, index) => ({
        file: path.join(beside, `${index}.mjs`),
        folder: path.join(folder, `${index}`),
      }));
      for (const [index, { code }] of blocks.entries()) {
        await writeFile(files[index]!.file, code);
        await mkdir(files[index]!.folder);
      }
      // All in one process, which loads the package once.
      const words = ["--input-type=module", "--eval", runAll, JSON.stringify(files)];
      outcomes = JSON.parse((await promisify(execFile)(process.execPath, words)).stdout);
    } finally {
      for (const made of [folder, beside]) await rm(made, { recursive: true, force: true });
    }
  }, 120_000);

  test.each(blocks.map(({ page }, index) => ({ page, index })))("runs: block $index, of $page", ({ index }) => {
    const { printed, error } = outcomes[index]!;
    expect(error).toBeUndefined();
    expect(printed).not.toBe("");
  });
});

/** Commands that a page shows: lines of its blocks without a language, and inline code. */
function commandsIn(text: string): string[] {
  const shown = [...text.matchAll(/```\n([\s\S]*?)```/g)].flatMap(([, lines]) => lines!.split("\n"));
  const inline = [...text.replace(/```[\s\S]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...shown, ...inline].filter((line) => /^(sulcus|npm|npx|node|bash) /.test(line));
}

/** Helps of every command that takes an experiment. */
async function helps(): Promise<string> {
  const commands = [
    ["run"],
    ["sweep"],
    ...nodeLibrary.list("experiment").map(({ kind }) => ["run", kind]),
    ["record"],
    ["report"],
  ];
  const keep = new PassThrough({ encoding: "utf8" });
  const streams = { stdout: keep, stderr: keep, isTTY: false };
  for (const command of commands) expect(await main([...command, "--help"], streams, openBackend)).toBe(0);
  return String(keep.read()).replace(/^ +/gm, "");
}

test("every command that pages and helps show means the same in bash and in zsh, brackets and all", async () => {
  const pagesAndHelps = [
    ...(await Promise.all(
      pages.map(async (page) => ({ page, commands: commandsIn(await readFile(path.join(root, page), "utf8")) })),
    )),
    { page: "--help", commands: (await helps()).split("\n").filter((line) => line.startsWith("sulcus ")) },
  ];
  const commands = pagesAndHelps.flatMap(({ commands }) => commands);
  expect(commands.length).toBeGreaterThan(50);
  expect(commands.filter((command) => command.includes("=["))).not.toEqual([]);
  const risky = pagesAndHelps.flatMap(({ page, commands }) =>
    commands
      .filter((command) => /[[\]*?#]/.test(command.replace(/"[^"]*"/g, "")))
      .map((command) => `${page}: ${command}`),
  );
  expect(risky).toEqual([]);
});

test("links inside the pages lead somewhere", async () => {
  for (const page of pages) {
    const text = await readFile(path.join(root, page), "utf8");
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const file = path.join(root, path.dirname(page), target!);
      expect(existsSync(file), `${page} links to ${target}`).toBe(true);
    }
  }
});

test("the public API is what is listed here", () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "DataError",
      "DescriptionError",
      "DeviceError",
      "InterruptedError",
      "ShapeError",
      "StorageError",
      "SulcusError",
      "UsageError",
      "adam",
      "adamw",
      "addDrive",
      "alternatingRelu",
      "angleDegrees",
      "arrays",
      "attendedObject",
      "attentionCircuit",
      "averagePool",
      "bp",
      "broadcastVector",
      "buildNetwork",
      "buildObjective",
      "buildOptimiser",
      "buildRule",
      "builtIn",
      "byPathway",
      "cifar10",
      "circuit",
      "clamp",
      "classification",
      "classificationOverTime",
      "classificationScores",
      "cocoScenes",
      "componentMean",
      "components",
      "conditionsOf",
      "convolutional",
      "costOf",
      "dale",
      "defineConstraint",
      "defineDevice",
      "defineElementwise",
      "defineInitialiser",
      "defineKernel",
      "defineMeasure",
      "defineNeuron",
      "defineObjective",
      "defineOptimiser",
      "definePlugin",
      "defineRule",
      "defineTask",
      "defineTopology",
      "deltaOf",
      "dense",
      "described",
      "dfa",
      "digitAttention",
      "digitScenes",
      "digits",
      "direct",
      "doubleDigits",
      "drawEach",
      "elementwiseGain",
      "embed",
      "excitatory",
      "expression",
      "fa",
      "figure",
      "figures",
      "freeze",
      "gated",
      "generated",
      "generatedScenes",
      "gevb",
      "gevbCircuit",
      "given",
      "gradient",
      "he",
      "heedingSteps",
      "inhibitory",
      "isPlastic",
      "isWeighted",
      "judgeQuestions",
      "kernels",
      "layered",
      "leakyRelu",
      "learningProgram",
      "lesion",
      "linear",
      "linearCKA",
      "loadTask",
      "local",
      "localUpdates",
      "manipulate",
      "masked",
      "maxPool",
      "mean",
      "meanCorrelation",
      "metricIn",
      "metricsOf",
      "mixed",
      "modularCircuit",
      "modularity",
      "modularityOfModules",
      "modulation",
      "momentum",
      "neighbourPurity",
      "nodePerturbation",
      "normal",
      "observe",
      "onOff",
      "oneToOne",
      "openDevice",
      "pairCorrelations",
      "pairedTTest",
      "pairwiseDistances",
      "parametersOfWeights",
      "parseCircuit",
      "participationRatio",
      "penalised",
      "randomStream",
      "readGivenFiles",
      "recordedSteps",
      "recordingStream",
      "relu",
      "reshape",
      "resolveCircuit",
      "scaleOf",
      "sceneAttention",
      "sequentialBatches",
      "several",
      "sgd",
      "sigmoid",
      "silent",
      "silhouette",
      "softplus",
      "sparse",
      "specialization",
      "spectralRadius",
      "spectrum",
      "squaredError",
      "stageNames",
      "standardDeviation",
      "startValues",
      "stateCorrelations",
      "sumOfErrors",
      "surveyDevices",
      "symbols",
      "tanh",
      "targetInputs",
      "threeFactor",
      "tracePlan",
      "transientGrowth",
      "transposedConvolutional",
      "trialCounts",
      "tuningChanges",
      "uniform",
      "uniformWiring",
      "unitLoss",
      "updatesFromDrives",
      "upsample",
      "valueSettings",
      "weightsOfParameters",
      "welchTTest",
      "z",
    ]
  `);
});
