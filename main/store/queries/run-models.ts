/** The models that runs have made: newest and best checkpoint of each, and how they did. */
import type { IterationSummary } from '../../../preload/contract/events.js';
import type { ModelCheckpoint, RunModel } from '../../../preload/contract/models.js';
import type { Cursor } from '../../../preload/contract/runs.js';
import type { Database } from '../database.js';
import { readSummaries } from '../metrics.js';
import { storedJson } from '../stored-json.js';

interface Found {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly base: string;
  readonly domain: string;
  readonly adapter: 0 | 1;
}

/** Newest run first; runs without a checkpoint have no model. */
export function runModels(db: Database): RunModel[] {
  const found = db.all<Found>(
    `SELECT number, id, name, created_at, json_extract(recipe, '$.model') AS base, json_extract(recipe, '$.domain') AS domain,
       json_type(recipe, '$.lora') = 'object' AS adapter
     FROM runs WHERE EXISTS (SELECT 1 FROM checkpoints WHERE run = number) ORDER BY created_at DESC, number DESC`,
  );
  return found.map(({ number, id, name, created_at, base, domain, adapter }) => {
    const summaries = readSummaries(db, number);
    return {
      ...{ run: id, name, base, domain, adapter: adapter === 1, createdAt: created_at },
      last: checkpoint(db, number, { best: false, summaries }),
      best: checkpoint(db, number, { best: true, summaries }),
    };
  });
}

function checkpoint(
  db: Database,
  run: number,
  { best, summaries }: { readonly best: boolean; readonly summaries: readonly IterationSummary[] },
): ModelCheckpoint | null {
  const row = db.get<{ cursor: string; bytes: number; ends_iteration: number }>(
    `SELECT cursor, bytes, ends_iteration FROM checkpoints WHERE run = ? ${best ? 'AND best = 1' : ''} ORDER BY seq DESC LIMIT 1`,
    run,
  );
  if (!row) return null;
  const cursor = storedJson<Cursor>(row.cursor);
  const evaluation = summaries.find((s) => s.iteration === cursor.iteration)?.evaluation ?? null;
  const measured = cursor.phase === 'evaluation' || cursor.phase === 'baseline' ? evaluation : null;
  return { ...cursor, bytes: row.bytes, score: measured?.greedy ?? null, benchmark: measured?.benchmark ?? null };
}
