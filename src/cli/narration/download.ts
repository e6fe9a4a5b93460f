import type { DataEvent } from "../../runs/data/fetch-data-set.ts";
import { megabytes, shareDone } from "../../runs/narration/wording.ts";
import type { Streams } from "../streams.ts";

type Progress = Extract<DataEvent, { type: "progress" }>;

/** Tells a person or a program how a download goes. */
interface DownloadNarrator {
  tell(event: DataEvent): void;
  /** Leaves the terminal as it was; nothing is told afterwards. */
  close(): void;
}

/** JSON lines on stdout where they are asked for; else words on stderr, with a bar if that is a terminal, and the folder on stdout. */
export async function downloadNarrator({ stdout, stderr, isTTY }: Streams, json: boolean): Promise<DownloadNarrator> {
  if (json) return { tell: (event) => void stdout.write(`${JSON.stringify(event)}\n`), close: () => {} };
  const progress = isTTY ? await bar(stderr) : lines(stderr);
  let begun = false;
  return {
    tell(event) {
      if (event.type === "progress") {
        if (!begun) stderr.write(`fetching ${event.name} from ${event.url}\n`);
        begun = true;
        progress.tell(event);
        return;
      }
      progress.close();
      if (event.kept) stderr.write(`${event.name} is there already, nothing was fetched\n`);
      stdout.write(`${event.folder}\n`);
    },
    close: progress.close,
  };
}

/** For log files and pipes: a line for every tenth of the whole; where that is not known, for every 16 million bytes. */
function lines(stderr: NodeJS.WritableStream) {
  let told = 0;
  return {
    tell({ name, received, total }: Progress): void {
      const tenths = Math.floor(received / (total === null ? 1.6e7 : total / 10));
      if (tenths <= told) return;
      told = tenths;
      const share = total === null ? "" : `${Math.floor(100 * shareDone(received, total))} %, `;
      stderr.write(`${name}: ${share}${amount(received, total)}\n`);
    },
    close: () => {},
  };
}

/** For a terminal; loaded on demand, as the library that draws it takes time. */
async function bar(stderr: NodeJS.WritableStream) {
  const { barOf, terminalBar } = await import("../../runs/narration/terminal-bar.ts");
  let latest: Progress | undefined;
  const drawn = terminalBar(stderr, (columns) => {
    if (latest === undefined) return "";
    const { name, received, total } = latest;
    return barOf(name, shareDone(received, total ?? Number.NaN), amount(received, total), columns);
  });
  return {
    tell(event: Progress): void {
      const first = latest === undefined;
      latest = event;
      if (first) drawn.start(event.total ?? 1, 0);
      else drawn.update(event.received);
    },
    close: () => drawn.stop(),
  };
}

function amount(received: number, total: number | null): string {
  return total === null ? megabytes(received) : `${megabytes(received)} of ${megabytes(total)}`;
}
