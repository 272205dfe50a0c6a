/**
 * Random audits. An audit is drawn before anybody looks: uniformly, by a seed, from the kept questions of a finished
 * curriculum (or of all of them), and stored with the label each question had. Its accuracy rests on that draw alone:
 * on the items up to the last one that was reviewed in the audit's own order. What was reviewed further down, in some
 * other order, was chosen by somebody.
 */
import type { z } from 'zod';
import {
  VERDICTS,
  type Audit,
  type AuditStatistics,
  type reviewQueries,
  type Verdict,
} from '../../preload/contract/reviews.js';
import { cohensKappa, observationsToHalve } from '../lib/agreement.js';
import { LabError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import { wilson } from '../lib/statistics.js';
import type { Database } from './database.js';
import { questionRange } from './keys.js';
import { FACTS } from './queries/question-filter.js';
import { runNumber } from './queries/run-number.js';

type Input<K extends keyof typeof reviewQueries> = z.output<(typeof reviewQueries)[K]['input']>;
type Output<K extends keyof typeof reviewQueries> = z.output<(typeof reviewQueries)[K]['output']>;

/** Iterations whose curriculum is complete, so that what is kept will not grow any more. */
export function finishedCurricula(db: Database, run: number): number[] {
  return db
    .all<{ iteration: number }>(
      `SELECT iteration FROM timings WHERE run = ? AND phase = 'curriculum' AND step = -1 AND name = 'phase'
       ORDER BY iteration`,
      run,
    )
    .map((row) => row.iteration);
}

export function createAudit(db: Database, input: Input<'createAudit'>, now = Date.now()): Audit {
  return db.transaction(() => {
    const run = runNumber(db, input.run);
    const finished = finishedCurricula(db, run);
    const iterations = input.iteration === null ? finished : finished.filter((i) => i === input.iteration);
    const frame = iterations.flatMap((iteration) => keptOf(db, run, iteration));
    if (frame.length === 0)
      throw new LabError('usage', `${frameName(input.iteration)} has no kept questions to draw from.`, {
        remedy: 'Wait until a curriculum is finished, or name an iteration whose curriculum is.',
      });
    const drawn = RandomKey.of(input.seed, 'audit').stream().shuffled(frame).slice(0, input.size);
    db.run(
      'INSERT INTO review_audits (run, iteration, seed, frame_size, reviewer, at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[run, input.iteration, input.seed, frame.length, input.reviewer, now],
    );
    const audit = Number(db.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id);
    db.run(
      `INSERT INTO review_audit_items (audit, position, question, normal, label)
       SELECT ?, d.key, q.question, coalesce(q.normal_form, q.text), q.label
       FROM json_each(?) d JOIN questions q ON q.run = ? AND q.question = d.value`,
      ...[audit, JSON.stringify(drawn), run],
    );
    return readAudit(db, run, audit);
  });
}

function frameName(iteration: number | null): string {
  return iteration === null ? 'The run' : `Iteration ${iteration}`;
}

function keptOf(db: Database, run: number, iteration: number): number[] {
  const { from, to } = questionRange(iteration, 'curriculum');
  return db
    .all<{ question: number }>(
      `SELECT question FROM ${FACTS} WHERE run = ? AND question >= ? AND question < ? AND kept = 1 ORDER BY question`,
      ...[run, from, to],
    )
    .map((row) => row.question);
}

const AUDIT = `SELECT id, iteration, seed, frame_size AS frameSize, reviewer, at AS time,
  (SELECT count(*) FROM review_audit_items i WHERE i.audit = a.id) AS drawn FROM review_audits a`;

/** Newest first. */
export function listAudits(db: Database, input: Input<'audits'>): Audit[] {
  return db.all<Audit>(`${AUDIT} WHERE run = ? ORDER BY id DESC`, runNumber(db, input.run));
}

export function readAudit(db: Database, run: number, id: number): Audit {
  const audit = db.get<Audit>(`${AUDIT} WHERE run = ? AND id = ?`, run, id);
  if (!audit)
    throw new LabError('not-found', `This run has no audit ${id}.`, {
      remedy: 'Choose one from the list, or draw a new one.',
    });
  return audit;
}

export function auditStatistics(db: Database, input: Input<'auditStatistics'>): AuditStatistics {
  return db.snapshot(() => statisticsOf(db, runNumber(db, input.run), input.audit));
}

/** Within a snapshot. */
export function statisticsOf(db: Database, run: number, id: number): AuditStatistics {
  const audit = readAudit(db, run, id);
  const { reached, counts, skipped, lost } = auditCounts(db, run, { audit: id });
  // A duplicate says nothing about its label.
  const judged = counts.correct + counts['wrong-label'] + counts.ambiguous + counts.unsolvable;
  const more = observationsToHalve(counts.correct, judged);
  return {
    ...{ audit, reached, counts, skipped, lost },
    accuracy: judged > 0 ? wilson(counts.correct, judged) : null,
    // Nothing is left to estimate once every question of the frame has been looked at.
    toHalve: more === null ? null : Math.min(more, Math.max(0, audit.frameSize - judged)),
  };
}

/** An audit's verdicts on the items it has reached, or on those of them in a range of keys. Within a snapshot. */
export function auditCounts(
  db: Database,
  run: number,
  { audit, range }: { readonly audit: number; readonly range?: { readonly from: number; readonly to: number } },
): Pick<AuditStatistics, 'reached' | 'counts' | 'skipped' | 'lost'> {
  const reached =
    db.get<{ reached: number }>(
      `SELECT coalesce(max(i.position) + 1, 0) AS reached FROM review_actions a
       CROSS JOIN review_audit_items i INDEXED BY review_audit_items_by_question ON i.audit = a.audit AND i.question = a.question
       WHERE a.audit = ? AND a.pass = 'first' AND a.kind IN ('verdict', 'discard')`,
      audit,
    )?.reached ?? 0;
  const rows = db.all<{ holds: number; verdict: Verdict | null; n: number }>(
    `SELECT q.question IS NOT NULL AS holds, s.verdict, count(*) AS n
     FROM review_audit_items i
     LEFT JOIN questions q ON q.run = ?1 AND q.question = i.question AND coalesce(q.normal_form, q.text) = i.normal AND q.label IS i.label
     LEFT JOIN (SELECT question, verdict FROM review_states WHERE run = ?1 AND pass = 'first') s ON s.question = i.question
     WHERE i.audit = ?2 AND i.position < ?3 AND i.question >= ?4 AND i.question < ?5 GROUP BY 1, 2`,
    ...[run, audit, reached, range?.from ?? 0, range?.to ?? Number.MAX_SAFE_INTEGER],
  );
  const sum = (of: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(of).reduce((total, row) => total + row.n, 0);
  const counts = Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, sum((row) => row.holds === 1 && row.verdict === verdict)]),
  ) as Record<Verdict, number>;
  return {
    ...{ reached, counts },
    skipped: sum((row) => row.holds === 1 && row.verdict === null),
    lost: sum((row) => row.holds === 0),
  };
}

/** First against second pass, over the questions that have a verdict in both. */
export function passAgreement(db: Database, input: Input<'agreement'>): Output<'agreement'> {
  const run = runNumber(db, input.run);
  const { from, to } =
    input.iteration === null ? { from: 0, to: Number.MAX_SAFE_INTEGER } : questionRange(input.iteration);
  const pairs = db.all<{ first: Verdict; second: Verdict; n: number }>(
    `SELECT a.verdict AS first, b.verdict AS second, count(*) AS n
     FROM review_states a JOIN review_states b ON b.run = a.run AND b.question = a.question AND b.pass = 'second'
     WHERE a.run = ? AND a.pass = 'first' AND a.question >= ? AND a.question < ?
       AND a.verdict IS NOT NULL AND b.verdict IS NOT NULL
     GROUP BY 1, 2`,
    ...[run, from, to],
  );
  const table = VERDICTS.map((first) =>
    VERDICTS.map((second) => pairs.find((p) => p.first === first && p.second === second)?.n ?? 0),
  );
  return { categories: [...VERDICTS], table, ...cohensKappa(table) };
}
