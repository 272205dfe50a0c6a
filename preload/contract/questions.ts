/**
 * Questions of a run: the filter that every chart and table shares, pages of rows, everything about one question, and
 * the newest rollouts. Inputs are strict and bounded; texts in lists are cut, with a flag, and given whole on request.
 */
import { z } from 'zod';
import { phaseSchema } from './events.js';
import { reviewStateSchema, verdictSchema } from './reviews.js';
import { calls } from './route.js';

export const runIdSchema = z.string().min(1).max(200);
/** iteration, phase, step and item as one integer, see main/store/keys.ts. */
export const questionKeySchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const count = z.number().int().min(0);
const iteration = count.max(1000);
const step = count.max(99_999);

/** Of each text on a page of rows. */
const MOST_CHARACTERS = 100_000;

/** Both ends belong to it; shares are compared with a tolerance, so 0.3 finds 3 of 10. */
const range = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine((r) => r.min === undefined || r.max === undefined || r.min <= r.max, 'min must not exceed max');

/** Of a label, as a judge model says; `not-correct`: wrong, ambiguous or unsolvable. */
export const JUDGED_AS = [
  ...(['correct', 'not-correct', 'wrong', 'ambiguous', 'unsolvable', 'undecided', 'not-judged'] as const),
] as const;
const judgedAsSchema = z.enum(JUDGED_AS);

/** Overlap with a question of a benchmark: in normal form, in nearly all words, either, or neither. */
export const HELD_OUT = ['exact', 'near', 'any', 'none'] as const;

/** What is left out does not matter; everything else must hold at once. */
export const questionFilterSchema = z.strictObject({
  iteration: iteration.optional(),
  phase: z.enum(['challenger', 'curriculum']).optional(),
  step: step.optional().describe('of the Challenger phase; curricula have step 0'),
  valid: z.boolean().optional(),
  labelled: z.boolean().optional().describe('whether votes were taken'),
  kept: z.boolean().optional().describe('false: decided and not kept'),
  reason: z.string().min(1).max(200).optional().describe('why it was invalid or dropped'),
  heldOut: z.enum(HELD_OUT).optional().describe('whether it is a question of a benchmark, or nearly; any: either'),
  pHat: range.optional(),
  difficulty: range.optional(),
  topic: z.string().min(1).max(200).optional().describe('as the domain names it'),
  clusterSize: range.optional(),
  label: z.enum(['right', 'wrong', 'unknown']).optional().describe('by the oracle'),
  review: z
    .enum(['reviewed', 'unreviewed', 'discarded', ...verdictSchema.options, 'not-correct'])
    .optional()
    .describe('not-correct: wrong label, ambiguous or unsolvable'),
  judged: z.strictObject({ by: count.optional(), as: judgedAsSchema }).optional().describe('by: a judge; any without'),
  used: z.boolean().optional().describe('in any Solver step'),
  usedIn: z.strictObject({ iteration, step: step.optional() }).optional(),
  cluster: z.strictObject({ iteration, step, cluster: count }).optional(),
  search: z.string().max(200).optional().describe('all words must occur; nothing in it is syntax'),
});
export type QuestionFilter = z.infer<typeof questionFilterSchema>;

export const SORT_KEYS = [
  ...(['position', 'recorded', 'pHat', 'difficulty', 'reward', 'uncertainty', 'repetition'] as const),
  ...(['labelShare', 'clusterSize', 'tokens'] as const),
] as const;
const sort = z.strictObject({ by: z.enum(SORT_KEYS), descending: z.boolean().default(false) });

/** Where a page ended: the sort key's value (null: it has none) and the question. */
const pageCursor = z.strictObject({ value: z.number().nullable(), question: questionKeySchema });
export type PageCursor = z.infer<typeof pageCursor>;

export const questionRowSchema = z.object({
  key: questionKeySchema,
  iteration,
  phase: z.enum(['challenger', 'curriculum']),
  step,
  item: count,
  text: z.string().describe('the question, or the raw completion where there is none'),
  cut: z.boolean().describe('whether the text goes on'),
  tokens: count,
  valid: z.boolean(),
  reason: z.string().nullable().describe('why it was invalid or dropped'),
  sameAs: questionKeySchema.nullable(),
  difficulty: z.number().nullable(),
  topic: z.string().nullable().describe('what it is about, as the domain names it'),
  votes: count.nullable(),
  pHat: z.number().nullable(),
  label: z.string().nullable(),
  labelShare: z.number().nullable(),
  labelCorrect: z.boolean().nullable(),
  cluster: count.nullable(),
  clusterSize: count.nullable(),
  uncertainty: z.number().nullable(),
  repetition: z.number().nullable(),
  reward: z.number().nullable(),
  kept: z.boolean().nullable(),
  uses: count,
  verdict: verdictSchema.nullable().describe('of the first pass'),
});
export type QuestionRow = z.infer<typeof questionRowSchema>;

export const answerPlaceSchema = z.strictObject({
  source: z.enum(['vote', 'rewrite', 'solver']),
  iteration,
  step,
  sample: count,
});
export type AnswerPlace = z.infer<typeof answerPlaceSchema>;

const answer = z.object({
  ...answerPlaceSchema.shape,
  text: z.string(),
  length: count.describe('of the whole text, characters'),
  cut: z.boolean(),
  extracted: z.string().nullable(),
  tokens: count,
  finish: z.enum(['stop', 'length']),
  reward: z.number().nullable(),
  advantage: z.number().nullable(),
});
export type AnswerView = z.infer<typeof answer>;

/** Answers that say the same, most common first; null is "no answer found". */
const answerGroup = z.object({
  answer: z.string().nullable(),
  count,
  isLabel: z.boolean(),
  first: count.describe('sample of the first that says it: how questions.answers knows the group'),
  answers: z.array(answer).describe('the first few; the rest by questions.answers'),
});
export type AnswerGroup = z.infer<typeof answerGroup>;

const use = z.object({
  iteration,
  step,
  time: z.number().nullable(),
  meanReward: z.number().nullable(),
  groups: z.array(answerGroup),
});

/** A dated fact of a question's life; `time` is Unix milliseconds where it is known. */
const fact = z.object({
  kind: z.enum([
    'written',
    'invalid',
    'repeats',
    'voted',
    'labelled',
    'rewarded',
    'kept',
    'dropped',
    'used',
    'reviewed',
  ]),
  time: z.number().nullable(),
  seq: count.nullable().describe('the unit of work that recorded it'),
  iteration: iteration.nullable(),
  phase: phaseSchema.nullable(),
  step: step.nullable(),
  detail: z.string().nullable(),
});
export type LifeFact = z.infer<typeof fact>;

export const questionDetailSchema = z.object({
  row: questionRowSchema,
  seq: count,
  text: z.string().nullable().describe('the question; null where there is none'),
  textCut: z.boolean(),
  raw: z.string(),
  rawCut: z.boolean(),
  normalForm: z.string().nullable(),
  claimedAnswer: z.string().nullable(),
  oracleAnswer: z.string().nullable(),
  majority: z.string().nullable(),
  labelMethod: z.string().nullable(),
  rewrite: z.string().nullable(),
  advantage: z.number().nullable(),
  votesOf: questionKeySchema.describe('where the votes are stored: itself or the question it repeats'),
  votes: z.array(answerGroup),
  rewriteVotes: z.array(answerGroup),
  neighbours: z.object({ total: count, rows: z.array(questionRowSchema) }).describe('of its cluster'),
  repeats: z.array(questionRowSchema).describe('other questions of the run with the same words'),
  uses: z.array(use),
  usesTotal: count,
  life: z.array(fact),
  reviews: z.array(reviewStateSchema),
});
export type QuestionDetail = z.infer<typeof questionDetailSchema>;

const rollout = z.object({ question: questionRowSchema, answers: z.array(answer), seq: count, step });
export type Rollout = z.infer<typeof rollout>;

export const questionQueries = {
  page: {
    input: z.strictObject({
      run: runIdSchema,
      filter: questionFilterSchema.default({}),
      sort: sort.default({ by: 'position', descending: false }),
      after: pageCursor.nullable().default(null),
      skip: count.max(10_000_000).default(0).describe('rows left out after the cursor: a jump of the scroll bar'),
      limit: z.number().int().min(1).max(500).default(100),
      total: z.boolean().default(false).describe('also count all rows that fit'),
      characters: z.number().int().min(1).max(MOST_CHARACTERS).default(500).describe('after which texts are cut'),
    }),
    output: z.object({
      rows: z.array(questionRowSchema),
      next: pageCursor.nullable().describe('null: nothing follows'),
      total: count.nullable(),
    }),
  },
  /** Questions by name, in the order asked for; one that the run does not hold is left out. */
  rows: {
    input: z.strictObject({ run: runIdSchema, questions: z.array(questionKeySchema).min(1).max(500) }),
    output: z.array(questionRowSchema),
  },
  detail: { input: z.strictObject({ run: runIdSchema, question: questionKeySchema }), output: questionDetailSchema },
  /** Labelled questions of the same iteration and phase whose words are most like this one's. */
  similar: {
    input: z.strictObject({
      run: runIdSchema,
      question: questionKeySchema,
      limit: z.number().int().min(1).max(50).default(12),
    }),
    output: z.object({
      compared: count,
      found: z.array(z.object({ row: questionRowSchema, likeness: z.number().describe('Dice over trigrams, 0 to 1') })),
    }),
  },
  /** A text that a list cut, by pieces; `where` null is the Challenger's raw completion, 'question' what it asked. */
  text: {
    input: z.strictObject({
      run: runIdSchema,
      question: questionKeySchema,
      where: z.union([answerPlaceSchema, z.literal('question')]).nullable(),
      offset: count.default(0),
      limit: z.number().int().min(1).max(1_000_000).default(200_000),
    }),
    output: z.object({ text: z.string(), length: count }),
  },
  /** Further answers of a group, in the order they were given. */
  answers: {
    input: z.strictObject({
      run: runIdSchema,
      question: questionKeySchema.describe('where they are stored'),
      group: answerPlaceSchema.describe('any answer of the group'),
      after: z.number().int().min(-1).default(-1).describe('the last sample that is known'),
      limit: z.number().int().min(1).max(200).default(64),
    }),
    output: z.array(answer),
  },
  /** The newest questions and answers, for watching a run; nothing where there is nothing beyond `after`. */
  rollouts: {
    input: z.strictObject({
      run: runIdSchema,
      after: z.number().int().min(-1).default(-1).describe('a unit already seen: `seq` of the last reply'),
      questions: z.number().int().min(1).max(50).default(8),
      answers: z.number().int().min(1).max(32).default(4).describe('of each question'),
    }),
    output: z.object({ seq: z.number().int().min(-1), rollouts: z.array(rollout) }),
  },
} as const;

export const questionsContract = calls(questionQueries);
