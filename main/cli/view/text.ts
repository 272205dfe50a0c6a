/** Rows of text whose width is counted as the terminal shows it: colour codes take no room. Pure. */
const COLOUR = /\u001b\[[0-9;]*m/g;

export function widthOf(text: string): number {
  return [...text.replace(COLOUR, '')].length;
}

/** Cut to a width; colours are kept and closed, and an ellipsis says that something is missing. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let room = Math.max(0, width - 1);
  let result = '';
  let coloured = false;
  for (const part of text.split(/(\u001b\[[0-9;]*m)/)) {
    if (part.startsWith('\u001b[')) {
      result += part;
      coloured = true;
      continue;
    }
    const characters = [...part];
    result += characters.slice(0, room).join('');
    room -= Math.min(room, characters.length);
  }
  return `${result}${width > 0 ? '…' : ''}${coloured ? '\u001b[0m' : ''}`;
}

export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blank = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'right' ? text + blank : blank + text;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table with a rule under its head. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, i) => pad(cells[i] ?? '', widths[i] ?? 0, column.align === 'left' ? 'right' : 'left'))
      .join('  ')
      .trimEnd();
  return [line(columns.map((c) => c.title)), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.map(line)];
}
