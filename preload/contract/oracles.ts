/**
 * Who says whether a pseudo-label is right: the domain's exact oracle, judge models, people. What each says, iteration by
 * iteration, how they agree, and how a judge is put to work. Oracles measure; nothing here reaches the loop. The value of
 * a key goes one way, from a person to the key store: no answer of the lab holds one.
 */
import { z } from 'zod';
import { estimateSchema } from './events.js';
import { questionFilterSchema, questionKeySchema, runIdSchema } from './questions.js';
import { call, calls, nothing, stream, text, word } from './route.js';

const count = z.number().int().min(0);
const iteration = count.max(1000);

export const JUDGE_VERDICTS = ['correct', 'wrong', 'ambiguous', 'unsolvable', 'undecided'] as const;
export const judgeVerdictSchema = z.enum(JUDGE_VERDICTS);
export type JudgeVerdict = z.infer<typeof judgeVerdictSchema>;

export const judgeSubjectSchema = z.enum(['labels', 'answers']);
/** `labels`: pseudo-labels of kept questions; `answers`: evaluation answers that the rules did not call right. */
export type JudgeSubject = z.infer<typeof judgeSubjectSchema>;

/** Never a key itself: a value that looks like one is refused, and not repeated. */
export const keyNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'a key is named with up to 40 small letters, digits, dots and dashes');
export const keyVariableSchema = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]{0,79}$/, 'a variable of the environment is named with capital letters, digits and _');
export const DEFAULT_KEY_VARIABLE = 'RZERO_JUDGE_KEY';

export const keySourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('environment'), variable: keyVariableSchema }),
  z.strictObject({ kind: z.literal('store'), name: keyNameSchema }),
]);
export type KeySource = z.infer<typeof keySourceSchema>;

const money = z.number().positive().max(1e9);
export const samplingSchema = z.strictObject({
  temperature: z.number().min(0).max(2).nullable().default(0).describe('null: not sent, for models that refuse it'),
  maxTokens: z.number().int().min(1).max(1_000_000).default(1024),
  tokenField: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
});
export type JudgeSampling = z.infer<typeof samplingSchema>;

export const judgeRequestSchema = z.strictObject({
  run: runIdSchema,
  subject: judgeSubjectSchema.default('labels'),
  endpoint: z.string().trim().min(1).max(2000),
  model: z.string().trim().min(1).max(500),
  iteration: iteration.nullable().default(null).describe('null: all'),
  sample: z.number().int().min(1).max(1_000_000).nullable().default(200).describe('per iteration; null: all'),
  seed: count.max(0xffffffff).default(0).describe('of the sample'),
  budget: z
    .strictObject({
      requests: z.number().int().min(1).optional(),
      tokens: z.number().int().min(1).optional(),
      usd: money.optional(),
    })
    .default({})
    .describe('of this call; what is left is asked by the next'),
  prices: z
    .strictObject({ input: z.number().min(0).max(1e6), output: z.number().min(0).max(1e6) })
    .nullable()
    .default(null)
    .describe('USD per million tokens'),
  sampling: samplingSchema.prefault({}),
  concurrency: z.number().int().min(1).max(64).default(4),
  perMinute: z.number().int().min(1).max(100_000).nullable().default(null),
  timeoutSeconds: z.number().min(0.05).max(290).default(120),
  attempts: z.number().int().min(1).max(10).default(5),
  key: keySourceSchema.default({ kind: 'environment', variable: DEFAULT_KEY_VARIABLE }),
  allowHttp: z.boolean().default(false).describe('send a key unencrypted to another machine'),
  retryUndecided: z.boolean().default(false).describe('ask again what was answered without a verdict'),
  prompt: z.string().min(1).max(20_000).nullable().default(null).describe('null: the one that ships'),
});
export type JudgeRequest = z.infer<typeof judgeRequestSchema>;

/** What a judge would be asked: nothing is sent to find out. */
const plan = z.object({
  host: z.string(),
  items: count.describe('chosen: the sample, or all'),
  frame: count.describe('what they were chosen from'),
  decided: count.describe('already have a verdict, or an answer without one'),
  cached: count.describe('the same request was answered before'),
  toAsk: count.describe('requests, without repetitions after failures'),
  inputTokens: count.describe('of these requests, estimated'),
  outputTokens: count.describe('at most'),
  usd: z.number().nullable().describe('at most; null: no prices given'),
});
export type JudgePlan = z.infer<typeof plan>;

export const JOB_STATES = ['working', 'pausing', 'paused', 'done', 'spent', 'failed'] as const;
const failure = z.object({ code: word, message: text, remedy: text.nullable() });
const job = z.object({
  request: judgeRequestSchema,
  host: z.string(),
  state: z.enum(JOB_STATES).describe('spent: the budget is; what is left is asked when it is started again'),
  total: count.describe('chosen'),
  decided: count.describe('of them with a verdict or an answer without one, whoever asked'),
  verdicts: z.record(judgeVerdictSchema, count).describe('of this job'),
  requests: count,
  inputTokens: count,
  outputTokens: count,
  usd: z.number().nullable(),
  cached: count,
  retries: count,
  left: count,
  failure: failure.nullable(),
  trouble: z.string().nullable().describe('the last failed request, in words'),
});
export type JudgeJobState = z.infer<typeof job>;

const oracle = z.object({
  key: z.string().describe('vote, exact, human, or judge-ID'),
  kind: z.enum(['vote', 'exact', 'human', 'judge']),
  name: z.string(),
});
export type Oracle = z.infer<typeof oracle>;

const judge = z.object({
  id: count,
  subject: judgeSubjectSchema,
  host: z.string(),
  model: z.string(),
  promptVersion: z.string(),
  promptHash: z.string().describe('SHA-256'),
  sampling: samplingSchema,
  judged: count.describe('verdicts that stand, undecided ones with them'),
  undecided: count,
  inputTokens: count,
  outputTokens: count,
  first: z.number().nullable().describe('Unix milliseconds'),
  last: z.number().nullable(),
});
export type Judge = z.infer<typeof judge>;

const accuracy = z.object({
  oracle: z.string(),
  iteration,
  right: count,
  wrong: count,
  ambiguous: count,
  unsolvable: count,
  undecided: count.describe('asked, and no verdict: in no share'),
  frame: count.describe('kept questions of the iteration'),
  estimate: estimateSchema.nullable().describe('right of all with a verdict, Wilson; null: none'),
  of: z.enum(['all', 'sample']).describe('whether every kept question has a verdict or a random sample has'),
  rightFilter: questionFilterSchema,
  otherFilter: questionFilterSchema.describe('wrong, ambiguous or unsolvable'),
});
export type OracleAccuracy = z.infer<typeof accuracy>;

const pair = z.object({
  a: z.string(),
  b: z.string(),
  n: count.describe('questions on which both have a verdict'),
  chosen: count.describe('of them reviewed by choice, not drawn at random'),
  table: z.array(z.array(count)).describe('rows: a says right, a says not right; columns: b'),
  observed: estimateSchema.nullable(),
  expected: z.number().nullable(),
  kappa: estimateSchema.nullable(),
  note: z
    .enum(['vote', 'constant', 'one-category', 'all-agree', 'few'])
    .nullable()
    .describe('why κ says less than it seems'),
  aOnly: questionFilterSchema.describe('a says right, b does not'),
  bOnly: questionFilterSchema,
});
export type OraclePair = z.infer<typeof pair>;

/** Rule-based and judge scores beside each other, of the greedy answers. */
const answerScore = z.object({
  judge: count,
  iteration,
  benchmark: z.string(),
  answers: count,
  ruleRight: count,
  ruleUndecided: count.describe('of neither verdict: the share of right ones is of the others'),
  misses: count.describe('which the rules called wrong or left undecided'),
  judged: count,
  judgeRight: count.describe('of the misses'),
  undecided: count,
  rule: estimateSchema,
  withJudge: estimateSchema.nullable().describe('null: some misses have not been judged'),
});
export type AnswerScore = z.infer<typeof answerScore>;

const verdict = z.object({
  judge,
  verdict: judgeVerdictSchema,
  reason: z.string().nullable().describe('why undecided'),
  answer: z.string().nullable().describe("the judge's own"),
  reasoning: z.string(),
  prompt: z.string().describe('as it was sent'),
  inputTokens: count.nullable(),
  outputTokens: count.nullable(),
  cached: z.boolean(),
  time: z.number(),
});
export type QuestionVerdict = z.infer<typeof verdict>;

export const oracleQueries = {
  overview: {
    input: z.strictObject({ run: runIdSchema, iteration: iteration.nullable().default(null) }),
    output: z.object({
      oracles: z.array(oracle),
      judges: z.array(judge),
      accuracy: z.array(accuracy),
      agreement: z.array(pair),
      answers: z.array(answerScore),
    }),
  },
  /** What judges said of one question's label, newest first. */
  verdicts: {
    input: z.strictObject({ run: runIdSchema, question: questionKeySchema }),
    output: z.array(verdict),
  },
} as const;
export type OracleOverview = z.infer<typeof oracleQueries.overview.output>;

const run = z.strictObject({ run: runIdSchema });
const keys = z.object({
  store: z.string().describe('the key store of this system, in words'),
  unusable: z.string().nullable().describe('why it cannot be used; null: it can'),
  environment: z.array(z.object({ variable: z.string(), present: z.boolean() })),
});
export type KeyPlaces = z.infer<typeof keys>;

export const oraclesContract = {
  ...calls(oracleQueries),
  plan: call(judgeRequestSchema, plan),
  /** Also goes on: what has a verdict is not asked again. One judge per run at a time. */
  start: call(judgeRequestSchema, nothing),
  pause: call(run, nothing),
  resume: call(run, nothing),
  /** Pauses it and forgets the job; the verdicts stay. */
  dismiss: call(run, nothing),
  /** At once, then whenever it changes; null: none is known. */
  job: stream(run, z.object({ job: job.nullable() })),
  keys: call(nothing, keys),
  hasKey: call(z.strictObject({ source: keySourceSchema }), z.object({ present: z.boolean() })),
  putKey: call(z.strictObject({ name: keyNameSchema, secret: z.string().min(1).max(10_000) }), nothing),
  removeKey: call(z.strictObject({ name: keyNameSchema }), z.object({ removed: z.boolean() })),
};
