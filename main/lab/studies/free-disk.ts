/**
 * Frees the disk of an arm that is finished: its checkpoints go, but for the final one where other studies begin from it. A run
 * that a person made is left alone, and so is one that any study is to keep.
 */
import type { Database } from '../../store/database.js';
import { readCheckpoints } from '../../store/checkpoints.js';
import { pruneRun } from '../../store/prune.js';
import { madeByStudy } from '../../store/run-identities.js';
import { readRun } from '../../store/runs.js';
import { listStudies, readArms } from '../../store/studies.js';
import { familyOf } from '../../studies/families.js';

/** How many of the newest checkpoints are wanted; null: all of them. */
function wanted(db: Database, run: number): number | null {
  let last = 0;
  for (const study of listStudies(db)) {
    const names = new Set(
      readArms(db, study.id)
        .filter((arm) => arm.run === run)
        .map(({ arm }) => arm),
    );
    if (names.size === 0) continue;
    if (study.keepCheckpoints) return null;
    const { arms } = familyOf(study.family).design(study.recipe);
    if (arms.some((arm) => (names.has(arm.name) && arm.keepFinal) || (arm.after !== undefined && names.has(arm.after))))
      last = 1;
  }
  return last;
}

/** Of the finished arms of one study. What a process works on meanwhile is left for the next time. */
export async function freeDisk(db: Database, study: string): Promise<void> {
  for (const { run } of readArms(db, study)) {
    if (run === null || !madeByStudy(db, run)) continue;
    const row = readRun(db, run);
    const last = row.state === 'finished' ? wanted(db, run) : null;
    if (last === null || readCheckpoints(db, run).length <= last) continue;
    await pruneRun(db, row, { last, best: false, iterations: false });
  }
}
