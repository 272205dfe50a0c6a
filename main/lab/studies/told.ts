/** How studies stand, and their tables: what a window asks for, answered from the record alone. */
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { StudyInfo, StudyTable } from '../../../preload/contract/studies.js';
import type { Database } from '../../store/database.js';
import { phaseTimes } from '../../store/phase-times.js';
import { listStudies, readArms, readStudy, type StudyRow } from '../../store/studies.js';
import { studyInfo } from '../../studies/info.js';
import { studyTable } from '../../studies/table.js';
import { timeEstimate } from '../preflight/time.js';

export function toldOf(db: Database, study: StudyRow, arms = readArms(db, study.id)): StudyInfo {
  // An arm on weights of another takes as long as one on the model itself.
  const { model } = study.recipe;
  const estimate = (recipe: Recipe): number | null =>
    timeEstimate(recipe, phaseTimes(db, { ...recipe, model }), null).seconds?.likely ?? null;
  return db.snapshot(() => studyInfo(db, study, { arms, estimate }));
}

/** Newest first. */
export function studiesTold(db: Database, _input: Record<never, never> = {}): StudyInfo[] {
  return listStudies(db).map((study) => toldOf(db, study));
}

export function studyTableTold(db: Database, { study: id }: { readonly study: string }): StudyTable {
  return db.snapshot(() => {
    const study = readStudy(db, id);
    return studyTable(db, study, toldOf(db, study));
  });
}
