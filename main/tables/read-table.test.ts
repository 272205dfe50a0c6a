import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test/support/store-fixtures.js';
import { readTable } from './read-table.js';

let place: ReturnType<typeof temporaryDirectory>;
beforeAll(() => (place = temporaryDirectory()));
afterAll(() => place.remove());

let count = 0;
function file(extension: string, content: string | Uint8Array): string {
  const path = join(place.path, `${count++}${extension}`);
  writeFileSync(path, content);
  return path;
}
const valuesOf = async (path: string): Promise<unknown[]> => (await readTable(path)).rows.map(({ values }) => values);
const LATIN = Buffer.from([0x63, 0x61, 0x66, 0xe9]); // café in Windows-1252

describe('the same rows', () => {
  const rows = [
    { prompt: 'a, "b"\nc', completion: 'π ≈ 3' },
    { prompt: '', completion: 'x;y' },
  ];

  // Catches a field cut at a separator, a quote or a line break, and a mark that becomes part of a column's name.
  it.each([
    ['.jsonl', `\uFEFF${rows.map((row) => JSON.stringify(row)).join('\n\n')}\n`],
    ['.json', JSON.stringify(rows, null, 2)],
    ['.csv', '\uFEFFprompt,completion\r\n"a, ""b""\nc",π ≈ 3\r\n"",x;y\r\n'],
    ['.csv', 'prompt;completion\n"a, ""b""\nc";π ≈ 3\n;"x;y"'],
    ['.tsv', 'prompt\tcompletion\n"a, ""b""\nc"\tπ ≈ 3\n\tx;y\n\n'],
  ])('come from %s: %j', async (extension, text) => {
    const table = await readTable(file(extension, text));
    expect(table.columns).toEqual(['prompt', 'completion']);
    expect(table.rows.map(({ values }) => values)).toEqual(rows);
    expect(await valuesOf(file(extension, Buffer.from(`\uFEFF${text.replace('\uFEFF', '')}`, 'utf16le')))).toEqual(rows);
  });

  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const)('come from Parquet, %s', async (codec) => {
    const columnData = [
      { name: 'prompt', data: rows.map(({ prompt }) => prompt), type: 'STRING' as const },
      { name: 'completion', data: rows.map(({ completion }) => completion), type: 'STRING' as const },
      { name: 'n', data: [1n, 2n ** 60n], type: 'INT64' as const },
    ];
    const compressors = { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) };
    const bytes = parquetWriteBuffer({ columnData, codec, compressors });
    expect(await valuesOf(file('.parquet', new Uint8Array(bytes)))).toEqual([
      { ...rows[0], n: 1 },
      { ...rows[1], n: 2n ** 60n },
    ]);
  });
});

describe('what cannot be read', () => {
  // Catches a place that is off by one, and an error that leaves its reader without a way out.
  it.each([
    ['.jsonl', '{"a":1}\n\n{"a":}\n', /, line 3: not valid JSON/],
    ['.jsonl', '{"a":1}\n[1]\n', /, line 2: not an object/],
    ['.json', '{"a":1}', /not a list of objects/],
    ['.json', '[{"a":1},7]', /, entry 2: not an object/],
    ['.csv', 'a,b\n1,2\n"x\ny",2\n3\n', /, line 5: 1 fields, but 2 columns/],
    ['.csv', 'a,b\n1,"2\n', /, line 2: a quote is opened and never closed/],
    ['.csv', 'a,b\n1,"2"3\n', /, line 2: text behind a closing quote/],
    ['.csv', 'a,a\n1,2\n', /two columns are called "a"/],
    ['.csv', 'a,b\n', /has no rows/],
    ['.jsonl', '\n', /has no rows/],
    ['.txt', 'a', /none of the formats/],
    ['.parquet', 'PAR1', /cannot be read as Parquet/],
    ['.csv', Buffer.concat([Buffer.from('a,b\nüber,1\n'), LATIN, Buffer.from(',2\n')]), /, line 3: not UTF-8 text/],
    ['.jsonl', Buffer.concat([Buffer.from('{"a":"'), LATIN, Buffer.from('"}')]), /, line 1: not UTF-8 text/],
  ])('%s of %j is refused by its place, with a remedy', async (extension, content, message) => {
    await expect(readTable(file(extension, content))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(/\w/) as string,
    });
  });

  it('a file that is not there, and a folder', async () => {
    await expect(readTable(join(place.path, 'none.csv'))).rejects.toThrow(/there is no such file/);
  });
});
