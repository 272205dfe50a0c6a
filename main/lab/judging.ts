/**
 * Judges that this lab has put to work, one per run at a time. Asking an endpoint is waiting, not computing, so it goes on in
 * the lab's own process; a judge outlives the page that started it and is told to every page. It rests when the lab closes,
 * and whoever starts it again goes on where it stopped.
 */
import type { JudgeJobState, JudgePlan, JudgeRequest, KeyPlaces, KeySource } from '../../preload/contract/oracles.js';
import { DEFAULT_KEY_VARIABLE } from '../../preload/contract/oracles.js';
import { describeError, LabError } from '../lib/errors.js';
import type { KeyStore } from '../lib/key-store.js';
import { Secret } from '../lib/secret.js';
import { Judge, type JudgePlace, type JudgeProgress } from '../oracles/judge.js';
import { keyOf } from '../endpoints/keys/key-of.js';
import type { WorkEnd } from '../oracles/work.js';

interface Job {
  state: JudgeJobState;
  readonly rest: AbortController;
  readonly stop: AbortController;
  ended: Promise<void>;
}

const NOTHING: JudgeProgress = {
  ...{ total: 0, decided: 0, requests: 0, inputTokens: 0, outputTokens: 0, usd: null, cached: 0, retries: 0, left: 0 },
  verdicts: { correct: 0, wrong: 0, ambiguous: 0, unsolvable: 0, undecided: 0 },
  trouble: null,
};
const ENDS: Readonly<Record<WorkEnd, JudgeJobState['state']>> = { done: 'done', spent: 'spent', rested: 'paused' };
/** What is on its way when the lab closes. */
const FAREWELL_MS = 3000;

export class Judging {
  private readonly jobs = new Map<string, Job>();
  private readonly listeners = new Set<(run: string) => void>();
  private closed = false;

  constructor(
    private readonly place: JudgePlace,
    private readonly keys: KeyStore,
  ) {}

  plan(request: JudgeRequest): JudgePlan {
    return new Judge(this.place, request).plan();
  }

  /** Settles when it is at work. @throws LabError where it cannot even begin */
  async start(request: JudgeRequest): Promise<void> {
    if (this.closed) throw new LabError('busy', 'The lab is closing.', { remedy: 'Start the judge when it is back.' });
    this.requireIdle(request.run);
    const judge = new Judge(this.place, request);
    const key = await keyOf(request.key, this.keys);
    // Another page may have started one while the key was fetched.
    this.requireIdle(request.run);
    const state: JudgeJobState = { ...NOTHING, request, host: judge.endpoint.host, state: 'working', failure: null };
    const job: Job = { state, rest: new AbortController(), stop: new AbortController(), ended: Promise.resolve() };
    this.jobs.set(request.run, job);
    const stop = { rest: job.rest.signal, signal: job.stop.signal };
    job.ended = judge
      .work(key, stop, (progress) => this.change(job, progress))
      .then(
        (end) => this.change(job, { state: ENDS[end] }),
        (error: unknown) => this.change(job, job.stop.signal.aborted ? { state: 'paused' } : failed(error)),
      );
    this.tell(request.run);
  }

  /** What is on its way is still taken; asked twice, it is not. */
  pause(run: string): void {
    const job = this.jobs.get(run);
    if (job?.state.state === 'working') {
      this.change(job, { state: 'pausing' });
      job.rest.abort();
    } else if (job?.state.state === 'pausing') job.stop.abort();
  }

  /** The same request once more. */
  async resume(run: string): Promise<void> {
    const job = this.jobs.get(run);
    if (!job) throw new LabError('not-found', 'No judge was at work on this run.', { remedy: 'Start one.' });
    await this.start(job.state.request);
  }

  dismiss(run: string): void {
    const job = this.jobs.get(run);
    if (!job) return;
    job.rest.abort();
    job.stop.abort();
    this.jobs.delete(run);
    this.tell(run);
  }

  stateOf(run: string): JudgeJobState | null {
    return this.jobs.get(run)?.state ?? null;
  }

  /** Returns how to end it. */
  onChange(listener: (run: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async keyPlaces(): Promise<KeyPlaces> {
    const variable = DEFAULT_KEY_VARIABLE;
    const present = (process.env[variable] ?? '') !== '';
    return { store: this.keys.name, unusable: await this.keys.unusable(), environment: [{ variable, present }] };
  }

  async hasKey(source: KeySource): Promise<boolean> {
    try {
      return (await keyOf(source, this.keys)) !== null;
    } catch (error) {
      if (error instanceof LabError) return false;
      throw error;
    }
  }

  async putKey(name: string, secret: string): Promise<void> {
    await this.keys.put(name, Secret.of(secret, 'the field'));
  }

  removeKey(name: string): Promise<boolean> {
    return this.keys.remove(name);
  }

  /** Judges rest; those whose endpoint does not answer in time are left. */
  async close(): Promise<void> {
    this.closed = true;
    const jobs = [...this.jobs.values()];
    for (const job of jobs) job.rest.abort();
    const timer = setTimeout(() => jobs.forEach((job) => job.stop.abort()), FAREWELL_MS);
    await Promise.all(jobs.map((job) => job.ended));
    clearTimeout(timer);
  }

  private requireIdle(run: string): void {
    const state = this.jobs.get(run)?.state.state;
    if (state !== 'working' && state !== 'pausing') return;
    throw new LabError('busy', 'A judge is at work on this run.', { remedy: 'Wait until it is done, or pause it.' });
  }

  private change(job: Job, change: Partial<JudgeJobState>): void {
    job.state = { ...job.state, ...change };
    this.tell(job.state.request.run);
  }

  private tell(run: string): void {
    for (const listener of this.listeners) listener(run);
  }
}

function failed(error: unknown): Partial<JudgeJobState> {
  const {
    code,
    message,
    remedy = null,
  } = error instanceof LabError ? error : { code: 'internal', message: describeError(error) };
  return { state: 'failed', failure: { code, message, remedy } };
}
