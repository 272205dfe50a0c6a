/**
 * Copies what a run recorded up to a unit of work to another run. In slices with pauses between them: a large run has a
 * million rows, and both this process and others that write go on meanwhile.
 */
import { setImmediate as pause } from 'node:timers/promises';
import { LabError } from '../lib/errors.js';
import type { Database, SqlValue } from './database.js';
import { LOOP_TABLES } from './rollback.js';

/** Some 50 ms of work, with the search index. */
const SLICE = 2000;

/** Said by a process about itself; a fork has had none yet. */
const OF_PROCESSES = ['run.started', 'run.paused', 'run.finished', 'run.failed', 'compute.summary'];

export interface Copying {
  readonly from: number;
  readonly to: number;
  /** Id of the run the rows are copied to. */
  readonly toId: string;
  /** The last unit of work. */
  readonly seq: number;
}

/** Copies rows of all tables of the loop; checkpoints are not rows alone and are left to the caller. */
export async function copyRows(db: Database, copying: Copying): Promise<void> {
  // Questions first, for other tables refer to them; then what people said of them, for corrections refer to that.
  await copyTable(db, copying, { table: 'questions' });
  const shift = copyReviews(db, copying);
  for (const table of LOOP_TABLES) {
    if (table === 'questions' || table === 'checkpoints') continue;
    if (table === 'corrections') await copyTable(db, copying, { table, changed: { entry: `entry + ${shift}` } });
    else if (table === 'events') await copyEvents(db, copying);
    else await copyTable(db, copying, { table });
  }
  await copyVerdicts(db, copying);
}

function copyEvents(db: Database, copying: Copying): Promise<void> {
  const types = OF_PROCESSES.map((type) => `'${type}'`).join(', ');
  return copyTable(db, copying, {
    table: 'events',
    // An event names its run; an id has no quotes.
    changed: { event: `json_set(event, '$.run', '${copying.toId}')` },
    where: `json_extract(event, '$.type') NOT IN (${types})`,
  });
}

/** What judges said of the questions and answers the fork has: a verdict is as good there, and is not paid for twice. */
async function copyVerdicts(db: Database, copying: Copying): Promise<void> {
  const has = (table: string, key: string): string =>
    `(${key}) IN (SELECT ${key} FROM ${table} WHERE run = ${copying.to})`;
  await copyTable(db, copying, { table: 'judge_verdicts', place: has('questions', 'question') });
  const answer = 'iteration, benchmark, item, sample';
  await copyTable(db, copying, { table: 'judge_answers', place: has('evaluation_answers', answer) });
}

interface TableCopy {
  readonly table: string;
  /** SQL for columns that are not taken as they are. */
  readonly changed?: Readonly<Record<string, string>>;
  readonly where?: string;
  /** Which rows are of the fork's part, where no unit of work wrote them. */
  readonly place?: string;
}

async function copyTable(db: Database, copying: Copying, { table, changed = {}, where = 'true', place }: TableCopy) {
  const { from, to, seq } = copying;
  const within = place ?? `seq <= ${seq}`;
  const info = db.all<{ name: string; pk: number }>(`PRAGMA table_info(${table})`);
  const columns = info.map((c) => c.name).filter((name) => name !== 'run');
  const key = info
    .filter((c) => c.pk > 0 && c.name !== 'run')
    .sort((a, b) => a.pk - b.pk)
    .map((c) => c.name);
  const taken = columns.map((name) => changed[name] ?? name).join(', ');
  const order = key.join(', ');
  const copy = (after: readonly SqlValue[]): number =>
    db.run(
      `INSERT INTO ${table} (run, ${columns.join(', ')}) SELECT ?, ${taken} FROM ${table}
       WHERE run = ? AND ${within} AND ${where}
         ${after.length > 0 ? `AND (${order}) > (${key.map(() => '?').join(', ')})` : ''}
       ORDER BY ${order} LIMIT ${SLICE}`,
      ...[to, from, ...after],
    );
  for (let last: readonly SqlValue[] = []; ; await pause()) {
    const copied = db.transaction(() => {
      requireWhole(db, copying);
      return copy(last);
    });
    if (copied < SLICE) return;
    const descending = key.map((name) => `${name} DESC`).join(', ');
    const row = db.get(`SELECT ${order} FROM ${table} WHERE run = ? ORDER BY ${descending} LIMIT 1`, to);
    last = key.map((name) => row?.[name]);
  }
}

/** The other run may go on, but not back behind where the fork begins. */
function requireWhole(db: Database, { from, seq }: Copying): void {
  const stands = db.get<{ seq: number }>('SELECT seq FROM runs WHERE number = ?', from)?.seq ?? 0;
  if (stands >= seq) return;
  throw new LabError('busy', 'The run was taken back or removed while the fork was made.', { remedy: 'Fork again.' });
}

/**
 * What people said of the questions the fork has, with audits all of whose questions it has. Returns what is added to the
 * ids of actions: the journal's ids are shared by all runs.
 */
function copyReviews(db: Database, { from, to }: Copying): number {
  const has = (question: string): string => `${question} IN (SELECT question FROM questions WHERE run = ${to})`;
  return db.transaction(() => {
    const highest = (table: string): number =>
      db.get<{ id: number | null }>(`SELECT max(id) AS id FROM ${table}`)?.id ?? 0;
    const [shift, auditShift] = [highest('review_actions'), highest('review_audits')];
    const audits = `SELECT id FROM review_audits a WHERE run = ${from} AND NOT EXISTS
      (SELECT 1 FROM review_audit_items i WHERE i.audit = a.id AND NOT ${has('i.question')})`;
    const whole = db.all<{ id: number }>(audits).map((a) => a.id);
    const listed = whole.join(', ');
    db.run(
      `INSERT INTO review_audits (id, run, iteration, seed, frame_size, reviewer, at)
       SELECT id + ?, ?, iteration, seed, frame_size, reviewer, at FROM review_audits WHERE id IN (${listed})`,
      ...[auditShift, to],
    );
    db.run(
      `INSERT INTO review_audit_items (audit, position, question, normal, label)
       SELECT audit + ?, position, question, normal, label FROM review_audit_items WHERE audit IN (${listed})`,
      auditShift,
    );
    db.run(
      `INSERT INTO review_actions
         (id, run, question, normal, text, judged_label, pass, reviewer, kind, value, undoes, audit, at)
       SELECT id + ?, ?, question, normal, text, judged_label, pass, reviewer, kind, value, undoes + ?,
         iif(audit IN (${listed}), audit + ?, NULL), at
       FROM review_actions WHERE run = ? AND ${has('question')} ORDER BY id`,
      ...[shift, to, shift, auditShift, from],
    );
    db.run(
      `INSERT INTO review_drafts (run, question, pass, reviewer, draft, at)
       SELECT ?, question, pass, reviewer, draft, at FROM review_drafts WHERE run = ? AND ${has('question')}`,
      ...[to, from],
    );
    db.run(
      'INSERT INTO review_guidelines (run, reviewer, text, at) SELECT ?, reviewer, text, at FROM review_guidelines WHERE run = ? ORDER BY id',
      ...[to, from],
    );
    return shift;
  });
}
