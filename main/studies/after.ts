/**
 * Arms that begin from what another arm became. Which weights those are is not known before that arm is finished; then the
 * arm's recipe names the run, and its identity rests on the weights.
 */
import type { Database } from '../store/database.js';
import { LabError } from '../lib/errors.js';
import { runOfIdentity } from '../store/run-identities.js';
import { findOrigin } from '../store/run-origin.js';
import { readRun, type RunRow } from '../store/runs.js';
import type { ArmRow, NewArm } from '../store/studies.js';
import { equalButWeights, identityAfter } from './identity.js';
import type { ArmDesign } from './study.js';

/**
 * The arm on the final Solver of a finished run.
 * @throws LabError('not-found') where that run's checkpoints are gone
 */
export function armAfter<A extends NewArm>(db: Database, arm: A, from: Pick<RunRow, 'id'>): A {
  const found = findOrigin(db, `${from.id}@last`);
  if (!found) throw new LabError('internal', `Run ${from.id} cannot be a model.`);
  return { ...arm, recipe: { ...arm.recipe, model: found.model }, ...identityAfter(arm, found.origin.sha256) };
}

/** The same; null where the checkpoints are gone. */
export function armAfterIfThere<A extends NewArm>(db: Database, arm: A, from: Pick<RunRow, 'id'>): A | null {
  try {
    return armAfter(db, arm, from);
  } catch (error) {
    if (error instanceof LabError && error.code === 'not-found') return null;
    throw error;
  }
}

/**
 * Planned arms with the weights that are there already. Where the weights have gone since, an arm that took them remains.
 * @param before the study's arms as they are recorded
 */
export function armsAfter(
  db: Database,
  arms: readonly NewArm[],
  { designs, before }: { readonly designs: readonly ArmDesign[]; readonly before: readonly ArmRow[] },
): NewArm[] {
  const known: NewArm[] = [];
  for (const arm of arms) {
    const after = designs.find(({ name }) => name === arm.arm)?.after;
    const from = known.find((other) => other.arm === after && other.seed === arm.seed);
    known.push(from ? afterArm(db, arm, { from, before }) : arm);
  }
  return known;
}

function afterArm(
  db: Database,
  arm: NewArm,
  { from, before }: { readonly from: NewArm; readonly before: readonly ArmRow[] },
): NewArm {
  const run = runOfIdentity(db, from.identity);
  if (run?.state !== 'finished') return arm;
  const now = armAfterIfThere(db, arm, readRun(db, run.number));
  if (now) return now;
  const old = before.find((b) => b.arm === arm.arm && b.seed === arm.seed && b.run !== null && equalButWeights(b, arm));
  return old ? { ...arm, recipe: old.recipe, identity: old.identity, parts: old.parts } : arm;
}
