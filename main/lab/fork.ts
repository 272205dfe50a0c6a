/** A fork as people ask for it: checkpoint and changes are checked before anything is made. */
import { recipeSchema } from '../../preload/contract/recipe.js';
import { recordedDomain } from '../coevolution/domain-folder.js';
import { parseRecipe } from '../coevolution/recipe.js';
import { refuseContradictions } from '../coevolution/recipe-fork.js';
import { LabError } from '../lib/errors.js';
import { CheckpointFiles, type LoadedCheckpoint } from '../store/checkpoint-files.js';
import type { Database } from '../store/database.js';
import { forkRun } from '../store/fork-run.js';
import { phaseEnded } from '../store/metrics.js';
import { usesReviews } from '../store/review-use.js';
import { domainOfRun } from '../store/run-domains.js';
import type { RunRow } from '../store/runs.js';

export interface ForkChoice {
  /** Unit of work of the checkpoint it begins at. */
  readonly checkpoint: number;
  readonly name?: string | undefined;
  readonly seed?: number | undefined;
  /** Changes of the recipe, key.path=value. */
  readonly set?: readonly string[] | undefined;
}

export async function fork(db: Database, parent: RunRow, choice: ForkChoice): Promise<RunRow> {
  const checkpoint = await new CheckpointFiles(db, parent).validAt(choice.checkpoint);
  refuseEnded(parent, checkpoint);
  const recorded = recipeSchema.parse(parent.recipe);
  // What people switched counts as if the recipe had said it, so that an unchanged fork goes on like its parent.
  const before = { ...recorded, reviews: { ...recorded.reviews, use: usesReviews(db, parent) } };
  const kept = domainOfRun(db, parent.number);
  const recipe = parseRecipe(before, {
    source: `the recipe of ${parent.name}`,
    set: choice.set ?? [],
    ...(kept && { domain: recordedDomain(kept.files, `kept by run ${parent.name}`) }),
    ...(choice.seed !== undefined && { seed: choice.seed }),
  });
  const { seq, cursor } = checkpoint;
  refuseTaken(db, choice.name);
  refuseContradictions(before, recipe, { ...cursor, complete: phaseEnded(db, parent.number, { ...cursor, seq }) });
  return forkRun(db, { parent, checkpoint, recipe, name: choice.name });
}

/** Two forks of one name could not be told apart in a list, nor named on the command line. */
function refuseTaken(db: Database, name: string | undefined): void {
  if (name === undefined || !db.get('SELECT 1 FROM runs WHERE name = ? OR id = ?', name, name)) return;
  throw new LabError('usage', `There is a run called "${name}" already.`, { remedy: 'Give the fork another name.' });
}

/** A guard that rolled a run back left its last checkpoint with the word that it is over. */
function refuseEnded({ name }: RunRow, { seq, state }: LoadedCheckpoint): void {
  const stopped = (state as { loop?: { stopped?: string | null } } | null)?.loop?.stopped ?? null;
  if (stopped === null) return;
  throw new LabError('usage', `Checkpoint ${seq} of ${name} is where a guard ended the run: ${stopped}`, {
    remedy: 'Fork from an earlier checkpoint, for example the best one.',
  });
}
