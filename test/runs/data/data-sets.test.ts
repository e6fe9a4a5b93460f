import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { DataError, UsageError } from "../../../src/kinds/errors.ts";
import { dataSets } from "../../../src/runs/data/data-sets.ts";
import { type DataEvent, fetchDataSet } from "../../../src/runs/data/fetch-data-set.ts";
import { dataSetInformation, surveyDataSets } from "../../../src/runs/data/information.ts";
import { putFiles } from "../../tasks/images/cifar10.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { archiveOf, publisher, smallMembers, smallSet } from "./publisher.ts";

const at = temporaryFolder();
const server = publisher();
const before = process.env.SULCUS_DATA;
afterEach(() => {
  if (before === undefined) delete process.env.SULCUS_DATA;
  else process.env.SULCUS_DATA = before;
});

describe("dataSetInformation", () => {
  test("counts images, classes, bytes and levels of CIFAR-10", async () => {
    const folder = at("small");
    await putFiles(folder, smallSet);
    const { training, test, ...rest } = await dataSetInformation("cifar10", folder);
    expect(rest).toEqual({
      name: "cifar10",
      folder,
      files: Object.keys(smallSet),
      bytes: (15 + 2) * 3073 + 41,
      height: 32,
      width: 32,
      channels: 3,
      classes: ["ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"],
    });
    expect(training).toMatchObject({ count: 15, perClass: [5, 4, 3, 2, 1, 0, 0, 0, 0, 0] });
    expect(test).toMatchObject({ count: 2, perClass: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0] });
    // Batch n has n images whose red level is n - 1: the mean is 40 / 15 levels.
    expect(training.mean.map((level) => level * 255)).toEqual([40 / 15, 2, 3].map((level) => expect.closeTo(level, 9)));
    expect(test.standardDeviation).toEqual([0, 0, 0]);
  });

  test("knows MNIST, and says of an unknown name what is known", async () => {
    const { training, bytes, channels } = await dataSetInformation("mnist");
    expect([training.count, channels, bytes]).toEqual([60_000, 1, 70_000 * 785 + 2 * 16 + 2 * 8]);
    // The known mean and standard deviation of the training pixels.
    expect(training.mean[0]).toBeCloseTo(0.1307, 4);
    expect(training.standardDeviation[0]).toBeCloseTo(0.3081, 4);
    await expect(dataSetInformation("cifar")).rejects.toThrow(
      new UsageError('data set "cifar" is not known (did you mean "cifar10"?); known: mnist, cifar10'),
    );
    await expect(dataSetInformation("cifar10", at("none"))).rejects.toThrow(DataError);
  });

  test("of all data sets says which cannot be read and why", async () => {
    process.env.SULCUS_DATA = at("nowhere");
    const [mnist, cifar10] = await surveyDataSets();
    expect(mnist).toMatchObject({ name: "mnist", height: 28, training: { count: 60_000 } });
    expect(cifar10).toEqual({
      name: "cifar10",
      missing: expect.stringContaining(
        `CIFAR-10: the folder ${at("nowhere", "cifar-10-batches-bin")} does not exist; run sulcus data fetch cifar10, or`,
      ),
    });
  });
});

describe("fetchDataSet", () => {
  const signal = new AbortController().signal;

  test("puts CIFAR-10 where it is looked for, once its checksum is the publisher's", async () => {
    const archive = server.publish(archiveOf(smallMembers));
    process.env.SULCUS_DATA = await mkdtemp(at("data-"));
    const events: DataEvent[] = [];
    const onEvent = (event: DataEvent) => void events.push(event);
    const fetching = fetchDataSet("cifar10", { url: archive.url }, { onEvent, signal });
    await expect(fetching).rejects.toThrow(
      `the MD5 checksum ${archive.md5}, expected c32a1d4ab5d03f1284b67883e8d87530`,
    );
    expect(events[0]).toMatchObject({ type: "progress", name: "cifar10", url: archive.url, received: 0 });
    expect(events.every(({ type }) => type === "progress")).toBe(true);

    const folder = join(process.env.SULCUS_DATA, "cifar-10-batches-bin");
    await putFiles(folder, smallSet);
    events.length = 0;
    await fetchDataSet("cifar10", {}, { onEvent, signal });
    await fetchDataSet("cifar10", { to: folder }, { onEvent, signal });
    const kept = { type: "fetched", name: "cifar10", folder, kept: true };
    expect(events).toEqual([kept, kept]);
  });

  test("has an address for everything that does not come with Sulcus", async () => {
    const { url, members, inside } = dataSets.cifar10!.source!.archive;
    expect(url).toBe("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
    expect([inside, ...members].join(" ")).toBe(
      "cifar-10-batches-bin data_batch_1.bin data_batch_2.bin data_batch_3.bin data_batch_4.bin data_batch_5.bin " +
        "test_batch.bin batches.meta.txt",
    );
    await expect(fetchDataSet("mnist", {}, { onEvent: () => {}, signal })).rejects.toThrow(
      new UsageError('data set "mnist" is not fetched: it comes with Sulcus, see sulcus data info mnist'),
    );
  });
});
