import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/program.ts";
import { DataError } from "../../src/kinds/errors.ts";
import type { DataEvent } from "../../src/runs/data/fetch-data-set.ts";
import { FakeBackend, smallDataSet, sulcus } from "./fake-backend.ts";

const url = "https://host/archive.tar.gz";
const fetched: DataEvent = { type: "fetched", name: "cifar10", folder: "/data/cifar", kept: false };
const progressTo = (received: number, total: number | null = 170e6): DataEvent => {
  return { type: "progress", name: "cifar10", url, received, total };
};

function telling(...events: DataEvent[]): FakeBackend {
  const backend = new FakeBackend();
  backend.dataEvents = events;
  return backend;
}

describe("sulcus data fetch", () => {
  const hundredths = Array.from({ length: 101 }, (_, index) => progressTo(index * 1.7e6));

  test("asks for what was asked, and prints a line for every tenth and the folder", async () => {
    const backend = telling(...hundredths, fetched);
    const { code, out, err } = await sulcus(["data", "fetch", "cifar10", "--to", "there", "--url", url], backend);
    expect([code, out]).toEqual([0, "/data/cifar\n"]);
    expect(backend.dataRequests).toEqual([{ fetch: "cifar10", to: "there", url }]);
    const lines = err.trimEnd().split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe("fetching cifar10 from https://host/archive.tar.gz");
    expect(lines[1]).toBe("cifar10: 10 %, 17.0 MB of 170.0 MB");
    expect(lines.at(-1)).toBe("cifar10: 100 %, 170.0 MB of 170.0 MB");
  });

  test("counts megabytes where the length is not known, and asks for nothing by default", async () => {
    const backend = telling(...[0, 1e6, 17e6, 18e6, 40e6].map((received) => progressTo(received, null)), fetched);
    const { err } = await sulcus(["data", "fetch", "cifar10"], backend);
    expect(backend.dataRequests).toEqual([{ fetch: "cifar10" }]);
    expect(err.split("\n").slice(1)).toEqual(["cifar10: 17.0 MB", "cifar10: 40.0 MB", ""]);
  });

  test("on a terminal draws a bar, which is gone at the end", async () => {
    for (const total of [170e6, null]) {
      const events = [progressTo(0, total), progressTo(68e6, total)];
      const { out, err } = await sulcus(["data", "fetch", "cifar10"], telling(...events, fetched), true);
      expect(out).toBe("/data/cifar\n");
      expect(err).toMatch(/cifar10 {3}0 % ░+ {2}0\.0 MB/);
      expect(err.slice(err.lastIndexOf("\u001b[2K") + 4).trim()).toBe("");
    }
  });

  test("clears the bar before it prints the folder, which may go to the same terminal", async () => {
    const terminal = new PassThrough();
    const backend = telling(progressTo(0), fetched);
    await main(["data", "fetch", "cifar10"], { stdout: terminal, stderr: terminal, isTTY: true }, async () => backend);
    expect(String(terminal.read()).endsWith("\u001b[2K/data/cifar\n")).toBe(true);
  });

  test("says that a data set is there already", async () => {
    const { out, err } = await sulcus(["data", "fetch", "cifar10"], telling({ ...fetched, kept: true }));
    expect([out, err]).toEqual(["/data/cifar\n", "cifar10 is there already, nothing was fetched\n"]);
  });

  test("with --json prints every event and nothing else", async () => {
    const events = [progressTo(0), progressTo(170e6), fetched];
    const { out, err } = await sulcus(["data", "fetch", "cifar10", "--json"], telling(...events), true);
    expect(err).toBe("");
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
  });

  test("that fails is one sentence, below a bar that is gone", async () => {
    const backend = telling(progressTo(0));
    backend.duringFetch = () => {
      throw new DataError("CIFAR-10 cannot be fetched");
    };
    const { code, out, err } = await sulcus(["data", "fetch", "cifar10"], backend, true);
    expect([code, out]).toEqual([1, ""]);
    expect(err.endsWith("\u001b[2Ksulcus: CIFAR-10 cannot be fetched\n")).toBe(true);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("that is interrupted by %s ends with %i and leaves no listener", async (name, expected) => {
    const before = process.listenerCount(name);
    const backend = telling(progressTo(0));
    backend.duringFetch = ({ signal }) => {
      process.emit(name);
      throw signal.reason;
    };
    const { code, err } = await sulcus(["data", "fetch", "cifar10"], backend);
    expect(code).toBe(expected);
    expect(err).toContain(`\ninterrupted by ${name}; nothing of the download was left behind\n`);
    expect(process.listenerCount(name)).toBe(before);
  });
});

describe("sulcus data info", () => {
  const table = [
    "mnist: images of 2 x 3 pixels in grey levels, 2 classes",
    "  folder  digits (1.2 MB)",
    "  files   images, labels",
    "  class  training    test",
    "  odd           1       0",
    "  even          2       1",
    "  all           3       1",
    "  mean     0.2500  0.5000",
    "  SD       0.1250  0.0000",
    "  mean and SD are those of the pixels, from 0 (black) to 1",
    "",
  ];

  test("of one data set is its table", async () => {
    const backend = new FakeBackend();
    const { code, out, err } = await sulcus(["data", "info", "mnist", "--data", "digits"], backend);
    expect([code, err, out.split("\n")]).toEqual([0, "", table]);
    expect(backend.dataRequests).toEqual([{ info: "mnist", folder: "digits" }]);
  });

  test("names the colours", async () => {
    const backend = new FakeBackend();
    const colours = { mean: [0.1, 0.2, 0.3], standardDeviation: [0.4, 0.5, 0.6] };
    const set = { count: 3, perClass: [1, 2], ...colours };
    backend.dataSetInformation = async () => ({ ...smallDataSet, channels: 3, training: set, test: set });
    const { out } = await sulcus(["data", "info", "cifar10"], backend);
    expect(out).toContain("pixels in colours, 2 classes");
    for (const row of ["mean red", "mean green", "mean blue"]) expect(out).toMatch(new RegExp(`${row} +0\\.[123]000 `));
    expect(out).toMatch(/SD blue +0\.6000 +0\.6000\n/);
  });

  test("of all tells which cannot be read", async () => {
    const { code, out } = await sulcus(["data", "info"]);
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([...table, "cifar10: cannot be read", "  CIFAR-10: there is none", ""]);
  });

  test("as JSON is what the backend tells", async () => {
    expect(JSON.parse((await sulcus(["data", "info", "mnist", "--json"])).out)).toEqual(smallDataSet);
    expect(JSON.parse((await sulcus(["data", "info", "--json"])).out)).toEqual(
      await new FakeBackend().surveyDataSets(),
    );
  });
});
