import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RandomStream, randomStream } from "../../src/compute/random.ts";
import { writeOwnCircuit } from "./own-circuit.ts";

// Runs, collections and sweeps of the built command are killed at random moments, from their start to their report, and go
// on, until one of them comes to its end. SULCUS_KILLS says how often (default 16); SULCUS_KILL_LOG names a file that takes
// a line for each.

const kills = Number(process.env.SULCUS_KILLS ?? 16);
const seed = fc.readConfigureGlobal().seed ?? Date.now();
const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How a process is asked to end, with the code that it then ends with. */
const ends = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130, SIGUSR1: 138, SIGUSR2: 140, SIGKILL: "SIGKILL" } as const;
type End = keyof typeof ends;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sulcus-kills-"));
  await writeDigits(join(folder, "digits"));
  await writeOwnCircuit(join(folder, "own"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Small images in MNIST's format, each class a bright line of its own. */
async function writeDigits(to: string): Promise<void> {
  await mkdir(to);
  const random = randomStream(1, "small digits");
  const idx = (sizes: readonly number[], bytes: Uint8Array) => {
    const header = Buffer.alloc(4 + 4 * sizes.length);
    header.set([0, 0, 8, sizes.length]);
    sizes.forEach((size, index) => {
      header.writeUInt32BE(size, 4 + 4 * index);
    });
    return Buffer.concat([header, bytes]);
  };
  for (const [name, count] of [
    ["train", 200],
    ["t10k", 60],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
    const pixels = Uint8Array.from({ length: 100 * count }, (_, at) =>
      Math.floor(at / 10) % 10 === labels[Math.floor(at / 100)] ? random.integer(150, 255) : random.integer(0, 60),
    );
    await writeFile(join(to, `${name}-images-idx3-ubyte`), idx([count, 10, 10], pixels));
    await writeFile(join(to, `${name}-labels-idx1-ubyte`), idx([count], labels));
  }
}

/** The command, told what to do. */
function begin(words: readonly string[]) {
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...process.env, NODE_OPTIONS: "", SULCUS_THREADS: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const end = Promise.all([once(child, "exit"), text(child.stderr)]).then(([[code, signal], err]) => ({
    end: (signal ?? code) as number | string,
    err,
  }));
  return { child, end };
}

/** Everything below a folder that does not depend on the clock. */
async function left(out: string): Promise<Record<string, string>> {
  const names = (await readdir(out, { recursive: true })).filter((name) =>
    /(checkpoint\.npz|metrics\.jsonl|representation\.json|specialization\.json|table\.csv|figures\/.*)$/.test(name),
  );
  const digests = names.sort().map(async (name) => {
    const digest = createHash("sha256").update(await readFile(join(out, name)));
    return [name, digest.digest("hex")] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Processes that hold a folder or a run in it, as the locks tell. */
function holders(out: string): number[] {
  const pids: number[] = [];
  for (const name of existsSync(out) ? [".", ...readdirSync(out)] : []) {
    try {
      pids.push(JSON.parse(readFileSync(join(out, name, "run.lock"), "utf8")).pid);
    } catch {
      // Not held, or not any more.
    }
  }
  return pids;
}

const set = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${JSON.stringify(value)}`]);
const small = { epochs: 12, evaluations: 2, batch: 10, checkpointSeconds: 0.05, device: "cpu" };
const gevb = () => set({ ...small, data: join(folder, "digits"), hidden: [16, 8] });

const own = () => ["--config", join(folder, "own", "mine.yaml"), "--use", join(folder, "own", "signed.ts")];

/** What is killed: the words that begin it, and how it goes on. */
const scenarios = [
  {
    name: "a run with analysis and report",
    words: () => ["run", "gevb", ...gevb(), "--representation", "60"],
    workers: [],
  },
  {
    name: "a run of modules with its measures",
    words: () => [
      "run",
      "modules",
      ...set({
        ...small,
        epochs: 3,
        source: "symbols",
        units: 8,
        steps: 2,
        limit: 200,
        testLimit: 60,
        specialization: { trials: 100, readoutEpochs: 2, maskEpochs: 1, keep: [0.1] },
      }),
    ],
    workers: [],
  },
  {
    name: "a collection",
    words: () => ["run", "gevb", ...gevb(), "--rule", "gevb,bp", "--seeds", "1..2", "--set", "epochs=5"],
    workers: [],
  },
  {
    name: "a sweep with workers",
    words: () => ["sweep", "gevb", "--rate", "0.001,0.01", "--seeds", "2", ...gevb()],
    workers: ["--workers", "2"],
  },
  {
    name: "a circuit with a plug-in",
    words: () => ["run", "circuit", ...own()],
    workers: [],
  },
  {
    name: "a sweep with workers and a plug-in",
    words: () => ["sweep", "circuit", ...own(), "--set", "optimiser.rate=0.003,0.03", "epochs=5", "--seeds", "2"],
    workers: ["--workers", "2"],
  },
] as const;

test.each(scenarios.map((scenario, index) => ({ ...scenario, index })))(
  "$name, killed at any moment, loses nothing",
  async ({ name, words, workers, index }) => {
    const random = randomStream(seed, `kills of ${name}`);
    const whole = join(folder, `whole-${index}`);
    const began = performance.now();
    expect(await begin([...words(), ...workers, "--out", whole]).end).toMatchObject({ end: 0 });
    const length = performance.now() - began;
    const expected = await left(whole);
    expect(Object.keys(expected).length).toBeGreaterThan(5);

    for (let killed = 0, round = 0; killed < Math.ceil(kills / scenarios.length); round++) {
      const out = join(folder, `${index}-${round}`);
      // Up to four kills, then on to the end.
      for (let left = random.integer(1, 4); left > 0; left--) {
        // What goes on has less before it than what begins.
        const latest = existsSync(join(out, "config.yaml")) ? 0.6 * length : length;
        const result = await live(goOn(words(), workers, out), out, latest, workers.length > 0, random);
        if (!result.met) break;
        killed++;
        const told = `${name}: ${result.told}`;
        if (process.env.SULCUS_KILL_LOG) appendFileSync(process.env.SULCUS_KILL_LOG, `${told}\n`);
        expect(result.fault, `seed ${seed}, kill ${killed} of ${told}\n${result.err}`).toBeUndefined();
      }
      const { end, err } = await begin(goOn(words(), workers, out)).end;
      expect(end, `seed ${seed}, after kill ${killed} of ${name}: ${err}`).toBe(0);
      expect(await left(out)).toEqual(expected);
      const remnants = (await readdir(out, { recursive: true })).filter((each) =>
        /run\.lock|\.partial$|failure\.json$/.test(each),
      );
      expect(remnants, `seed ${seed}, after kill ${killed} of ${name}`).toEqual([]);
      await rm(out, { recursive: true });
    }
  },
  600_000 + 60_000 * kills,
);

/** Begins, or goes on with what is there. */
const goOn = (words: readonly string[], workers: readonly string[], out: string): string[] =>
  existsSync(join(out, "config.yaml"))
    ? ["run", words[1]!, "--resume", out, ...workers]
    : [...words, ...workers, "--out", out];

/**
 * One life of the command, and the signal that it is sent at a random moment: whether it met it, and what is wrong with
 * its end.
 */
async function live(words: readonly string[], out: string, latest: number, several: boolean, random: RandomStream) {
  const { child, end: ended } = begin(words);
  const names = Object.keys(ends) as End[];
  // Half of the kills are the hardest.
  const signal = random.integer(0, 1) === 0 ? "SIGKILL" : names[random.integer(0, names.length - 2)]!;
  const delay = (random.integer(0, 1000) / 1000) * latest;
  await Promise.race([sleep(delay), ended]);
  // Of a sweep, at times a worker alone.
  const workers = several && random.integer(0, 3) === 0 ? holders(out).filter((pid) => pid !== child.pid) : [];
  const target = workers[0] ?? child.pid!;
  const met = child.exitCode === null && child.signalCode === null;
  try {
    process.kill(target, signal);
  } catch {
    // It has ended before.
  }
  const sent = performance.now();
  const { end, err } = await ended;
  const after = Math.round(performance.now() - sent);
  const who = target === child.pid ? "" : " to a worker";
  const told = `${signal}${who} after ${Math.round(delay)} ms: ended with ${end} after ${after} ms`;
  const asked = signal !== "SIGKILL";
  // Before it listens a process dies of the signal; afterwards it has a code. A worker that is killed fails its run alone.
  const allowed: (number | string)[] = [0, signal, ends[signal], ...(workers.length > 0 ? [1] : [])];
  // A lock that an earlier life left in a run that this one has not come to may be there, but none of its own.
  const locks = holders(out).filter((pid) => pid === child.pid || isAlive(pid));
  let fault: string | undefined;
  if (!allowed.includes(end)) fault = `ended with ${end}`;
  else if (asked && end === ends[signal] && locks.length > 0) fault = `left the lock of ${locks.join(", ")}`;
  else if (asked && end === ends[signal] && !new RegExp(`^interrupted by ${signal}`, "m").test(err))
    fault = `said ${JSON.stringify(err)}`;
  return { met, told, err, fault };
}
