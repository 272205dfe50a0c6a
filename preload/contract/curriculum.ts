/** The curriculum of each iteration in figures. Every figure carries the filter that lists the questions behind it. */
import { z } from 'zod';
import { estimateSchema } from './events.js';
import { questionFilterSchema, runIdSchema } from './questions.js';
import { calls } from './route.js';

const count = z.number().int().min(0);
const filter = questionFilterSchema;
const counted = z.object({ count, filter });
const spread = z.object({ n: count, mean: z.number(), deviation: z.number() });

/** One bar per share that m votes can give. */
const shareBin = z.object({
  votes: count.describe('m'),
  agreeing: count,
  share: z.number(),
  count,
  kept: count,
  right: count,
  wrong: count,
  filter,
});

const level = z.object({
  difficulty: z.number(),
  count,
  kept: count,
  meanPHat: z.number().nullable(),
  right: count,
  wrong: count,
  filter,
});

const topic = level.omit({ difficulty: true }).extend({ topic: z.string() });

/** Means over all questions of a Challenger step, malformed ones included, so that the parts add up. */
const challengerStep = z.object({
  step: count,
  count,
  valid: count,
  distinct: count,
  clusters: count,
  reward: z.number().nullable(),
  uncertainty: z.number().nullable(),
  repetition: z.number().nullable(),
  pHat: z.number().nullable(),
  difficulty: z.number().nullable(),
  filter,
});

export const iterationCurriculumSchema = z.object({
  iteration: count,
  finished: z.boolean().describe('false: the curriculum is still being made; figures are of what is decided'),
  funnel: z.object({
    generated: counted,
    valid: counted,
    distinct: counted,
    labelled: counted,
    kept: counted,
    used: counted,
  }),
  overlaps: z
    .array(z.object({ kind: z.enum(['exact', 'near']), count, filter, kept: counted }))
    .describe('questions that are of a benchmark, or nearly, whether they were left out or only counted; none: empty'),
  reasons: z.array(z.object({ reason: z.string(), stage: z.enum(['invalid', 'dropped']), count, filter })),
  shares: z.array(shareBin),
  pHat: spread.nullable(),
  difficulty: spread.nullable().describe('of distinct questions'),
  keptDifficulty: spread.nullable(),
  levels: z.array(level),
  topics: z.array(topic).describe('labelled questions by what they are about, most frequent first'),
  challenger: z.array(challengerStep),
  clusterSizes: z.array(z.object({ size: count, clusters: count, questions: count, filter })),
  diversity: z.object({
    distinctShare: z.number().nullable().describe('of valid questions of the curriculum'),
    challengerDistinctShare: z.number().nullable(),
    meanClusterSize: z.number().nullable().describe('questions per cluster, Challenger steps'),
  }),
  labelAccuracy: z.object({
    oracle: z.object({ estimate: estimateSchema, right: filter, wrong: filter }).nullable().describe('kept questions'),
    audit: z
      .object({ audit: count, estimate: estimateSchema })
      .nullable()
      .describe('newest random audit of this iteration'),
    reviewed: count.describe('kept questions with a verdict, however chosen: no estimate'),
  }),
});
export type IterationCurriculum = z.infer<typeof iterationCurriculumSchema>;

export const curriculumQueries = {
  overview: {
    input: z.strictObject({
      run: runIdSchema,
      iteration: count.max(1000).optional().describe('left out: all of them'),
    }),
    output: z.object({
      band: z.object({ low: z.number(), high: z.number(), filtered: z.boolean() }),
      iterations: z.array(iterationCurriculumSchema),
    }),
  },
} as const;

export const curriculumContract = calls(curriculumQueries);
