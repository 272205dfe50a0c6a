/**
 * The studies of a lab: planned, begun, paused, and driven one arm after the other through the queue of runs. Everything is
 * in the record, so a study outlives its process: whoever opens the lab next goes on with what is going.
 */
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { BackendChoice } from '../../../preload/contract/runs.js';
import type { StudyInfo, StudyTable } from '../../../preload/contract/studies.js';
import { LabError } from '../../lib/errors.js';
import type { Database } from '../../store/database.js';
import * as queue from '../../store/queue.js';
import { madeByStudy } from '../../store/run-identities.js';
import { lastingReference } from '../../hub/model-place.js';
import { lastingModel } from '../../store/run-origin.js';
import { readRun, runInfo } from '../../store/runs.js';
import * as store from '../../store/studies.js';
import { armsAfter } from '../../studies/after.js';
import { familyOf } from '../../studies/families.js';
import { studyId } from '../../studies/identity.js';
import { forecastOf, type TableForecast } from '../../studies/forecast.js';
import { InputReader } from '../../studies/inputs.js';
import { nearestRun, type NearRun } from '../../studies/near.js';
import { OF_EVERY_ARM, planArms } from '../../studies/plan.js';
import { parseRecipe } from '../../coevolution/recipe.js';
import { studyTable } from '../../studies/table.js';
import { steady } from '../steady.js';
import { advance } from './advance.js';
import { freeDisk } from './free-disk.js';
import { studiesTold, studyTableTold, toldOf } from './told.js';

const SEEDS: readonly number[] = [0, 1, 2];

export interface StudyWish {
  readonly family: string;
  /** The base, complete; its seed is not looked at. */
  readonly recipe: Recipe;
  /** Null: as before, or 0, 1, 2. */
  readonly seeds: readonly number[] | null;
  readonly backend?: BackendChoice;
  readonly keepCheckpoints?: boolean;
}

/** A study as it would stand. */
export interface StudyPlan extends StudyTable {
  /** Of arms without a run: the run that seems to be one. */
  readonly near: readonly NearRun[];
  readonly forecast: TableForecast;
}

export interface StudiesOptions {
  readonly use: <T>(work: (db: Database) => T) => T;
  /** Asks for a pause of a run at work, whichever process works on it. */
  readonly pause: (runId: string) => void;
  readonly pollMs: number;
}

export class Studies {
  private driving: NodeJS.Timeout | undefined;
  private freeing: Promise<void> | null = null;

  constructor(private readonly options: StudiesOptions) {}

  /** Newest first. */
  list(): StudyInfo[] {
    return this.options.use((db) => studiesTold(db));
  }

  info(id: string): StudyInfo {
    return this.options.use((db) => toldOf(db, store.readStudy(db, id)));
  }

  table(id: string): StudyTable {
    return this.options.use((db) => studyTableTold(db, { study: id }));
  }

  /** How the study would stand, with what is there already; nothing is recorded but digests of files. */
  async plan(wish: StudyWish): Promise<StudyPlan> {
    const { study: asked, arms, designs, family } = await this.planned(wish);
    const forecast = await forecastOf(family, asked.recipe);
    return this.options.use((db) => {
      const now = Date.now();
      const { going = false, createdAt = now, updatedAt = now } = store.findStudy(db, asked.id) ?? {};
      const study = { ...asked, going, createdAt, updatedAt };
      const rows = arms.map((arm) => ({ ...arm, run: null, error: null }));
      const info = toldOf(db, study, rows);
      const taken = new Set(info.arms.flatMap(({ run }) => run ?? []));
      const near = arms.flatMap((arm) => {
        // What an arm begins from may not be there yet: then no run can be it.
        const { set = [], after } = designs.find(({ name }) => name === arm.arm) ?? {};
        const missing = info.arms.some((told) => told.arm === arm.arm && told.seed === arm.seed && told.run === null);
        if (!missing || after !== undefined) return [];
        const own = set.map((assignment) => assignment.slice(0, assignment.indexOf('=')));
        return nearestRun(db, arm, { own, taken }) ?? [];
      });
      return { ...studyTable(db, study, info), near, forecast };
    });
  }

  /** Makes the study, or goes on with it; arms that failed are tried again. */
  async begin(wish: StudyWish): Promise<StudyInfo> {
    const { study, arms } = await this.planned(wish);
    this.options.use((db) => store.putStudy(db, study, arms));
    return this.goOn(study.id);
  }

  goOn(id: string): StudyInfo {
    this.options.use((db) =>
      db.transaction(() => {
        const { backend } = store.readStudy(db, id);
        retryFailed(db, id, backend);
        store.setGoing(db, id, true);
        leavePaused(db);
        queue.goOn(db);
      }),
    );
    this.look();
    return this.info(id);
  }

  /** The run at work pauses at its next safe point; nothing more is begun. */
  pause(id: string): StudyInfo {
    const working = this.options.use((db) =>
      db.transaction(() => {
        store.readStudy(db, id);
        store.setGoing(db, id, false);
        const { waiting } = queue.readQueue(db);
        const runs = runsOf(db, id);
        for (const { run } of waiting)
          if (runs.some((own) => own.id === run && own.state === 'created')) queue.removeFromQueue(db, run);
        return runs.filter((run) => run.state === 'running').map((run) => run.id);
      }),
    );
    for (const run of working) this.options.pause(run);
    return this.info(id);
  }

  /** Forgets the study; its runs stay. */
  remove(id: string): void {
    this.pause(id);
    this.options.use((db) => store.removeStudy(db, id));
  }

  /** From now on this lab goes on with every study that is going. Who starts the runs is the queue's matter. */
  drive(): void {
    if (this.driving) return;
    this.driving = setInterval(
      steady(() => this.look()),
      this.options.pollMs,
    );
    this.driving.unref();
    steady(() => this.look())();
  }

  /** Nothing is begun any more. Settles when the disk is left alone. */
  async rest(): Promise<void> {
    clearInterval(this.driving);
    await this.freeing;
  }

  private look(): void {
    const going = this.options.use((db) => store.listStudies(db).filter((study) => study.going));
    for (const study of going.reverse()) {
      this.options.use((db) => advance(db, study));
      this.free(study.id);
    }
  }

  private free(study: string): void {
    if (this.freeing) return;
    this.freeing = this.options
      .use((db) => freeDisk(db, study))
      // A run that is being looked at, a disk that cannot be read: it is tried again when the study is looked at next.
      .catch(() => undefined)
      .finally(() => (this.freeing = null));
  }

  private async planned({ family: name, recipe, seeds, backend = 'auto', keepCheckpoints = false }: StudyWish) {
    const family = familyOf(name);
    // The base as every arm has it: what differs from it only in guards and reviews is the same study.
    const model = lastingReference(this.options.use((db) => lastingModel(db, recipe.model)));
    const base = parseRecipe({ ...recipe, model }, { source: recipe.name, set: OF_EVERY_ARM, seed: 0 });
    const id = studyId(name, base);
    const wanted = seeds ?? this.options.use((db) => store.findStudy(db, id))?.seeds ?? SEEDS;
    if (wanted.length === 0) throw new LabError('usage', 'A study needs at least one seed.');
    const reader = this.options.use((db) => new InputReader(db));
    const planned = await planArms({ family, recipe: base, seeds: wanted }, reader);
    const { arms: designs } = family.design(base);
    const arms = this.options.use((db) => armsAfter(db, planned, { designs, before: store.readArms(db, id) }));
    const study = { id, family: name, recipe: base, seeds: wanted, backend, keepCheckpoints };
    return { study, arms, designs, family };
  }
}

function runsOf(db: Database, study: string): { id: string; number: number; state: string; seq: number }[] {
  return store.readArms(db, study).flatMap(({ run }) => {
    if (run === null) return [];
    const row = readRun(db, run);
    return [{ id: row.id, number: run, state: runInfo(db, row).state, seq: row.seq }];
  });
}

/** A run for which the queue held when its study was paused does not go on with another study. */
function leavePaused(db: Database): void {
  const waiting = new Set(queue.readQueue(db).waiting.map(({ run }) => run));
  const studies = store.listStudies(db);
  const going = new Set(studies.filter((s) => s.going).flatMap((s) => runsOf(db, s.id).map(({ id }) => id)));
  for (const study of studies.filter((s) => !s.going))
    for (const { id, number } of runsOf(db, study.id))
      if (waiting.delete(id) && madeByStudy(db, number) && !going.has(id)) queue.removeFromQueue(db, id);
}

/** A run that failed on its way goes on from its checkpoint; one that failed before its first makes room for another. */
function retryFailed(db: Database, study: string, backend: BackendChoice): void {
  const runs = new Map(runsOf(db, study).map((run) => [run.number, run]));
  for (const arm of store.readArms(db, study)) {
    const run = arm.run === null ? undefined : runs.get(arm.run);
    if (arm.error !== null || (run?.state === 'failed' && run.seq === 0))
      store.setArmRun(db, study, arm, { run: null });
    else if (run?.state === 'failed') queue.enqueue(db, [run.id], backend);
  }
}
