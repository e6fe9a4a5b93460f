import { basename, dirname, join, relative, resolve } from "pathe";
import { DataError, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { platform } from "../../platform/node.ts";
import { diskSources } from "../disk-sources.ts";
import { isMissing, type Sources } from "../sources.ts";
import { type Annotation, type Id, type ImageEntry, readInstances } from "./instances.ts";
import { type Skipped, skip } from "./skipped.ts";
import { labelsOfCategories } from "./super-categories.ts";

/** What a folder in COCO's format lists. */
export interface CocoFolder {
  /** The file of instances. */
  readonly file: string;
  readonly images: readonly ImageEntry[];
  /** By image. */
  readonly annotations: ReadonlyMap<Id, readonly Annotation[]>;
  /** Label of the super-category by category. */
  readonly labels: ReadonlyMap<Id, number>;
  /** Where images are looked for, in this order. */
  readonly imageFolders: readonly string[];
}

/**
 * The folder where scenes of COCO are looked for unless one is named: "coco" in the folder that the environment variable
 * SULCUS_DATA names, else in "data" in the working directory.
 */
export function defaultCocoFolder(dataFolder = platform.environment("SULCUS_DATA")): string {
  return resolve(dataFolder || "data", "coco");
}

/**
 * Reads the list of a folder: a file of instances, in the folder itself or in its folder "annotations", and beside it images,
 * in the folder itself, in "images", in one named as the file is (val2017 for instances_val2017.json), or with the file.
 *
 * @param instances path of the file within the folder; absent: the only instances_*.json there
 * @param skipped counts entries that cannot be read and objects of images that are not listed
 * @throws DataError where the folder or the file is missing, or the file is damaged; UsageError where there are several files
 */
export async function readCocoFolder(
  folder: string,
  instances: string | undefined,
  skipped: Skipped,
  sources: Sources = diskSources(),
): Promise<CocoFolder> {
  const file = join(folder, instances ?? (await onlyInstances(folder, sources)));
  const contents = await readInstances(file, skipped, sources);
  const annotations = new Map<Id, Annotation[]>(contents.images.map(({ id }) => [id, []]));
  for (const annotation of contents.annotations) {
    const ofImage = annotations.get(annotation.image_id);
    if (ofImage === undefined)
      skip(skipped, "unknownImage", () => `annotations.${annotation.place}, image ${shown(annotation.image_id)}`);
    else ofImage.push(annotation);
  }
  const named = basename(file).replace(/^instances_|\.json$/g, "");
  return {
    file,
    // An image that is listed twice would be shown in training and test.
    images: [...new Map(contents.images.map((image) => [image.id, image])).values()],
    annotations,
    labels: labelsOfCategories(contents),
    imageFolders: [...new Set([folder, join(folder, "images"), join(folder, named), dirname(file)])],
  };
}

async function onlyInstances(folder: string, sources: Sources): Promise<string> {
  const found = [
    ...(await instancesIn(folder, true, sources)),
    ...(await instancesIn(join(folder, "annotations"), false, sources)),
  ];
  const paths = found.map((path) => relative(folder, path));
  if (paths.length === 1) return paths[0]!;
  if (paths.length === 0) {
    throw new DataError(
      `COCO: there is no instances_*.json in ${folder} or its folder annotations; put it there with its images, or name it ` +
        "by the task's instances",
    );
  }
  throw new UsageError(
    `COCO: ${folder} holds ${paths.length} files of instances (${paths.join(", ")}); name one by the task's instances`,
  );
}

async function instancesIn(folder: string, required: boolean, sources: Sources): Promise<string[]> {
  try {
    const names = (await sources.list(folder)).filter((name) => /^instances_.*\.json$/.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch (cause) {
    if (!required) return [];
    throw new DataError(
      `COCO: the folder ${folder} ${isMissing(cause) ? "does not exist" : "cannot be listed as a folder"}; put an instances_*.json ` +
        "and its images there, or name another folder by the task's data",
      { cause },
    );
  }
}
