import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Peer } from "./workload.ts";

/** One turn of a peer. */
export interface PeerTurn {
  /** Median milliseconds a step. */
  readonly milliseconds: number;
  /** Growth of the process to its peak, from when the library was loaded, MiB. */
  readonly memory: number;
}

/** Runs peers, or says why not. */
export interface PeerRunner {
  /** "PyTorch 1.13.0", or why nothing is compared. */
  readonly detail: string;
  /** Undefined where there is nothing to run it with. */
  run?(peer: Peer, steps: number): Promise<PeerTurn>;
}

/** Runs a script as if it were called by itself, then prints how far the peak of memory rose meanwhile, in KiB. */
const measured = `
import resource, runpy, sys
import torch
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
print(peak() - before)
`;

/**
 * Finds a Python with PyTorch.
 *
 * @param folder where the peers' scripts are
 */
export async function openPeers(folder: string): Promise<PeerRunner> {
  if (!existsSync(folder)) return { detail: `no peers: there is no folder ${folder}; name theirs with --peers` };
  const found = await findTorch();
  if (!found)
    return { detail: "no peers: no python3 with torch was found (Debian: python3-torch, libopenblas0-pthread)" };
  return {
    detail: `PyTorch ${found.version}`,
    async run({ script, words, field }, steps) {
      const file = path.join(folder, script);
      const { stdout } = await promisify(execFile)(found.python, ["-c", measured, file, ...words(steps)]);
      const [line, kilobytes] = stdout.trim().split("\n").slice(-2);
      const milliseconds = (JSON.parse(line!) as Record<string, unknown>)[field];
      if (typeof milliseconds !== "number") throw new Error(`${file} printed no number "${field}": ${line}`);
      return { milliseconds, memory: Number(kilobytes) / 1024 };
    },
  };
}

async function findTorch() {
  for (const python of ["python3", "/usr/bin/python3"]) {
    try {
      const { stdout } = await promisify(execFile)(python, ["-c", "import torch; print(torch.__version__)"]);
      return { python, version: stdout.trim() };
    } catch {
      // Not this one.
    }
  }
  return undefined;
}
