import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cursorAt, temporaryDirectory, testRecipe } from '../../test/support/store-fixtures.js';
import { recordAwkwardRun } from '../../test/support/awkward-run.js';
import { Database } from '../store/database.js';
import { RunRecorder } from '../store/record.js';
import { insertCorrections } from '../store/corrections.js';
import { createRun, findRun } from '../store/runs.js';
import { EXPORT_KINDS, exportRun } from './export-run.js';
import { EXPORTS } from './tables.js';

let dir: ReturnType<typeof temporaryDirectory>;
let db: Database;
let runId: string;

beforeEach(() => {
  dir = temporaryDirectory();
  db = Database.open(join(dir.path, 'data'));
  const recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));
  runId = recorder.run.id;
  recorder.commit(1, cursorAt(1), recordAwkwardRun);
});
afterEach(() => {
  db.close();
  dir.remove();
});

const at = (name: string): string => join(dir.path, name);
type JsonRow = Record<string, string | number | boolean | null>;
const jsonLines = (path: string): JsonRow[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonRow);

/** RFC 4180, read by its grammar; every field as text, null where it is empty and not quoted. */
function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let match = field.exec(text); match; match = field.exec(text)) {
    const [, value = '', end] = match;
    const row = rows.at(-1);
    row?.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value === '' ? null : value);
    if (end === '\r\n') rows.push([]);
    if (field.lastIndex === text.length) break;
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

describe('exports', () => {
  // Would catch: quotes, newlines or other scripts broken in one format, a column missing or of another type in one.
  it.each(EXPORT_KINDS)('of %s hold equal rows in every format', async (what) => {
    const results = [];
    for (const format of ['jsonl', 'csv', 'parquet'])
      results.push(await exportRun({ db, runId, what, format, out: at(`${what}.${format}`) }));
    const json = jsonLines(at(`${what}.jsonl`));
    expect(json.length).toBeGreaterThan(3);
    expect(results.map((r) => r.rows)).toEqual([json.length, json.length, json.length]);

    const [head, ...csv] = readCsv(readFileSync(at(`${what}.csv`), 'utf8'));
    const names = EXPORTS[what].columns.map((c) => c.name);
    expect(head).toEqual(names);
    expect(Object.keys(json[0] ?? {})).toEqual(names);
    expect(csv).toEqual(json.map((row) => names.map((name) => (row[name] === null ? null : String(row[name])))));

    const file = await asyncBufferFromFile(at(`${what}.parquet`));
    const parquet = (await parquetReadObjects({ file })) as Record<string, unknown>[];
    expect(parquet.map((row) => names.map((n) => (typeof row[n] === 'bigint' ? Number(row[n]) : row[n])))).toEqual(
      json.map((row) => names.map((name) => row[name])),
    );
  });

  // Would catch: types guessed from the first rows, such as integers for a column of reals.
  it('give Parquet columns their own types', async () => {
    await exportRun({ db, runId, what: 'questions', format: 'parquet', out: at('q.parquet') });
    const { schema } = await parquetMetadataAsync(await asyncBufferFromFile(at('q.parquet')));
    const typeOf = (name: string) => schema.find((s) => s.name === name);
    expect(typeOf('question')).toMatchObject({ type: 'INT64', repetition_type: 'REQUIRED' });
    expect(typeOf('difficulty')).toMatchObject({ type: 'DOUBLE', repetition_type: 'OPTIONAL' });
    expect(typeOf('kept')).toMatchObject({ type: 'BOOLEAN', repetition_type: 'OPTIONAL' });
    expect(typeOf('step')).toMatchObject({ type: 'INT32', repetition_type: 'REQUIRED' });
    expect(typeOf('text')).toMatchObject({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
  });

  // Would catch: a dataset that leaves the lab without a word of the people in it, or with what they rejected.
  it('say where people changed what the Solver learnt, and give what it learnt', async () => {
    const out = at('before.jsonl');
    expect((await exportRun({ db, runId, what: 'dataset', format: 'jsonl', out })).zeroData).toBe(true);
    const before = jsonLines(out);
    expect(before.every((row) => row['zero_data'] === true && row['answer'] === row['voted_answer'])).toBe(true);
    const [gone, mended] = before as [JsonRow, JsonRow];
    const said = { source: 'reviews', verdict: null, author: 'ada', entry: null };
    const [a, b] = [
      { ...said, key: Number(gone['id']), effect: 'removed' as const, oldLabel: 'x', newLabel: null },
      { ...said, key: Number(mended['id']), effect: 'relabelled' as const, oldLabel: 'x', newLabel: 'better' },
    ];
    insertCorrections(db, findRun(db, runId).number, 1, [a, b]);
    const after = at('after.jsonl');
    expect((await exportRun({ db, runId, what: 'dataset', format: 'jsonl', out: after })).zeroData).toBe(false);
    const rows = jsonLines(after);
    expect(rows.map((row) => row['id'])).toEqual(before.slice(1).map((row) => row['id']));
    expect(rows[0]).toMatchObject({
      answer: 'better',
      voted_answer: mended['answer'],
      label_method: 'reviews',
      label_correct: null,
    });
    for (const what of EXPORT_KINDS) {
      await exportRun({ db, runId, what, format: 'jsonl', out: at(`${what}.jsonl`) });
      expect(jsonLines(at(`${what}.jsonl`)).every((row) => row['zero_data'] === false)).toBe(true);
    }
    expect(jsonLines(at('questions.jsonl')).find((row) => row['question'] === gone['id'])).toMatchObject({
      correction: 'removed',
      corrected_label: null,
    });
  });

  // Would catch: a benchmark's question in a data set that was asked for without, or a filter that is silently not followed.
  it('hold only the questions that overlap as asked', async () => {
    const { number } = findRun(db, runId);
    const rows = (what: string, heldOut?: string) =>
      exportRun({ db, runId, what, format: 'jsonl', out: at('o.jsonl'), overwrite: true, ...(heldOut && { heldOut }) });
    const [questions, dataset] = [(await rows('questions')).rows, (await rows('dataset')).rows];
    db.run(`UPDATE questions SET held_out = 'exact' WHERE run = ? AND item = 0`, number);
    db.run(`UPDATE questions SET held_out = 'near' WHERE run = ? AND item = 1`, number);
    db.run(`UPDATE questions SET drop_reason = 'held-out' WHERE run = ? AND item = 3`, number);
    const counts = async (what: string) => {
      const found = [];
      for (const which of ['exact', 'near', 'any', 'none']) found.push((await rows(what, which)).rows);
      return found;
    };
    expect(await counts('questions')).toEqual([2, 1, 3, questions - 3]);
    expect(await counts('dataset')).toEqual([1, 1, 2, dataset - 2]);
    await expect(rows('metrics', 'any')).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('questions, dataset') as string,
    });
    await expect(rows('questions', 'some')).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('exact, near, any, none') as string,
    });
  });

  // Would catch: a verdict that is read from `correct` alone, so that what was not decided looks wrong.
  it('give answers to benchmarks with their gold answer and verdict', async () => {
    await exportRun({ db, runId, what: 'evaluations', format: 'jsonl', out: at('e.jsonl') });
    const rows = jsonLines(at('e.jsonl'));
    expect(rows.slice(0, 3).map((row) => [row['iteration'], row['item'], row['sample'], row['verdict']])).toEqual([
      [1, 0, 0, 'equal'],
      [1, 1, 1, 'different'],
      [1, 2, 0, 'undecided'],
    ]);
    expect(rows[2]).toMatchObject({
      benchmark: 'odd "ones", two',
      reason: 'too long, or not',
      gold: rows[2]?.['question'],
    });
  });

  it('of a run that recorded nothing yet are empty files of the right shape', async () => {
    const empty = createRun(db, { recipe: testRecipe() });
    for (const format of ['jsonl', 'csv', 'parquet'])
      expect((await exportRun({ db, runId: empty.id, what: 'dataset', format, out: at(`e.${format}`) })).rows).toBe(0);
    expect(readFileSync(at('e.jsonl'), 'utf8')).toBe('');
    expect(readFileSync(at('e.csv'), 'utf8')).toMatch(/^question,answer,.*\r\n$/);
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(at('e.parquet')));
    expect([Number(metadata.num_rows), metadata.schema.length]).toEqual([0, EXPORTS.dataset.columns.length + 1]);
  });

  // Would catch: a typo that becomes an empty file, or one export written over another.
  it('refuse what they cannot do, in words', async () => {
    const out = at('x.csv');
    const refused = (change: object) => exportRun({ db, runId, what: 'metrics', format: 'csv', out, ...change });
    await expect(refused({ what: 'questoins' })).rejects.toMatchObject({
      code: 'usage',
      message: 'Cannot export "questoins".',
      remedy: 'Choose one of: questions, dataset, metrics, answers, evaluations.',
    });
    await expect(refused({ format: 'toString' })).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('jsonl') as string,
    });
    await expect(refused({ runId: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(refused({ out: dir.path })).rejects.toThrow('is a directory');
    await expect(refused({ out: at('no/where.csv') })).rejects.toThrow('does not exist');
    expect(readdirSync(dir.path)).toEqual(['data']);
    await refused({});
    await expect(refused({})).rejects.toThrow('exists already');
    await refused({ overwrite: true });
    expect(readdirSync(dir.path)).toEqual(['data', 'x.csv']);
  });
});
