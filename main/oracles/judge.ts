/**
 * A judge model over any OpenAI-compatible endpoint, used after the fact: planned without a word sent, then put to work
 * with its progress told. It only ever measures. Left out: streaming, tools, batches of a provider's own.
 */
import type { JudgeJobState, JudgePlan, JudgeRequest } from '../../preload/contract/oracles.js';
import { LabError } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { sha256 } from '../lib/sha256.js';
import type { Database } from '../store/database.js';
import type { JudgeIdentity } from '../store/oracles/judge-rows.js';
import { findRun } from '../store/runs.js';
import { Budget } from './budget.js';
import { AnswerCache, requestHash } from './cache.js';
import { claim } from './claim.js';
import { endpointOf, requireSafe, type Endpoint } from '../endpoints/endpoint.js';
import { Pace, SYSTEM_CLOCK, type Clock } from '../endpoints/pace.js';
import { promptOf, type JudgePrompt } from './prompt.js';
import { judgeTask, type JudgeTask } from './tasks.js';
import { bodyOf, judgeAll, worstOf, type WorkEnd } from './work.js';

export interface JudgePlace {
  readonly dataDir: string;
  use<T>(work: (db: Database) => T): T;
  readonly clock?: Clock;
}

/** What has been done so far. */
export type JudgeProgress = Omit<JudgeJobState, 'request' | 'host' | 'state' | 'failure'>;

export interface JudgeStop {
  /** No further request; what is on its way is taken. */
  readonly rest: AbortSignal;
  /** At once. */
  readonly signal: AbortSignal;
}

export class Judge {
  readonly endpoint: Endpoint;
  private readonly prompt: JudgePrompt;
  private readonly cache: AnswerCache;

  /** @throws LabError('usage') for an endpoint, prompt or budget that cannot be used */
  constructor(
    private readonly place: JudgePlace,
    private readonly request: JudgeRequest,
  ) {
    this.endpoint = endpointOf(request.endpoint);
    this.prompt = promptOf(request.subject, request.prompt);
    this.cache = new AnswerCache(place.dataDir);
    if (request.budget.usd !== undefined && request.prices === null)
      throw new LabError('usage', 'A budget in dollars needs prices.', {
        remedy: 'Give --price-input and --price-output, in dollars per million tokens.',
      });
  }

  plan(): JudgePlan {
    const task = this.task();
    const { request, endpoint } = this;
    const hashes = new Set<string>();
    let [cached, inputTokens, outputTokens] = [0, 0, 0];
    for (const { prompt } of task.open) {
      const hash = requestHash(endpoint.url, bodyOf({ ...request, prompt }));
      if (hashes.has(hash) || (!request.retryUndecided && this.cache.has(hash))) {
        cached += 1;
        continue;
      }
      hashes.add(hash);
      const worst = worstOf(prompt, request.sampling);
      inputTokens += worst.input;
      outputTokens += worst.output;
    }
    const usd = new Budget({}, request.prices).usd({ input: inputTokens, output: outputTokens });
    const { items, frame, decided } = task;
    return { host: endpoint.host, items, frame, decided, cached, toAsk: hashes.size, inputTokens, outputTokens, usd };
  }

  /**
   * Asks what is open. `told` is called after every change, with what has been done so far.
   * @throws LabError('network'): what was recorded stays, and the next call goes on
   * @throws LabError('busy') where another call asks the same of this run
   */
  async work(key: Secret | null, stop: JudgeStop, told: (progress: JudgeProgress) => void): Promise<WorkEnd> {
    requireSafe(this.endpoint, { hasKey: key !== null, allowHttp: this.request.allowHttp });
    const release = this.place.use((db) => claim(db, this.claimName(findRun(db, this.request.run).id)));
    try {
      return await this.ask(key, stop, told);
    } finally {
      release();
    }
  }

  private ask(key: Secret | null, stop: JudgeStop, told: (progress: JudgeProgress) => void): Promise<WorkEnd> {
    const { request, endpoint, place } = this;
    const task = this.task();
    const budget = new Budget(request.budget, request.prices);
    const clock = place.clock ?? SYSTEM_CLOCK;
    const count = new Count(task, budget, told);
    return judgeAll({
      ...{ subject: request.subject, model: request.model, sampling: request.sampling },
      questions: task.open.map(({ question }) => question((outcome) => count.outcome(outcome))),
      concurrency: request.concurrency,
      asker: {
        ...{ endpoint, key, attempts: request.attempts, timeoutMs: request.timeoutSeconds * 1000 },
        ...{ pace: new Pace(request.perMinute, clock), budget, clock, answered: false, ...stop },
        onFailure: (failure) => count.failed(failure.message),
      },
      cache: this.cache,
      anew: request.retryUndecided,
    });
  }

  /** The same for what would be the same requests. */
  private claimName(run: string): string {
    const { subject, model, sampling } = this.request;
    return sha256(JSON.stringify([run, this.endpoint.url, subject, model, this.prompt.hash, sampling])).slice(0, 32);
  }

  private task(): JudgeTask {
    const { place, request, prompt, endpoint } = this;
    const run = place.use((db) => findRun(db, request.run).number);
    const judge: JudgeIdentity = {
      ...{ subject: request.subject, host: endpoint.host, model: request.model, sampling: request.sampling },
      ...{ promptVersion: prompt.version, promptHash: prompt.hash, prompt: prompt.template },
    };
    return judgeTask({ use: (work) => place.use(work), run, request, judge, prompt });
  }
}

const NONE = { correct: 0, wrong: 0, ambiguous: 0, unsolvable: 0, undecided: 0 };

/** Counts what a call has done, and tells. */
class Count {
  private readonly verdicts = { ...NONE };
  private answered = 0;
  private cached = 0;
  private retries = 0;
  private trouble: string | null = null;

  constructor(
    private readonly task: JudgeTask,
    private readonly budget: Budget,
    private readonly told: (progress: JudgeProgress) => void,
  ) {
    this.tell();
  }

  outcome(outcome: { verdict: keyof typeof NONE; answered: boolean; cached: boolean; requests: number }): void {
    this.verdicts[outcome.verdict] += 1;
    if (outcome.answered) this.answered += 1;
    if (outcome.cached) this.cached += 1;
    this.retries += Math.max(0, outcome.requests - 1);
    this.tell();
  }

  failed(message: string): void {
    this.trouble = message;
    this.tell();
  }

  private tell(): void {
    const { task, budget } = this;
    this.told({
      total: task.items,
      decided: task.decided + this.answered,
      left: task.open.length - this.answered,
      verdicts: { ...this.verdicts },
      ...{ requests: budget.requests, usd: budget.usd(), cached: this.cached, retries: this.retries },
      ...{ inputTokens: budget.spent.input, outputTokens: budget.spent.output, trouble: this.trouble },
    });
  }
}
