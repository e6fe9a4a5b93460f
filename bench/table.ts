import type { Comparison } from "./compare.ts";

/** What is compared, a row a workload; entries as they are printed, by column. */
export type Row = Readonly<Record<string, string>>;

const milliseconds = (value: number): string =>
  value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 2 : 1)} ms`;

/** One row for each workload; the columns of peers are those that any workload has. */
export function rowsOf(comparisons: readonly Comparison[]): Row[] {
  const names = [...new Set(comparisons.flatMap(({ peers }) => peers.map(({ name }) => name)))];
  return comparisons.map(({ name, ours, peers, limit }): Row => {
    const peerColumns = names.map((column): [string, string] => {
      const peer = peers.find((each) => each.name === column);
      return [column, peer ? `${milliseconds(peer.milliseconds)} (${peer.ratio.toFixed(2)})` : ""];
    });
    const memories = [ours, ...peers.slice(0, 1)].map(({ memory }) => memory.toFixed(0));
    return {
      workload: name,
      ours: milliseconds(ours.milliseconds),
      ...Object.fromEntries(peerColumns),
      limit: `${milliseconds(limit.milliseconds)} (${(100 * limit.share).toFixed(0)} %)`,
      "memory, MiB": memories.join(" : "),
    };
  });
}

/** The rows as a Markdown table. */
export function markdownOf(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map((row) => line(columns.map((column) => row[column]!))),
  ].join("\n");
}
