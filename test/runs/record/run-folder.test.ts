import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { DataError, StorageError, UsageError } from "../../../src/kinds/errors.ts";
import type { RunSummary } from "../../../src/records/learning-record.ts";
import { probeWritable } from "../../../src/runs/record/atomic-file.ts";
import {
  createRunFolder,
  openRunFolder,
  readConfig,
  readSummary,
  writeConfig,
  writeSummary,
} from "../../../src/runs/record/run-folder.ts";
import { asOrdinaryUser } from "../../ordinary-user.ts";
import { skipped } from "../../skipping.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { evaluationAt } from "./evaluations.ts";

const at = temporaryFolder();
const freshFolder = () => mkdtemp(at("run-"));
const start = process.cwd();
afterEach(() => process.chdir(start));

const now = new Date(2031, 0, 2, 3, 4, 5);
const run = { experiment: "gevb", seed: 7, now };

describe("the folder of a new run", () => {
  it("is named by experiment, local time and seed, and each run has its own", async () => {
    process.chdir(await freshFolder());
    const folders = await Promise.all([createRunFolder(run), createRunFolder(run), createRunFolder(run)]);
    const wanted = join("runs", "gevb", "20310102-030405-7");
    expect(folders.sort()).toEqual([wanted, `${wanted}-2`, `${wanted}-3`]);
    for (const folder of folders) expect(await readdir(folder)).toEqual([]);
    expect(await createRunFolder({ experiment: "gevb", seed: 7 })).toMatch(/gevb.\d{8}-\d{6}-7$/);
  });

  it("is exactly the one asked for, made where it is missing, other files in it left alone", async () => {
    const out = join(await freshFolder(), "deep", "er");
    expect(await createRunFolder({ ...run, out })).toBe(out);
    await writeFile(join(out, "notes.txt"), "mine");
    expect(await createRunFolder({ ...run, out })).toBe(out);
    expect(await readdir(out)).toEqual(["notes.txt"]);
  });

  it.each(["config.yaml", "metrics.jsonl", "checkpoint.npz", "summary.json"])(
    "is refused where there is a run already (%s)",
    async (file) => {
      const out = await freshFolder();
      await writeFile(join(out, file), "");
      await expect(createRunFolder({ ...run, out })).rejects.toThrow(
        new UsageError(
          `${out} holds a run already (${file}); go on with that run by --resume ${out}, or choose another folder`,
        ),
      );
    },
  );

  it("is refused where no folder can be, before any work", async () => {
    const file = join(await freshFolder(), "file");
    await writeFile(file, "");
    await expect(createRunFolder({ ...run, out: join(file, "below") })).rejects.toThrow(
      new StorageError(
        `${join(file, "below")} cannot be written: a part of its path is a file, not a folder; check the path`,
      ),
    );
    await expect(createRunFolder({ ...run, out: file })).rejects.toThrow(
      `${file} cannot be written: a part of its path is a file, not a folder; check the path`,
    );
    await expect(createRunFolder({ ...run, experiment: "../up" })).rejects.toThrow(
      new UsageError('experiment "../up" cannot name a folder; use letters, digits, "-", "_" and "."'),
    );
    await expect(probeWritable(join(file, "below"))).rejects.toThrow(
      new StorageError(
        `${join(file, "below")} cannot be written: a part of its path is a file, not a folder; check the path`,
      ),
    );
  });

  const noProc = skipped(process.platform !== "linux", "a test of a place that takes no files, since it needs /proc");
  it.skipIf(noProc)("is refused where the system takes no files", async () => {
    await expect(createRunFolder({ ...run, out: "/proc/sulcus" })).rejects.toThrow(
      /^\/proc\/sulcus cannot be written: /,
    );
    await expect(createRunFolder({ ...run, out: "/proc" })).rejects.toThrow(
      /^\/proc cannot be written: .*; (create|check|choose) /,
    );
  });

  it("is refused in a folder that is not writable", async () => {
    const out = await freshFolder();
    await chmod(at(), 0o755);
    await chmod(out, 0o555);
    const text = "cannot be written: the place is not writable for this user; check its permissions or choose another";
    await asOrdinaryUser(async () => {
      expect(await readdir(out)).toEqual([]);
      await expect(createRunFolder({ ...run, out })).rejects.toThrow(`${out} ${text}`);
      await expect(createRunFolder({ ...run, out: join(out, "a") })).rejects.toThrow(`${join(out, "a")} ${text}`);
    });
    await chmod(out, 0o755);
  });
});

describe("the folder of an earlier run", () => {
  it("is opened when it has a configuration, else the nearest run is named", async () => {
    const parent = await freshFolder();
    const folder = join(parent, "20310102-030405-7");
    await mkdir(folder);
    await expect(openRunFolder(folder)).rejects.toThrow(
      new UsageError(
        `${folder} is not the folder of a run: there is no config.yaml in it; give the folder that a run has made`,
      ),
    );
    await writeConfig(folder, { seed: 7 });
    expect(await openRunFolder(folder)).toBe(folder);
    const wrong = join(parent, "20310102-030405-8");
    await expect(openRunFolder(wrong)).rejects.toThrow(
      new UsageError(
        `the run folder ${wrong} does not exist (did you mean "20310102-030405-7"?); give the folder that a run has made`,
      ),
    );
    await expect(openRunFolder(parent)).rejects.toThrow(
      new UsageError(`${parent} is not the folder of a run: there is no config.yaml in it; did you mean "${folder}"?`),
    );
    const nowhere = join(parent, "no", "where");
    await expect(openRunFolder(nowhere)).rejects.toThrow(
      new UsageError(`the run folder ${nowhere} does not exist; give the folder that a run has made`),
    );
  });
});

describe("config.yaml", () => {
  const config = fc.dictionary(
    fc.string(),
    fc.anything({
      values: [fc.double(), fc.string(), fc.boolean(), fc.constant(null)],
      key: fc.string(),
      withNullPrototype: false,
    }),
    { noNullPrototype: true },
  );

  it("gives back any plain record, under a line that says what it is", async () => {
    const folder = await freshFolder();
    await fc.assert(
      fc.asyncProperty(config, async (record) => {
        await writeConfig(folder, record);
        expect(await readConfig(folder)).toEqual(record);
      }),
    );
    const shared = [1, 2];
    await writeConfig(folder, { rule: "gevb", hidden: shared, again: shared });
    expect(await readFile(join(folder, "config.yaml"), "utf8")).toBe(
      "# Everything that this run depends on, defaults filled in.\nrule: gevb\nhidden:\n  - 1\n  - 2\nagain:\n  - 1\n  - 2\n",
    );
  });

  it("that is missing or not YAML of keys and values is refused, with the place", async () => {
    const folder = await freshFolder();
    const path = join(folder, "config.yaml");
    await expect(readConfig(folder)).rejects.toThrow(
      new StorageError(`${path} cannot be read: it does not exist; check the path`),
    );
    await writeFile(path, "rule: gevb\nhidden: [1, 2\n");
    const failure: unknown = await readConfig(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as DataError).message).toMatch(
      /config\.yaml is not valid YAML: .* at line 3, column 1; mend that place$/,
    );
    for (const text of ["", "- 1\n", "text\n"]) {
      await writeFile(path, text);
      await expect(readConfig(folder)).rejects.toThrow(
        new DataError(`${path} is not a list of "key: value" lines; restore it from a copy`),
      );
    }
  });
});

describe("summary.json", () => {
  const summary: RunSummary = {
    label: "gevb",
    rule: "gevb",
    steps: 400,
    epochs: 1,
    testError: 0.9,
    testLoss: null,
    trainError: 0.5,
    alignment: evaluationAt(1).alignment,
    seconds: 12.5,
    stepMilliseconds: 3.1,
  };

  it("gives back the summary", async () => {
    const folder = await freshFolder();
    await writeSummary(folder, summary);
    expect(await readSummary(folder)).toEqual(summary);
    expect(await readdir(folder)).toEqual(["summary.json"]);
  });

  it("that is missing or not a summary is refused", async () => {
    const folder = await freshFolder();
    const path = join(folder, "summary.json");
    await expect(readSummary(folder)).rejects.toThrow(`${path} cannot be read: it does not exist; check the path`);
    await writeFile(path, "{");
    await expect(readSummary(folder)).rejects.toThrow(
      new DataError(`${path} is not a summary: it is not whole JSON; resume the run to write it again`),
    );
    await writeFile(path, JSON.stringify({ ...summary, testLoss: 1, testError: "low" }));
    await expect(readSummary(folder)).rejects.toThrow(
      new DataError(
        `${path} is not a summary: testError: got "low", expected a finite number or nothing; resume the run to write it again`,
      ),
    );
  });
});
