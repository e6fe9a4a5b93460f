/** Where the command line writes. */
export interface Streams {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  /** Whether stderr is a terminal, on which a progress bar can be redrawn. */
  isTTY: boolean;
  /** Asks the person at the terminal for a line; absent where there is none. */
  ask?: (question: string) => Promise<string>;
}
