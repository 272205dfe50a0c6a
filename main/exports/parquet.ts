/** Parquet through hyparquet-writer: Snappy, one row group at a time in memory, written out after each. */
import { open } from 'node:fs/promises';
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import type { Cell, RowWriter } from './formats.js';
import type { ColumnType } from './tables.js';

const ROWS_PER_GROUP = 20_000;

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  key: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
} as const satisfies Record<ColumnType, object>;

export const writeParquet: RowWriter = async (path, columns, rows) => {
  const file = await open(path, 'w');
  try {
    const writer = new ByteWriter();
    const flush = async (): Promise<void> => {
      const bytes = new Uint8Array(writer.buffer, 0, writer.index).slice();
      writer.index = 0;
      await file.writeFile(bytes);
    };
    let count = 0;
    function* objects(): Generator<Record<string, Cell>> {
      for (const row of rows) {
        count++;
        yield Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null]));
      }
    }
    await parquetWriteRows({
      writer: Object.assign(writer, { flush, finish: flush }),
      rows: objects(),
      columns: columns.map(({ name }) => ({ name })),
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type, nullable }) => ({
          name,
          ...TYPES[type],
          repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        })),
      ],
      rowGroupSize: ROWS_PER_GROUP,
      createdBy: 'R-Zero Lab',
    });
    return count;
  } finally {
    await file.close();
  }
};
