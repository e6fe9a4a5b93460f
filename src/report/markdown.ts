/** A table of plain text, as wide as its head; the first column is aligned to the left, the others to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [line(head), `| --- |${" ---: |".repeat(head.length - 1)}`, ...rows.map(line)];
  return `${lines.join("\n")}\n`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(" | ")} |`;
}

/** Text that Markdown shows as it is: in one line, and with a backslash before whatever would mean something. */
function escapeMarkdown(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]\s*/g, " ").replace(/[\\`*_{}[\]<>|&#~$]/g, "\\$&");
}
