/**
 * The laboratory as every shell holds it: the command line, Electron's main process and a server. It owns runs and the
 * processes that work on them. It never computes: no import of compute, model or training.
 */
import type { RunEvent } from '../../preload/contract/events.js';
import type { Recipe } from '../../preload/contract/recipe.js';
import type { RolloutsRecipe } from '../../preload/contract/recipe-rollouts.js';
import { runModelName } from '../../preload/contract/run-model.js';
import type { BackendChoice, RunInfo } from '../../preload/contract/runs.js';
import type { Checkpoint, PausePlace } from '../../preload/contract/steering.js';
import type { TaskInput, TaskName, TaskOutput } from '../../preload/contract/tasks.js';
import { lastingReference } from '../hub/model-place.js';
import { LabError } from '../lib/errors.js';
import type { KeyStore } from '../lib/key-store.js';
import { SystemKeys } from '../endpoints/keys/system-keys.js';
import type { Database } from '../store/database.js';
import { checkpointList } from '../store/queries/checkpoint-list.js';
import { read, type ReadInput, type ReadName, type ReadOutput } from './reader/reads.js';
import type { RunNotes } from '../store/run-notes.js';
import { baseModel } from '../store/run-origin.js';
import { findRun, newestRun } from '../store/runs.js';
import { Chats } from './chats/chats.js';
import { Engines } from './engines.js';
import type { EngineLauncher } from './engine-process.js';
import type { EngineEnd } from './engine-session.js';
import { runTask, type TaskOptions } from './engine-task.js';
import { TrackedLauncher } from './machine/tracked-launcher.js';
import type { EventListener } from './event-feed.js';
import { Feeds } from './feeds.js';
import type { ForkChoice } from './fork.js';
import { Judging } from './judging.js';
import type { RecordReader } from './reader/reader.js';
import { RunQueue } from './queue.js';
import type { BriefEvents, RunRecords } from './records.js';
import { RunWatch, type ChangeListener } from './run-watch.js';
import { readModelShape } from './preflight/model-shape.js';
import { Studies } from './studies/studies.js';
import { rolloutsKey } from './rollouts-key.js';
import { SettingsFile } from './settings/settings-file.js';

export interface LabOptions {
  readonly dataDir: string;
  readonly records: RunRecords;
  readonly launcher: EngineLauncher;
  /** Answers windows; without one this process does it itself, and nothing else meanwhile. */
  readonly reader?: RecordReader | undefined;
  /** Where keys of endpoints lie; without one, the system's own store by its program. */
  readonly keys?: KeyStore;
  /** How often events of runs in other processes are looked for. */
  readonly pollMs?: number;
}

interface NewRunOptions {
  readonly name?: string | undefined;
  readonly seed?: number | undefined;
  /** It is only made: what it needs may still come. */
  readonly later?: boolean;
  /** Id of a run whose copy of the domain it begins with. */
  readonly domainOf?: string | undefined;
}

export class Lab {
  /** Runs that wait for their turn. */
  readonly queue: RunQueue;
  /** Families of runs that answer a question together. */
  readonly studies: Studies;
  private readonly engines: Engines;
  private readonly feeds: Feeds;
  private readonly watch: RunWatch;
  /** The run that this process made because there was none. */
  sample: string | null = null;
  private readonly launcher: TrackedLauncher;
  /** What people set for this lab; a shell listens to it too. */
  readonly settings: SettingsFile;
  /** Judge models at work on runs. */
  readonly judging: Judging;
  private readonly keys: KeyStore;
  /** Models that are being tried. */
  readonly chats: Chats;
  private closing = false;
  private closed = false;

  constructor(private readonly options: LabOptions) {
    const { records, pollMs = 500 } = options;
    this.launcher = new TrackedLauncher(options.launcher);
    this.engines = new Engines({
      ...options,
      launcher: this.launcher,
      onStart: (runId) => this.feeds.begin(runId, records.lastSequence(runId)),
      onEvent: (event) => {
        this.feeds.publish(event);
        // What a step changes in the list can wait until it is looked at anyway.
        if (/^run\.|^phase\.started|^iteration\./.test(event.type)) this.watch.touch();
      },
      onEnd: (runId) => {
        this.feeds.end(runId);
        this.watch.touch();
      },
    });
    this.feeds = new Feeds({
      recorded: (runId, after, limit) => records.eventsAfter(runId, after, limit),
      holds: (runId) => this.engines.holds(runId),
      pollMs,
    });
    this.watch = new RunWatch(records, 2 * pollMs);
    this.queue = new RunQueue({
      use: (work) => records.use(work),
      idle: () => this.engines.working.length === 0 && !this.closing,
      start: (runId, backend) => this.start(runId, { backend }),
      pollMs: 2 * pollMs,
    });
    this.studies = new Studies({
      use: (work) => records.use(work),
      pause: (runId) => this.pause(runId),
      pollMs: 2 * pollMs,
    });
    this.settings = new SettingsFile(options.dataDir);
    this.chats = new Chats((input, how) => this.task('chat', input, how));
    const use = <T>(work: (db: Database) => T): T => records.use(work);
    this.keys = options.keys ?? new SystemKeys();
    this.judging = new Judging({ dataDir: options.dataDir, use }, this.keys);
  }

  get dataDir(): string {
    return this.options.dataDir;
  }

  /** @throws LabError('model') where the run could not even begin: it is not made, and does not become `last`. */
  createRun(recipe: Recipe, options: NewRunOptions = {}): RunInfo {
    if (!options.later) readModelShape(this.baseModel(recipe));
    const { name, seed = recipe.seed, domainOf } = options;
    // One of the hub by its commit: what `main` is may be another tomorrow.
    const lasting = { ...recipe, model: lastingReference(recipe.model) };
    const info = this.options.records.createRun(lasting, { name, seed, domainOf });
    this.watch.touch();
    return info;
  }

  /** The shipped model, folder or commit of the hub behind the model of a recipe, which may be what a run became. */
  baseModel({ model }: Pick<Recipe, 'model'>): string {
    return runModelName(model) ? this.options.records.use((db) => baseModel(db, model)) : lastingReference(model);
  }

  runs(): RunInfo[] {
    return this.options.records.listRuns();
  }

  /** By id, name or the beginning of an id; `last` is the newest. */
  run(query: string): RunInfo {
    const newest = query === 'last' ? this.options.records.use(newestRun) : null;
    return this.options.records.findRun(newest?.id ?? query);
  }

  /** What a run was made with, as it was recorded. */
  recipeOf(runId: string): Recipe {
    return this.options.records.recipeOf(runId);
  }

  annotate(runId: string, notes: RunNotes): RunInfo {
    const info = this.options.records.annotate(runId, notes);
    this.watch.touch();
    return info;
  }

  /** Forgets a run, its rows and its files. Refused while a process works on it. */
  async remove(runId: string): Promise<void> {
    await this.options.records.remove(runId);
    this.feeds.forget(runId);
    this.watch.touch();
  }

  /** What a window asks of the record. */
  async ask<K extends ReadName>(name: K, input: ReadInput<K>): Promise<ReadOutput<K>> {
    const { reader, records } = this.options;
    return reader ? await reader.ask(name, input) : records.use((db) => read(db, name, input));
  }

  /** Writes what people say into the record: short work, done when this returns. */
  write<T>(work: (db: Database) => T): T {
    return this.options.records.use(work);
  }

  /** Everything recorded of a run so far. */
  history(runId: string): RunEvent[] {
    return this.options.records.eventsAfter(runId, -1);
  }

  /** Some events after a sequence, recorded or just said by an engine of this lab: at least one where there is one. */
  eventsAfter(runId: string, sequence: number, limit?: number): RunEvent[] {
    return this.feeds.after(runId, sequence, limit);
  }

  /** What is recorded after a sequence but the steps, for where a run stands; `eventsAfter` its `last` goes on. */
  briefHistory(runId: string, after: number): BriefEvents {
    return this.options.records.briefEvents(runId, { after, upTo: this.feeds.told(runId) });
  }

  /** The sequence of a run's last event, -1 before there is one. */
  lastSequence(runId: string): number {
    return this.options.records.lastSequence(runId);
  }

  /** The runs this lab's own engines work on. */
  get working(): readonly string[] {
    return this.engines.working;
  }

  /** Whether this lab's own engine works on the run. */
  holds(runId: string): boolean {
    return this.engines.holds(runId);
  }

  /** The key that rollout servers are asked with, in clear text; null: none. */
  rolloutsKey(rollouts: Pick<RolloutsRecipe, 'key'>): Promise<string | null> {
    return rolloutsKey(rollouts, this.keys);
  }

  /** Starts or resumes a run. Settles when the engine process has taken it; how it ends tells `ended`. */
  async start(runId: string, options: { readonly backend?: BackendChoice | undefined } = {}): Promise<void> {
    const { id } = this.options.records.findRun(runId);
    const leaving = this.engines.leaving(id);
    if (leaving) await leaving;
    const { rollouts = null } = this.recipeOf(id);
    // Only where it has servers: else the engine is on its way before this returns.
    const key = rollouts === null ? null : await this.rolloutsKey(rollouts);
    if (this.closing) throw new LabError('busy', 'The lab is closing.', { remedy: 'Start the run when it is back.' });
    const info = this.options.records.findRun(id);
    const held = this.engines.holds(info.id);
    // A run may need all the memory there is.
    this.chats.release();
    const ready = this.engines.start(info, options.backend ?? 'auto', key);
    const end = held ? undefined : this.engines.ended(info.id);
    if (end) {
      this.queue.started(info.id);
      void end.then((how) => this.queue.ended(info, how, this.closing));
    }
    await ready;
  }

  /** How the run's last engine of this lab ended; waits until it has. */
  async ended(runId: string): Promise<EngineEnd> {
    const end = this.engines.ended(runId);
    if (!end) throw new LabError('usage', `This process has not started run ${runId}.`);
    return end;
  }

  /** Asks for a pause at a named place, wherever the engine runs. `paused` events tell when it is there. */
  pause(runId: string, at: PausePlace = 'now'): void {
    const { id } = this.atWork(runId, 'Nothing needs to be paused.');
    this.options.records.requestPause(id, at);
    this.requestsChanged(id);
  }

  /** Takes back a pause that has not been reached. */
  carryOn(runId: string): void {
    const { id } = this.atWork(runId, `Go on with: rzero resume ${runId}`);
    this.options.records.clearRequests(id);
    this.requestsChanged(id);
  }

  /** Newest first. */
  checkpoints(runId: string): Checkpoint[] {
    return this.options.records.use((db) => checkpointList(db, findRun(db, runId).number));
  }

  /** A new run that begins at a checkpoint of another, which may go on meanwhile. It stands paused: `start` goes on. */
  async fork(runId: string, choice: ForkChoice): Promise<RunInfo> {
    const info = await this.options.records.fork(runId, choice);
    this.watch.touch();
    return info;
  }

  /** Whether reviews take effect from the run's next Solver phase on. Refused while a process works on it. */
  useReviews(runId: string, use: boolean): RunInfo {
    const info = this.options.records.useReviews(runId, use);
    this.watch.touch();
    return info;
  }

  /** Ends this lab's engine for the run at once, if it has one; what was done since the last checkpoint will be done again. */
  stop(runId: string): boolean {
    return this.engines.stop(runId);
  }

  /** All events after `after` (default: from the first), then the live ones. Returns how to end it. */
  subscribe(runId: string, listener: EventListener, after = -1): () => void {
    return this.feeds.subscribe(this.options.records.findRun(runId).id, listener, after);
  }

  /** `told` is called when `eventsAfter` may have something new. Returns how to end it. */
  onNews(runId: string, told: () => void): () => void {
    return this.feeds.watch(this.options.records.findRun(runId).id, told);
  }

  /** The whole list of runs, at once, then what changes in it. Returns how to end it. */
  onChange(listener: ChangeListener): () => void {
    return this.watch.subscribe(listener);
  }

  /** Short work in an engine process of its own; the place of the data is the lab's. */
  task<K extends TaskName>(
    name: K,
    input: Omit<TaskInput<K>, 'dataDir'>,
    options: TaskOptions<K> = {},
  ): Promise<TaskOutput<K>> {
    const whole = { ...input, dataDir: this.options.dataDir } as unknown as TaskInput<K>;
    return runTask(this.launcher, { name, input: whole }, options);
  }

  /** The engine processes of this lab that live, by their ids: runs and tasks. */
  processes(): number[] {
    return this.launcher.pids();
  }

  private atWork(runId: string, remedy: string): RunInfo {
    const info = this.options.records.findRun(runId);
    if (info.state === 'running' || this.engines.holds(info.id)) return info;
    throw new LabError('usage', `Run ${info.name} is not running: it is ${info.state}.`, { remedy });
  }

  private requestsChanged(runId: string): void {
    this.engines.requestsChanged(runId);
    this.watch.touch();
  }

  /** Pauses what runs here and waits for it. Nothing can be started any more; all else goes on. */
  async settle(): Promise<void> {
    this.closing = true;
    this.queue.rest();
    await Promise.all([this.studies.rest(), this.engines.pauseAll(), this.judging.close()]);
    this.queue.leave();
  }

  /** Ends every engine of this lab at once. */
  stopAll(): void {
    this.engines.stopAll();
  }

  /** Pauses what runs here, waits for it, and lets go of the record. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.all([this.settle(), this.chats.close()]);
    this.watch.close();
    this.feeds.close();
    await this.options.reader?.close();
    this.options.records.close();
  }
}
