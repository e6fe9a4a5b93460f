import { SingleBar } from "cli-progress";

/** Cells of the bar itself, where the terminal is wide enough. */
const longest = 30;

/** One line of label, percent, bar and details that fits into `width` columns; the bar gives way first. */
export function barOf(label: string, share: number, details: string, width: number): string {
  const percent = `${Math.floor(100 * share)} %`.padStart(5);
  const rest = `${label} ${percent}   ${details}`;
  const cells = Math.min(longest, width - rest.length - 1);
  if (cells < 5) return rest.slice(0, Math.max(0, width - 1));
  const full = Math.round(share * cells);
  return `${label} ${percent} ${"█".repeat(full)}${"░".repeat(cells - full)}  ${details}`;
}

/**
 * A bar that is redrawn in place ten times a second and gone when it stops.
 *
 * @param line what it shows, by the columns of the terminal
 */
export function terminalBar(stderr: NodeJS.WritableStream, line: (columns: number) => string): SingleBar {
  const columns = () => (stderr as Partial<NodeJS.WriteStream>).columns || 80;
  return new SingleBar({
    // The caller has decided that this is a terminal; the library would ask the stream itself.
    stream: terminal(stderr, columns),
    format: () => line(columns()),
    fps: 10,
    clearOnComplete: true,
    // Neither the cursor nor the wrapping of lines is changed: a command that is killed leaves a sane terminal.
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    stopOnComplete: false,
  });
}

function terminal(stderr: NodeJS.WritableStream, columns: () => number): NodeJS.WritableStream {
  return Object.create(stderr, {
    isTTY: { value: true },
    columns: { get: columns },
    write: { value: (text: string, done?: () => void) => stderr.write(text, done) },
  }) as NodeJS.WritableStream;
}
