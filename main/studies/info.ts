/** How a study stands: its arms, which run each is, and how far that is. From the record, at this moment. */
import type { StudyArm, StudyInfo } from '../../preload/contract/studies.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { QueueState } from '../../preload/contract/queue.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import type { Database } from '../store/database.js';
import { readQueue } from '../store/queue.js';
import { madeByStudy, runOfIdentity } from '../store/run-identities.js';
import { readRun, runInfo } from '../store/runs.js';
import type { ArmRow, StudyRow } from '../store/studies.js';
import { alarmsOf } from '../store/study-results.js';
import { familyOf } from './families.js';
import type { ArmDesign } from './study.js';

/** Likely seconds of a whole run of a recipe here; null where nothing like it was run yet. */
export type Estimate = (recipe: Recipe) => number | null;

export function studyInfo(
  db: Database,
  study: StudyRow,
  { arms, estimate }: { readonly arms: readonly ArmRow[]; readonly estimate: Estimate },
): StudyInfo {
  const family = familyOf(study.family);
  const designs = new Map(family.design(study.recipe).arms.map((design) => [design.name, design]));
  const queue = readQueue(db);
  const likely = new Map<string, number | null>();
  const told = arms.flatMap((arm): StudyArm[] => {
    const design = designs.get(arm.arm);
    if (!design) return [];
    if (!likely.has(arm.arm)) likely.set(arm.arm, estimate(arm.recipe));
    return [armOf(db, { arm, design, queue, likely: likely.get(arm.arm) ?? null })];
  });
  const moves = told.some(({ state }) => state === 'running');
  return {
    id: study.id,
    family: study.family,
    title: family.title,
    asks: family.asks,
    recipe: study.recipe.name,
    model: study.recipe.model,
    seeds: [...study.seeds],
    iterations: Math.max(...arms.map(({ recipe }) => recipe.iterations), 0),
    backend: study.backend,
    keepCheckpoints: study.keepCheckpoints,
    going: study.going,
    reason: study.going && !moves ? whyNothingMoves(queue) : null,
    arms: withBlocked(told, designs),
    createdAt: study.createdAt,
    updatedAt: study.updatedAt,
  };
}

function whyNothingMoves({ going, reason, driven }: QueueState): string | null {
  if (!going) return `The queue of runs holds: ${reason ?? 'it was told to.'}`;
  return driven ? null : 'No lab is open that works on it.';
}

interface Told {
  readonly arm: ArmRow;
  readonly design: ArmDesign;
  readonly queue: QueueState;
  readonly likely: number | null;
}

function armOf(db: Database, { arm, design, queue, likely }: Told): StudyArm {
  // A run may have been made, or have ended, since somebody looked last.
  const number = arm.run ?? runOfIdentity(db, arm.identity)?.number ?? null;
  const info = number === null ? null : runInfo(db, readRun(db, number));
  const state = info ? stateOf(info, queue) : arm.error === null ? 'missing' : 'failed';
  const done = info ? shareDone(info) : 0;
  return {
    arm: arm.arm,
    title: design.title,
    what: design.what,
    set: [...design.set],
    seed: arm.seed,
    identity: arm.identity,
    state,
    run: info?.id ?? null,
    made: number !== null && madeByStudy(db, number),
    done,
    seconds: info?.activeSeconds ?? 0,
    likely: state === 'finished' ? 0 : likely === null ? null : likely * (1 - done),
    error: info ? info.error : arm.error,
    alarms: number === null ? 0 : alarmsOf(db, number),
    zeroData: info?.zeroData ?? true,
  };
}

function stateOf({ id, state }: RunInfo, queue: QueueState): StudyArm['state'] {
  switch (state) {
    case 'created':
    case 'paused': {
      const waits = queue.working === id || queue.waiting.some(({ run }) => run === id);
      if (waits && queue.going) return 'waiting';
      return state === 'created' ? 'missing' : 'paused';
    }
    case 'running':
    case 'finished':
    case 'failed':
      return state;
  }
}

function shareDone({ state, summaries, iterations }: RunInfo): number {
  return state === 'finished' ? 1 : Math.min(1, summaries.length / (iterations + 1));
}

/** An arm that begins from another one of its seed cannot be run where that one failed. */
function withBlocked(arms: readonly StudyArm[], designs: ReadonlyMap<string, ArmDesign>): StudyArm[] {
  return arms.map((arm) => {
    const after = designs.get(arm.arm)?.after;
    const from = arms.find((other) => other.arm === after && other.seed === arm.seed);
    return arm.state === 'missing' && from?.state === 'failed' ? { ...arm, state: 'blocked' } : arm;
  });
}
