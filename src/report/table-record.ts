/** A cell of the gevb paper's tables: the same circuit and rule trained from several seeds. */
export interface TableCell {
  dataset: "mnist" | "cifar10";
  arch: "dense" | "conv" | "local";
  units: "vector" | "conventional";
  rule: string;
  sign: "excitatory" | "mixed";
  /** What each finished run ended with; errors are shares, 0 to 1. */
  runs: readonly { seed: number; testError: number; trainError: number; epochs: number }[];
  /** Why a run failed. */
  failure?: string;
  /** The paper's errors, shares from 0 to 1. */
  paper?: { testError: number; trainError?: number };
}

const columns = ["dataset", "arch", "units", "sign", "rule"] as const;

/** The cells as a Markdown table, errors in per cent: mean and, from two seeds on, standard deviation. */
export function tableMarkdown(cells: readonly TableCell[]): string {
  const head = [...columns, "seeds", "test error %", "training error %", "epochs", "paper: test (training) %"];
  const rows = cells.map((cell) => [
    ...columns.map((column) => cell[column]),
    String(cell.runs.length),
    cell.failure === undefined ? spread(cell.runs.map(({ testError }) => 100 * testError)) : `failed: ${cell.failure}`,
    spread(cell.runs.map(({ trainError }) => 100 * trainError)),
    spread(cell.runs.map(({ epochs }) => epochs)),
    paperOf(cell),
  ]);
  const line = (row: readonly string[]) => `| ${row.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

/** One line a run, errors as shares; a cell without a run has one line with empty values. */
export function tableCsv(cells: readonly TableCell[]): string {
  const head = [
    ...columns,
    "seed",
    "testError",
    "trainError",
    "epochs",
    "failure",
    "paperTestError",
    "paperTrainError",
  ];
  const rows = cells.flatMap((cell) => {
    const runs = cell.runs.map(({ seed, testError, trainError, epochs }) => [seed, testError, trainError, epochs]);
    return (runs.length > 0 ? runs : [["", "", "", ""]]).map((run) => [
      ...columns.map((column) => cell[column]),
      ...run,
      cell.failure ?? "",
      cell.paper?.testError ?? "",
      cell.paper?.trainError ?? "",
    ]);
  });
  const field = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value;
  return [head, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return "";
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return mean.toFixed(2);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(2)} ± ${Math.sqrt(variance).toFixed(2)}`;
}

function paperOf({ paper }: TableCell): string {
  if (!paper) return "";
  const test = (100 * paper.testError).toFixed(2);
  return paper.trainError === undefined ? test : `${test} (${(100 * paper.trainError).toFixed(2)})`;
}
