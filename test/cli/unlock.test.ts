import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/program.ts";
import type { FoundLock } from "../../src/runs/locks.ts";
import { FakeBackend } from "./fake-backend.ts";

const lock = (path: string, atWork?: number): FoundLock => ({
  path,
  words: `process 7 on "node017", last heartbeat 3 h ago: its heart has stopped`,
  text: path,
  ...(atWork === undefined ? {} : { atWork }),
});
const two = [lock("src/run.lock"), lock("src/a/run.lock")];

/** Runs `sulcus unlock src`, where a person gives an answer, or there is nobody. */
async function unlock(locks: FoundLock[], words: string[] = [], answer?: string) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const backend = new FakeBackend();
  backend.locks = locks;
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer!;
  };
  const streams = { stdout, stderr, isTTY: true, ...(answer === undefined ? {} : { ask }) };
  const code = await main(["unlock", "src", ...words], streams, async () => backend);
  const text = (stream: PassThrough) => String(stream.read() ?? "");
  return { code, out: text(stdout), err: text(stderr), asked, removed: backend.removed };
}

const listed = two.map(({ path, words }) => `${path}: ${words}\n`).join("");
const question = "Two processes in one folder destroy it. Take all 2 away? (y/N) ";

describe("sulcus unlock", () => {
  test.each(["y", " Yes "])("takes away what it has told of, when the answer is %j", async (answer) => {
    expect(await unlock(two, [], answer)).toEqual({
      code: 0,
      out: `${listed}taken away: all 2\n`,
      err: "",
      asked: [question],
      removed: [two],
    });
  });

  test.each(["", "n", "yep", "no"])("takes nothing away when the answer is %j", async (answer) => {
    expect(await unlock(two, [], answer)).toEqual({
      code: 1,
      out: listed,
      err: "sulcus: nothing was taken away\n",
      asked: [question],
      removed: [],
    });
  });

  test("asks nobody with --yes", async () => {
    expect(await unlock([two[0]!], ["--yes"])).toMatchObject({ code: 0, asked: [], removed: [[two[0]]] });
  });

  test("does nothing where there is nobody to ask", async () => {
    expect(await unlock(two)).toEqual({
      code: 2,
      out: listed,
      err: "sulcus: unlock: there is no terminal to ask whether the locks shall be taken away; if those processes are gone for sure, add --yes\n",
      asked: [],
      removed: [],
    });
  });

  test("says that there is no lock", async () => {
    expect(await unlock([])).toMatchObject({ code: 0, out: "there is no lock in src\n", removed: [] });
  });

  test("leaves it to the experiments to refuse what is at work, without a question", async () => {
    const busy = [lock("src/run.lock", 7)];
    expect(await unlock(busy, [], "n")).toMatchObject({ asked: [], removed: [busy] });
  });
});
