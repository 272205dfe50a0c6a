/**
 * The next step of a study: finds the runs that are its arms already, and puts the next one that has work left into the
 * queue, making its run where there is none. One transaction, so that two labs that look at once make one run.
 */
import type { DomainDescription } from '../../../preload/contract/domain-file.js';
import type { Database } from '../../store/database.js';
import { readDomain } from '../../coevolution/domain-folder.js';
import { describeError, LabError } from '../../lib/errors.js';
import { enqueue, readQueue } from '../../store/queue.js';
import { recordIdentity, runOfIdentity } from '../../store/run-identities.js';
import { annotateRun } from '../../store/run-notes.js';
import { baseModel, makeRun } from '../../store/run-origin.js';
import { readRun, runInfo, type RunRow } from '../../store/runs.js';
import { type ArmRow, readArms, setArmIdentity, setArmRun, setGoing, type StudyRow } from '../../store/studies.js';
import { armAfter, armAfterIfThere } from '../../studies/after.js';
import { familyOf } from '../../studies/families.js';
import { domainDigest, type Inputs } from '../../studies/inputs.js';
import { readModelShape } from '../preflight/model-shape.js';

/** Whether the study has anything left to do. */
export function advance(db: Database, study: StudyRow): boolean {
  return db.transaction(() => {
    const arms = linked(db, study);
    const queue = readQueue(db);
    const busy = (id: string): boolean => queue.working === id || queue.waiting.some(({ run }) => run === id);
    const runs = new Map(arms.flatMap((arm) => (arm.run === null ? [] : [[arm.run, readRun(db, arm.run)] as const])));
    if ([...runs.values()].some((run) => busy(run.id) || runInfo(db, run).state === 'running')) return true;
    for (const arm of arms) {
      const run = arm.run === null ? null : (runs.get(arm.run) as RunRow);
      if (run ? run.state === 'finished' || run.state === 'failed' : arm.error !== null) continue;
      const after = parentOf(study, arm);
      const from = after === undefined ? null : finished(db, arms.find(isArm(after, arm.seed)));
      if (after !== undefined && !from) continue;
      if (begin(db, study, { arm, run, from })) return true;
    }
    setGoing(db, study.id, false);
    return false;
  });
}

/**
 * The arms, with runs that have become theirs meanwhile: made by a person, or for another study. One that begins from
 * another's final Solver rests on its weights as soon as there are any.
 */
function linked(db: Database, study: StudyRow): ArmRow[] {
  const known: ArmRow[] = [];
  for (const arm of readArms(db, study.id)) known.push(arm.run === null ? link(db, study, { arm, known }) : arm);
  return known;
}

function link(
  db: Database,
  study: StudyRow,
  { arm: recorded, known }: { readonly arm: ArmRow; readonly known: readonly ArmRow[] },
): ArmRow {
  const from = finished(db, known.find(isArm(parentOf(study, recorded), recorded.seed)));
  const arm = (from && armAfterIfThere(db, recorded, from)) ?? recorded;
  if (arm.identity !== recorded.identity) setArmIdentity(db, study.id, arm);
  const run = runOfIdentity(db, arm.identity)?.number ?? null;
  if (run === null) return arm;
  setArmRun(db, study.id, arm, { run });
  return { ...arm, run, error: null };
}

/** The arm that one begins from. */
function parentOf(study: StudyRow, { arm }: ArmRow): string | undefined {
  return familyOf(study.family)
    .design(study.recipe)
    .arms.find((design) => design.name === arm)?.after;
}

const isArm =
  (name: string | undefined, seed: number) =>
  (arm: ArmRow): boolean =>
    arm.arm === name && arm.seed === seed;

function finished(db: Database, arm: ArmRow | undefined): RunRow | null {
  const run = arm === undefined || arm.run === null ? null : readRun(db, arm.run);
  return run?.state === 'finished' ? run : null;
}

interface Turn {
  readonly arm: ArmRow;
  readonly run: RunRow | null;
  /** What its model is the final Solver of. */
  readonly from: RunRow | null;
}

/** False where no run could be made: the arm says why, and the others go on. */
function begin(db: Database, study: StudyRow, { arm, run, from }: Turn): boolean {
  try {
    const { id } = run ?? made(db, study, from ? armAfter(db, arm, from) : arm);
    enqueue(db, [id], study.backend);
    return true;
  } catch (error) {
    if (!(error instanceof LabError) || error.code === 'database') throw error;
    setArmRun(db, study.id, arm, { run: run?.number ?? null, error: describeError(error) });
    return false;
  }
}

/** A run takes its domain as it finds it: in one that has changed since, arms would differ by more than the study asks about. */
function requireAsPlanned({ recipe, parts }: ArmRow, description: DomainDescription): void {
  if ((parts as Inputs).domain === domainDigest(description)) return;
  throw new LabError('recipe', `The domain ${recipe.domain} is not what it was when this study was planned.`, {
    remedy:
      'Put it back and go on; or give the command of the study again, which plans its arms anew on what it is now.',
  });
}

function made(db: Database, study: StudyRow, arm: ArmRow): RunRow {
  readModelShape(baseModel(db, arm.recipe.model));
  const domain = readDomain(arm.recipe.domain);
  requireAsPlanned(arm, domain.description);
  const name = `${arm.recipe.name}-${arm.arm}-seed${arm.seed}`.slice(0, 200);
  const run = makeRun(db, { recipe: arm.recipe, domain, name });
  annotateRun(db, run.number, { tags: ['study'] });
  recordIdentity(db, run.number, arm, study.id);
  setArmRun(db, study.id, arm, { run: run.number });
  return run;
}
