/** A file of rows with named columns, whatever its format: what the readers of this folder give. */
export interface TableRow {
  /** Where it stands, for messages: "line 3", "row 12". */
  readonly place: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Table {
  readonly file: string;
  /** Of all rows, in the order in which they come up. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export function tableOf(file: string, rows: readonly TableRow[]): Table {
  const columns = new Set<string>();
  for (const { values } of rows) for (const name of Object.keys(values)) columns.add(name);
  return { file, columns: [...columns], rows };
}
