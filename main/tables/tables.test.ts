import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { readTable } from './read-table.js';

const FIXTURES = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'benchmarks');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const cells = async (name: string, content: string | Uint8Array): Promise<unknown[]> =>
  (await readTable(put(name, content))).rows.map((row) => row.cells);

describe('tables in files', () => {
  it('are read from JSON Lines, with U+2028 inside a text and blank lines between', async () => {
    const text = '\uFEFF{"a": "x\u2028y"}\r\n\n{"b": 2}\n';
    expect(await cells('a.jsonl', text)).toEqual([{ a: 'x\u2028y' }, { b: 2 }]);
    const { columns, rows } = await readTable(join(folder, 'a.jsonl'));
    expect(columns).toEqual(['a', 'b']);
    expect(rows[1]?.where).toBe(`${join(folder, 'a.jsonl')}, line 3`);
  });

  it('are read from JSON in each public form, and from JSON Lines called .json', async () => {
    const rows = [{ a: 1 }, { a: 2 }];
    expect(await cells('a.json', JSON.stringify(rows))).toEqual(rows);
    expect(await cells('b.json', JSON.stringify({ canary: 'x', examples: rows }))).toEqual(rows);
    expect(await cells('c.json', JSON.stringify({ rows: rows.map((row) => ({ row_idx: 0, row })) }))).toEqual(rows);
    expect(await cells('d.json', '{"a":1}\n{"a":2}\n')).toEqual(rows);
    expect(await cells('e', '{"a":1}\n{"a":2}\n')).toEqual(rows);
  });

  // Would catch: "025" as 25, "N/A" as nothing, a comma or line break inside a field as a border.
  it('are read from CSV and TSV with every field as it stands', async () => {
    const csv = '\uFEFFq,a\r\n"one, ""two""\nthree",025\r\n\r\nN/A,\r\n';
    expect(await cells('a.csv', csv)).toEqual([
      { q: 'one, "two"\nthree', a: '025' },
      { q: 'N/A', a: null },
    ]);
    expect(await cells('a.tsv', 'q\ta\nx, y\t1e-5\n')).toEqual([{ q: 'x, y', a: '1e-5' }]);
  });

  it('are read from UTF-16 with a byte-order mark', async () => {
    const text = Buffer.from('\uFEFF{"a": "é"}\n', 'utf16le');
    expect(await cells('wide.jsonl', text)).toEqual([{ a: 'é' }]);
    expect(await cells('wide2.jsonl', Buffer.from(text).swap16())).toEqual([{ a: 'é' }]);
  });

  it('are read from Parquet: lists, 64-bit integers, absent values, Snappy and Zstandard', async () => {
    const { rows } = await readTable(join(FIXTURES, 'mmlu-pro.parquet'));
    expect(rows[0]?.cells).toMatchObject({ question_id: 70, options: ['iron', ' cork', 'lead', 'N/A', 'N/A'] });
    const olympiad = await readTable(join(FIXTURES, 'olympiadbench.parquet'));
    expect(olympiad.rows[1]?.cells).toMatchObject({
      final_answer: ['$(0,4]$.'],
      context: null,
      is_multiple_answer: false,
    });
    expect((await readTable(join(FIXTURES, 'bbeh.parquet'))).rows).toHaveLength(3);
    const big = 2n ** 60n;
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'n', data: [1n, big], type: 'INT64' }] });
    expect(await cells('big.parquet', new Uint8Array(buffer))).toEqual([{ n: 1 }, { n: big }]);
  });
});

describe('files that cannot be read are named, with where and what to do', () => {
  const parquet = readFileSync(join(FIXTURES, 'gsm8k.parquet'));
  const broken = Buffer.from(parquet);
  broken.fill(0xab, 8, 60);
  it.each<[string, string, string | Uint8Array, RegExp]>([
    [
      'Latin-1',
      'l.jsonl',
      Buffer.from('{"a":"ü"}\n{"a":"x"}\n', 'latin1'),
      /l\.jsonl, line 1: not UTF-8 \(byte 0xFC\)/,
    ],
    [
      'encodings that change within the file',
      'mixed.csv',
      Buffer.concat([Buffer.from('q,a\nüber,1\n'), Buffer.from('über,2\n', 'latin1')]),
      /mixed\.csv, line 3: not UTF-8 \(byte 0xFC\)/,
    ],
    ['UTF-16 without a mark', 'w.jsonl', Buffer.from('{"a":1}\n', 'utf16le'), /w\.jsonl, line 1: a NUL character/],
    ['half a UTF-16 character', 'h.jsonl', Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x22]), /damaged further on/],
    ['joined files', 'j.jsonl', '{"a":1}\n\uFEFF{"a":2}\n', /line 2: not a line of JSON: a byte-order mark inside/],
    ['half a line', 'c.jsonl', '{"a":1}\n{"a":', /c\.jsonl, line 2: not a line of JSON\./],
    ['a list as a line', 'k.jsonl', '[1]', /line 1: not an object/],
    ['an inexact number', 'n.jsonl', '{"a":12345678901234567890}', /too large to be exact; write it as text/],
    ['half a JSON file', 'x.json', '[{"a":1},', /x\.json is not JSON/],
    ['JSON without rows', 'y.json', '{"data":[],"rows":[]}', /holds 2 lists of rows/],
    ['a row that is none', 'z.json', '[{"a":1}, 2]', /z\.json, row 2: not an object/],
    ['an open quote', 'q.csv', 'a,b\n"x,1\ny,2\n', /q\.csv, line \d+: not CSV/],
    ['a missing field', 'm.csv', 'a,b\n1,2\n3\n', /m\.csv, row 2: 1 fields where the first line names 2/],
    ['two columns of one name', 't.csv', 'a,a\n1,2\n', /two columns called "a"/],
    ['only a head', 'o.csv', 'a,b\n', /o\.csv has no rows/],
    ['nothing', 'e.jsonl', '', /e\.jsonl is empty/],
    ['blank lines', 'b.jsonl', ' \n', /b\.jsonl has no rows/],
    ['a pointer', 'p.jsonl', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', /Git LFS pointer/],
    ['a packed file', 'g.jsonl', Buffer.from([0x1f, 0x8b, 8, 0]), /is compressed/],
    ['something else', 'u.bin', 'hello', /known neither by its ending nor by its beginning/],
    ['a page called Parquet', 'h.parquet', '<html>', /does not begin as a Parquet file/],
    ['half a Parquet file', 'half.parquet', parquet.subarray(0, 400), /damaged or no Parquet file/],
    ['a damaged Parquet file', 'd.parquet', broken, /damaged or no Parquet file/],
  ])('%s', async (_, name, content, message) => {
    const file = put(name, content);
    await expect(readTable(file)).rejects.toThrow(message);
    await expect(readTable(file)).rejects.toMatchObject({ code: 'usage', remedy: expect.any(String) as string });
  });

  it('a file that is not there, and a folder', async () => {
    await expect(readTable(join(folder, 'none.jsonl'))).rejects.toThrow(/none\.jsonl cannot be read/);
    await expect(readTable(folder)).rejects.toMatchObject({
      code: 'usage',
      message: `${folder} cannot be read: it is a folder.`,
    });
  });
});
