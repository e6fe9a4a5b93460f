import { createHash } from "node:crypto";
import { DataError, firstLine, UsageError } from "../../kinds/errors.ts";
import { shown } from "../../kinds/shown.ts";
import { writeWhole } from "../record/atomic-file.ts";
import type { Archive } from "./archive.ts";

/** How far a download has come. */
export interface DownloadProgress {
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all; null where the server does not say. */
  readonly total: number | null;
}

export interface DownloadControl {
  /** Called as the download begins, then once for every hundredth of it; of unknown length, for every million bytes. */
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Aborting it ends the download, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** What happened to a connection, by the code of its error. */
const connectionFaults: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection broke off",
  UND_ERR_SOCKET: "the connection broke off",
  ENOTFOUND: "no server of that name is known",
  EAI_AGAIN: "the name of the server could not be looked up",
  ENETUNREACH: "the network is not reachable",
  ETIMEDOUT: "the server did not answer in time",
  UND_ERR_CONNECT_TIMEOUT: "the server did not answer in time",
  UND_ERR_HEADERS_TIMEOUT: "the server did not answer in time",
  UND_ERR_BODY_TIMEOUT: "the server fell silent",
};

/**
 * Downloads an archive to a file, which is there only if all of it came and its checksum is right.
 *
 * @throws UsageError where the address is none of http or https; DataError where the server cannot be reached, refuses, or
 *   breaks off, and where the checksum differs; StorageError where the file cannot be written
 */
export async function download(archive: Archive, path: string, control: DownloadControl): Promise<void> {
  const response = await ask(archive, control.signal);
  await writeWhole(path, checked(response, archive, control));
}

async function ask({ title, url }: Archive, signal: AbortSignal): Promise<Response> {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) {
    throw new UsageError(`${title}: the address is ${shown(url, 200)}, expected one with https:// or http://`);
  }
  let response: Response;
  try {
    // As it is, since the checksum is that of the compressed archive: unasked, a server may compress it once more.
    response = await fetch(url, { signal, headers: { "accept-encoding": "identity" } });
  } catch (error) {
    signal.throwIfAborted();
    throw new DataError(`${title} cannot be fetched from ${url}: ${faultOf(error)}; ${otherMeans}`, { cause: error });
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw new DataError(
    `${title} cannot be fetched from ${url}: the server answered ${response.status} ${response.statusText}; check the ` +
      "address or give another one",
  );
}

/** The bytes of an answer as they come; after the last one it throws unless they are those of the archive. */
async function* checked(response: Response, archive: Archive, control: DownloadControl): AsyncGenerator<Uint8Array> {
  const { title, url, md5 } = archive;
  const total = Number(response.headers.get("content-length")) || null;
  const every = total === null ? 1e6 : total / 100;
  const hash = createHash("md5");
  let received = 0;
  control.onProgress({ received, total });
  for await (const chunk of arriving(response, archive, control.signal)) {
    const before = received;
    received += chunk.length;
    hash.update(chunk);
    if (Math.floor(received / every) > Math.floor(before / every)) control.onProgress({ received, total });
    yield chunk;
    // Node's fetch may wait for ever for the end of a body that was aborted at its last byte.
    control.signal.throwIfAborted();
  }
  const found = hash.digest("hex");
  if (found === md5) return;
  throw new DataError(
    `${title}: what came from ${url} (${received} bytes) has the MD5 checksum ${found}, expected ${md5}; fetch it again, ` +
      "or from another address",
  );
}

/** The bytes of an answer, with faults of the connection in words. */
async function* arriving({ body }: Response, { title, url }: Archive, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw new DataError(`${title} cannot be fetched from ${url}: ${faultOf(error)}; ${otherMeans}`, { cause: error });
  }
}

const otherMeans =
  "check the network and the address, or fetch the archive by other means and unpack it where the data set is looked for";

/** Node's fetch says only that it failed; why is in the cause. */
function faultOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as NodeJS.ErrnoException;
  return connectionFaults[code ?? ""] ?? firstLine(cause);
}
