/** Rows of a Parquet file, compressed by Snappy, gzip or Brotli, or not at all. Leaves out Zstandard and LZ4. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parquetReadObjects, type Compressors } from 'hyparquet';
import { LabError } from '../lib/errors.js';
import type { TableRow } from './table.js';

const COMPRESSORS: Compressors = {
  GZIP: (bytes) => gunzipSync(bytes),
  BROTLI: (bytes) => brotliDecompressSync(bytes),
};

export async function parquetRows(bytes: Uint8Array, file: string): Promise<TableRow[]> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const rows = await parquetReadObjects({ file: buffer, compressors: COMPRESSORS });
    return rows.map((values, i) => ({ place: `row ${i + 1}`, values: plainNumbers(values) }));
  } catch (cause) {
    const why = (cause as Error).message;
    throw new LabError('usage', `${file} cannot be read as Parquet: ${why}.`, {
      cause,
      remedy: /codec/.test(why)
        ? 'Write it again with compression "snappy", or as JSONL.'
        : 'Download or write it again: a Parquet file that is cut off cannot be read.',
    });
  }
}

/** Integers of 64 bits come as BigInt; those that a number can hold become one. */
function plainNumbers(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
    ]),
  );
}
