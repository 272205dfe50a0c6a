/** The options of `rzero judge` as the request they mean. */
import { InvalidArgumentError } from 'commander';
import {
  DEFAULT_KEY_VARIABLE,
  judgeRequestSchema,
  keyNameSchema,
  keyVariableSchema,
  type JudgeRequest,
  type JudgeSubject,
  type KeySource,
} from '../../preload/contract/oracles.js';
import { LabError } from '../lib/errors.js';

export interface JudgeOptions {
  readonly endpoint: string;
  readonly model: string;
  readonly questions: JudgeSubject;
  readonly iteration?: number;
  readonly sample?: number;
  readonly all?: boolean;
  readonly seed: number;
  readonly budgetRequests?: number;
  readonly budgetTokens?: number;
  readonly budgetUsd?: number;
  readonly priceInput?: number;
  readonly priceOutput?: number;
  readonly concurrency: number;
  readonly rate?: number;
  readonly timeout: number;
  readonly attempts: number;
  readonly temperature: number | null;
  readonly maxTokens: number;
  readonly tokenField: JudgeRequest['sampling']['tokenField'];
  readonly prompt?: string;
  readonly keyEnv?: string;
  readonly key?: string;
  readonly allowHttp?: boolean;
  readonly retryUndecided?: boolean;
  readonly dryRun?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const SAMPLE = 200;

/** Neither repeats what was given: it may be a key. */
export function keyName(text: string): string {
  if (keyNameSchema.safeParse(text).success) return text;
  throw new LabError('usage', 'The name of a key is needed, not the key itself.', {
    remedy:
      'A name has up to 40 small letters, digits, dots and dashes. If this was a key, it may stand in the history of your shell now.',
  });
}

export function keyVariable(text: string): string {
  if (keyVariableSchema.safeParse(text).success) return text;
  throw new LabError('usage', 'The name of a variable of the environment is needed, such as OPENAI_API_KEY.', {
    remedy: 'If this was a key, it may stand in the history of your shell now.',
  });
}

export function temperatureOf(text: string): number | null {
  if (text === 'none') return null;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 2))
    throw new InvalidArgumentError('A number from 0 to 2, or none.');
  return value;
}

function keySource({ key, keyEnv }: JudgeOptions): KeySource {
  if (key !== undefined && keyEnv !== undefined)
    throw new LabError('usage', '--key and --key-env are two places for one key.', { remedy: 'Name one of them.' });
  if (key !== undefined) return { kind: 'store', name: key };
  return { kind: 'environment', variable: keyEnv ?? DEFAULT_KEY_VARIABLE };
}

function sampleOf({ sample, all, questions }: JudgeOptions): number | null {
  if (all && sample !== undefined)
    throw new LabError('usage', '--all and --sample cannot both hold.', { remedy: 'Name one of them.' });
  // Misses are judged whole by default: only then is there a score.
  return all ? null : (sample ?? (questions === 'labels' ? SAMPLE : null));
}

/** @param prompt the text of a prompt of one's own. @throws LabError('usage') */
export function judgeRequest(run: string, options: JudgeOptions, prompt: string | null): JudgeRequest {
  const { priceInput, priceOutput } = options;
  if ((priceInput === undefined) !== (priceOutput === undefined))
    throw new LabError('usage', 'Only one price is given.', { remedy: 'Give --price-input and --price-output.' });
  const parsed = judgeRequestSchema.safeParse({
    run,
    subject: options.questions,
    ...{ endpoint: options.endpoint, model: options.model, iteration: options.iteration ?? null },
    ...{ sample: sampleOf(options), seed: options.seed, prompt },
    budget: { requests: options.budgetRequests, tokens: options.budgetTokens, usd: options.budgetUsd },
    prices: priceInput === undefined ? null : { input: priceInput, output: priceOutput },
    sampling: { temperature: options.temperature, maxTokens: options.maxTokens, tokenField: options.tokenField },
    ...{ concurrency: options.concurrency, perMinute: options.rate ?? null, timeoutSeconds: options.timeout },
    ...{ attempts: options.attempts, key: keySource(options), allowHttp: options.allowHttp ?? false },
    retryUndecided: options.retryUndecided ?? false,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LabError('usage', `${NAMES[String(issue?.path.join('.'))] ?? issue?.path.join('.')}: ${issue?.message}.`, {
    remedy: 'See rzero judge --help.',
  });
}

/** How the options are called on the command line. */
const NAMES: Readonly<Record<string, string>> = {
  'sampling.maxTokens': '--max-tokens',
  'budget.usd': '--budget-usd',
  'prices.input': '--price-input',
  'prices.output': '--price-output',
  ...{ perMinute: '--rate', timeoutSeconds: '--timeout', attempts: '--attempts', concurrency: '--concurrency' },
  ...{ endpoint: '--endpoint', model: '--model', iteration: '--iteration', sample: '--sample', seed: '--seed' },
  prompt: '--prompt',
};
