/**
 * A judge at work: items from a list, several at a time, each answered from the cache or by a request, read, and handed
 * over to be recorded at once. Ends when all are done, the budget is spent, somebody asks it to rest, or the endpoint is
 * of no use; what is left is left for the next call.
 */
import { LabError } from '../lib/errors.js';
import type { JudgeSampling, JudgeSubject } from '../../preload/contract/oracles.js';
import { ask, Spent, type Asker } from './ask.js';
import { estimatedTokens, type Cost } from './budget.js';
import { requestHash, type AnswerCache } from './cache.js';
import type { Failure, FailureKind } from '../endpoints/failure.js';
import type { ChatAnswer } from './reply.js';
import { readVerdict, type Read } from './verdict.js';

export interface Outcome extends Read {
  /** False: no answer came, so that it is asked again by the next call. */
  readonly answered: boolean;
  readonly reasoning: string;
  readonly prompt: string;
  readonly request: string;
  readonly cached: boolean;
  readonly requests: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface Question {
  /** As it is sent. */
  readonly prompt: string;
  /** Called once, at once when it is known; must not wait. */
  record(outcome: Outcome): void;
}

export interface Work {
  readonly subject: JudgeSubject;
  readonly model: string;
  readonly sampling: JudgeSampling;
  readonly questions: readonly Question[];
  readonly concurrency: number;
  readonly asker: Asker;
  readonly cache: AnswerCache;
  /** Asks anew what the cache knows. */
  readonly anew: boolean;
}

export type WorkEnd = 'done' | 'spent' | 'rested';

/** So many without an answer, one after the other, and the endpoint is taken for dead. */
const HOPELESS = 5;
const LONGEST_REASONING = 40_000;
/** Of a question, and of no other. */
const OWN_FAULTS: readonly FailureKind[] = ['refused-request', 'too-large', 'declined'];

export function bodyOf(of: {
  readonly model: string;
  readonly sampling: JudgeSampling;
  readonly prompt: string;
}): string {
  const { temperature, maxTokens, tokenField } = of.sampling;
  return JSON.stringify({
    model: of.model,
    messages: [{ role: 'user', content: of.prompt }],
    ...(temperature !== null && { temperature }),
    [tokenField]: maxTokens,
    stream: false,
  });
}

export const worstOf = (prompt: string, { maxTokens }: JudgeSampling): Cost => ({
  input: estimatedTokens(prompt),
  output: maxTokens,
});

/** @throws LabError('network') where no further request makes sense; what was recorded stays. */
export async function judgeAll(work: Work): Promise<WorkEnd> {
  const judging = new Judging(work);
  const ends = await Promise.allSettled(Array.from({ length: work.concurrency }, () => judging.next()));
  const failed = ends.find((end): end is PromiseRejectedResult => end.status === 'rejected' && isFailure(end.reason));
  if (failed) throw failed.reason;
  if (judging.recorded === work.questions.length) return 'done';
  return ends.some((end) => end.status === 'rejected' && end.reason instanceof Spent) ? 'spent' : 'rested';
}

/** Not the end of a budget, nor a stop that was asked for. */
const isFailure = (reason: unknown): boolean =>
  !(reason instanceof Spent) && !(reason instanceof Error && reason.name === 'AbortError');

class Judging {
  recorded = 0;
  private at = 0;
  private hopeless = 0;
  private over = false;
  /** Why an answer could not be kept in the cache: the call ends, and what was paid for is recorded first. */
  private unkept: Error | null = null;
  /** Equal requests on their way are one. */
  private readonly onTheirWay = new Map<string, Promise<Outcome>>();

  private readonly asker: Asker;
  private readonly failed = new AbortController();

  constructor(private readonly work: Work) {
    // Where one has failed for all, nobody waits to ask again.
    this.asker = { ...work.asker, rest: AbortSignal.any([work.asker.rest, this.failed.signal]) };
  }

  /** One after the other, until there is no more. */
  async next(): Promise<void> {
    const { work, asker } = this;
    const { questions } = work;
    try {
      while (!this.over && !asker.rest.aborted) {
        const question = questions[this.at];
        if (!question) return;
        this.at += 1;
        question.record(await this.outcomeOf(question.prompt));
        this.recorded += 1;
        if (this.unkept) throw this.unkept;
      }
    } catch (error) {
      this.over = true;
      if (isFailure(error)) this.failed.abort();
      throw error;
    }
  }

  private async outcomeOf(prompt: string): Promise<Outcome> {
    const body = bodyOf({ ...this.work, prompt });
    const hash = requestHash(this.work.asker.endpoint.url, body);
    const twin = this.onTheirWay.get(hash);
    if (twin) return { ...(await twin), cached: true, requests: 0 };
    const work = this.ask(prompt, body, hash);
    this.onTheirWay.set(hash, work);
    try {
      return await work;
    } finally {
      this.onTheirWay.delete(hash);
    }
  }

  private async ask(prompt: string, body: string, hash: string): Promise<Outcome> {
    const { asker } = this;
    const { cache, sampling, anew } = this.work;
    const known = anew ? null : await cache.get(hash);
    const about = { prompt, request: hash };
    if (known) return { ...this.read(known), ...about, cached: true, requests: 0 };
    const { reply, requests } = await ask(asker, body, worstOf(prompt, sampling));
    if (!reply.ok) return { ...this.unanswered(reply), ...about, cached: false, requests };
    this.hopeless = 0;
    await cache.put(hash, reply).catch((error: Error) => (this.unkept = error));
    return { ...this.read(reply), ...about, cached: false, requests };
  }

  private read(answer: ChatAnswer): Omit<Outcome, 'prompt' | 'request' | 'cached' | 'requests'> {
    const read = readVerdict(answer.text, this.work.subject, { cut: answer.finish === 'length' });
    const short = answer.finish === 'length' && read.verdict === 'undecided';
    const reason = short ? `cut off after ${this.work.sampling.maxTokens} tokens: ${read.reason}` : read.reason;
    const { inputTokens, outputTokens } = answer;
    const reasoning = [answer.thoughts, answer.text].filter(Boolean).join('\n\n').slice(0, LONGEST_REASONING);
    return { ...read, reason, answered: true, reasoning, inputTokens, outputTokens };
  }

  private unanswered(failure: Failure): Omit<Outcome, 'prompt' | 'request' | 'cached' | 'requests'> {
    // A request of its own that is refused says nothing about the next one.
    const ownFault = OWN_FAULTS.includes(failure.kind);
    this.hopeless = ownFault ? 0 : this.hopeless + 1;
    if (this.hopeless >= Math.max(HOPELESS, this.work.concurrency))
      throw new LabError(
        'network',
        `The judge stopped after ${this.hopeless} questions in a row without an answer: ${failure.message}.`,
        {
          remedy: 'Look at the endpoint, then call again: what has a verdict is not asked twice.',
        },
      );
    return {
      ...{ verdict: 'undecided', reason: failure.message, answer: null, answered: ownFault, reasoning: '' },
      ...{ inputTokens: null, outputTokens: null },
    };
  }
}
