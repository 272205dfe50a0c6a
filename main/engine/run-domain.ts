/** The domain of a run as its record keeps it, and whether the folder it came from says something else today. */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import { readDomain, recordedDomain } from '../coevolution/domain-folder.js';
import { LabError } from '../lib/errors.js';
import type { Database } from '../store/database.js';
import { domainOfRun, keepDomain } from '../store/run-domains.js';
import type { RunRow } from '../store/runs.js';

export interface KeptDomain {
  readonly description: DomainDescription;
  /** What a person should know; null where folder and copy say the same. */
  readonly warning: string | null;
}

type Run = Pick<RunRow, 'number' | 'name' | 'recipe'>;

/** Takes the copy where there is none yet: a run of before there were copies, whose domain ships. */
export function keptDomain(db: Database, run: Run): KeptDomain {
  const kept = domainOfRun(db, run.number);
  if (!kept) {
    const { digest, files, description } = readDomain(run.recipe.domain);
    keepDomain(db, run.number, { digest, files });
    return { description, warning: null };
  }
  const description = recordedDomain(kept.files, `kept by run ${run.name}`);
  return { description, warning: warningOf(run.recipe.domain, description) };
}

/** For tasks, which only read. */
export function domainToRead(db: Database, run: Run): DomainDescription {
  const kept = domainOfRun(db, run.number);
  return kept ? recordedDomain(kept.files, `kept by run ${run.name}`) : readDomain(run.recipe.domain).description;
}

function warningOf(reference: string, kept: DomainDescription): string | null {
  const goesOn = 'the run goes on with the copy in its record';
  try {
    const now = readDomain(reference).description;
    return JSON.stringify(now) === JSON.stringify(kept)
      ? null
      : `the domain ${reference} has changed since the run began: ${goesOn}`;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return `the domain ${reference} cannot be read any more: ${goesOn}`;
  }
}
