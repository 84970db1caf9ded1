/** Tables in plain text. */

/** One row: a cell for each column, or one line across all of them. A cell of several lines becomes one. */
export type Row = readonly (string | number)[] | string;

/** Writes a table; numbers stand to the right. A column in which no row has anything is left out. */
export function table(head: readonly string[], rows: readonly Row[]): string {
  const cells = rows.filter((row) => typeof row !== "string");
  const columns = [...head.keys()].filter((column) => cells.some((row) => textAt(row, column) !== ""));
  const widths = columns.map((column) => Math.max(...[head, ...cells].map((row) => textAt(row, column).length)));
  const line = (row: Row): string =>
    typeof row === "string"
      ? row
      : columns
          .map((column, index) => {
            const text = textAt(row, column);
            const width = widths[index] ?? 0;
            return typeof row[column] === "number" ? text.padStart(width) : text.padEnd(width);
          })
          .join("  ")
          .trimEnd();
  return [head, ...rows].map((row) => `${line(row)}\n`).join("");
}

const textAt = (row: Exclude<Row, string>, column: number): string =>
  String(row[column] ?? "").replace(/[\r\n]+/g, " ");
