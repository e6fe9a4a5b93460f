import type { DataSet } from "../../tasks/data-set.ts";
import { cifar10Files, defaultCifar10Folder, loadCifar10 } from "../../tasks/images/cifar10.ts";
import { loadDigits } from "../../tasks/images/digits.ts";
import type { Archive } from "./archive.ts";

/** A data set that Sulcus knows by name. */
interface KnownDataSet {
  /** @param directory folder of its files; absent: where they are looked for */
  readonly load: (source: { directory?: string | undefined }) => Promise<DataSet>;
  /** Where it can be fetched from, and the folder it goes to unless one is named; absent: it comes with Sulcus. */
  readonly source?: { readonly archive: Archive; readonly folder: () => string };
}

/** The data sets by the name that `sulcus data` takes. */
export const dataSets: Readonly<Record<string, KnownDataSet>> = {
  mnist: { load: loadDigits },
  cifar10: {
    load: loadCifar10,
    source: {
      folder: defaultCifar10Folder,
      archive: {
        title: "CIFAR-10",
        // The binary version, 170 MB; address and checksum are those of the page of the data set.
        url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        md5: "c32a1d4ab5d03f1284b67883e8d87530",
        inside: "cifar-10-batches-bin",
        members: [...cifar10Files.training, cifar10Files.test, cifar10Files.classNames],
        read: (directory) => loadCifar10({ directory }),
      },
    },
  },
};
