/**
 * Brings a database to the present schema, one numbered step at a time, each in one transaction together with its
 * `user_version`. Two processes may try at once: the second finds the work done.
 */
import { LabError } from '../lib/errors.js';
import type { Database } from './database.js';
import { initial } from './migrations/001-initial.js';
import { views } from './migrations/002-views.js';
import { lookups } from './migrations/003-lookups.js';
import { search } from './migrations/004-search.js';
import { reviews } from './migrations/005-reviews.js';
import { steering } from './migrations/006-steering.js';
import { queue } from './migrations/007-queue.js';
import { guidelines } from './migrations/008-guidelines.js';
import { topics } from './migrations/009-topics.js';
import { oracles } from './migrations/010-oracles.js';
import { studies } from './migrations/011-studies.js';
import { measures } from './migrations/012-measures.js';
import { origins } from './migrations/013-origins.js';
import { domains } from './migrations/014-domains.js';
import { models } from './migrations/015-models.js';

export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  ...[initial, views, lookups, search, reviews],
  ...[steering, queue, guidelines, topics],
  ...[oracles, studies, measures, origins, domains, models],
];
export const SCHEMA_VERSION = MIGRATIONS.length;

export function migrate(db: Database, mode: 'read' | 'write', target = SCHEMA_VERSION): void {
  const found = versionOf(db);
  if (found > SCHEMA_VERSION)
    throw new LabError(
      'database',
      `The database ${db.path} has schema version ${found}; this program knows versions up to ${SCHEMA_VERSION}.`,
      { remedy: 'Update R-Zero Lab, or name another directory with --data-dir.' },
    );
  if (found >= target) return;
  if (mode === 'read')
    throw new LabError(
      'database',
      `The database ${db.path} has schema version ${found}; this program reads version ${target}.`,
      {
        remedy: 'Open it once for writing (start or resume any run), which brings it up to date.',
      },
    );
  for (const migration of MIGRATIONS.filter(({ version }) => version <= target)) {
    db.transaction(() => {
      if (versionOf(db) >= migration.version) return;
      db.exec(migration.sql);
      db.exec(`PRAGMA user_version = ${migration.version}`);
    });
  }
}

function versionOf(db: Database): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}
