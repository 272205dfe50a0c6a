/** What the lab needs from the record of runs. `main/store` gives it; tests give it from memory. */
import type { EventBody, RunEvent } from '../../preload/contract/events.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { RunInfo } from '../../preload/contract/runs.js';
import type { PausePlace } from '../../preload/contract/steering.js';
import type { Database } from '../store/database.js';
import type { RunNotes } from '../store/run-notes.js';
import type { ForkChoice } from './fork.js';

export interface BriefEvents {
  readonly events: readonly RunEvent[];
  readonly last: number;
}

export interface RunWish {
  readonly name?: string | undefined;
  readonly seed: number;
  /** Id of a run whose copy of the domain it begins with; left out: the domain as it is now. */
  readonly domainOf?: string | undefined;
}

export interface RunRecords {
  createRun(recipe: Recipe, options: RunWish): RunInfo;
  /** Newest first. */
  listRuns(): RunInfo[];
  /** By id, by name or by the beginning of an id. Throws `not-found`, or `usage` where several fit. */
  findRun(query: string): RunInfo;
  /** By id. */
  recipeOf(runId: string): Recipe;
  /** By id; a text that stays the same while the run does. */
  stamps(): ReadonlyMap<string, string>;
  /** Stored events with a sequence above `after`, in order. */
  eventsAfter(runId: string, after: number, limit?: number): RunEvent[];
  /** Stored events above `after` up to `upTo` without those of steps, and the last sequence that was looked at. */
  briefEvents(runId: string, range: { readonly after: number; readonly upTo: number }): BriefEvents;
  /** The sequence of the last event, recorded or only said; -1 before there is one. */
  lastSequence(runId: string): number;
  /** Stamps and stores an event while no engine holds the run. Its sequence is above `said`, the last one viewers saw. */
  appendEvent(runId: string, body: EventBody, said: number): RunEvent;
  /** Leaves a request that the process which holds the run will find. */
  requestPause(runId: string, place: PausePlace): void;
  /** Takes requests back that were not met. */
  clearRequests(runId: string): void;
  /** Switches the use of reviews; `busy` where a process works on the run. */
  useReviews(runId: string, use: boolean): RunInfo;
  /** Makes a run that begins at a checkpoint of another. */
  fork(runId: string, choice: ForkChoice): Promise<RunInfo>;
  annotate(runId: string, notes: RunNotes): RunInfo;
  remove(runId: string): Promise<void>;
  /** Whatever else is recorded or said about it: short work on this process's own connection. */
  use<T>(work: (db: Database) => T): T;
  close(): void;
}
