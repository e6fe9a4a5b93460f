import { lookUp, UsageError } from "../../kinds/errors.ts";
import { dataSets } from "./data-sets.ts";
import type { DownloadProgress } from "./download.ts";
import { fetchArchive } from "./fetch-archive.ts";

/** What fetching a data set tells while it goes on. */
export type DataEvent =
  | ({ type: "progress"; name: string; url: string } & DownloadProgress)
  /** The data set is in `folder`; `kept` says that it had been there before. */
  | { type: "fetched"; name: string; folder: string; kept: boolean };

/** Where to fetch from and to. */
export interface FetchOptions {
  /** Folder of the data set; absent: where its loader looks for it. */
  to?: string;
  /** Another address of the same archive, such as a mirror's; its checksum has to be the same. */
  url?: string;
}

/** How fetching tells of itself and is stopped. */
export interface FetchControl {
  onEvent: (event: DataEvent) => void;
  /** Aborted when fetching shall end, remove what it began, and reject with the reason of the signal. */
  signal: AbortSignal;
}

/**
 * Fetches a data set by its name.
 *
 * @throws UsageError where no data set has the name or it comes with Sulcus, and else as `fetchArchive` does
 */
export async function fetchDataSet(name: string, options: FetchOptions, control: FetchControl): Promise<void> {
  const { source } = lookUp("data set", name, dataSets);
  if (source === undefined) {
    throw new UsageError(`data set "${name}" is not fetched: it comes with Sulcus, see sulcus data info ${name}`);
  }
  const { to = source.folder(), url = source.archive.url } = options;
  const { folder, kept } = await fetchArchive({ ...source.archive, url }, to, {
    onProgress: (progress) => control.onEvent({ type: "progress", name, url, ...progress }),
    signal: control.signal,
  });
  control.onEvent({ type: "fetched", name, folder, kept });
}
