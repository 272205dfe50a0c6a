/** Parquet through hyparquet: whole files, as rows. Dates and bytes stay what the library gives; lists are arrays. */
import { fault, type Table } from './table.js';

const REMEDY = 'Download it again, or write it anew: it must be a whole Parquet file.';

export async function readParquetTable(bytes: Uint8Array, file: string): Promise<Table> {
  const [{ parquetMetadata, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const metadata = parquetMetadata(buffer);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    const objects = await parquetReadObjects({ file: buffer, metadata, compressors });
    if (objects.length !== Number(metadata.num_rows)) {
      throw new RangeError(`${objects.length} of ${metadata.num_rows} rows can be read`);
    }
    const rows = objects.map((object, i) => ({
      where: `${file}, row ${i + 1}`,
      cells: Object.fromEntries(Object.entries(object).map(([name, value]) => [name, plain(value)])),
    }));
    return { file, columns, rows };
  } catch (cause) {
    throw fault(`${file} is damaged or no Parquet file: ${reasonOf(cause)}.`, REMEDY, cause);
  }
}

/** 64-bit integers come as bigint, also where they are small. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return Array.isArray(value) ? value.map(plain) : value;
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
