/** "density 0.1", and "density 1.0" where all connections exist: "density 1" could be taken for a single one. */
export function densityInWords(density: number, text = String(density)): string {
  return `density ${density === 1 ? "1.0" : text}`;
}

/** "1 connection", "10 connections". */
export function connectionsInWords(count: number): string {
  return `${count} ${count === 1 ? "connection" : "connections"}`;
}
