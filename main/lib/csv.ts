/** CSV as RFC 4180 has it, for every file this program writes. */

export type CsvCell = string | number | bigint | boolean | null;

/** A line with its CRLF. Null is an empty field, an empty text is "", a quote is doubled. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvField).join(',')}\r\n`;
}

function csvField(cell: CsvCell): string {
  if (cell === null) return '';
  const text = String(cell);
  return typeof cell === 'string' && (text === '' || /[",\r\n]|^\s|\s$/.test(text))
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
