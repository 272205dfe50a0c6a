/** Curves: which metrics a run has, their points thinned out by the server, and the small curve of each run in the list. */
import { z } from 'zod';
import { estimateSchema, iterationSchema, phaseSchema } from './events.js';
import { calls } from './route.js';

const runId = z.string().min(1).max(200);
const count = z.number().int().min(0);
const name = z.string().min(1).max(200);

const seriesName = z.strictObject({ phase: phaseSchema, name });

/** Columns instead of objects: a curve of 400 points is four arrays. All of one length, in the order of the run. */
const series = z.object({
  run: runId,
  phase: phaseSchema,
  name: z.string(),
  total: count.describe('points recorded, of those asked for'),
  thinned: z.boolean().describe('true: smallest and largest of each bucket; false: every point'),
  seq: z.array(count),
  iteration: z.array(count),
  step: z.array(count),
  globalStep: z.array(count).describe('steps of this phase through all iterations'),
  activeSeconds: z.array(z.number().nullable()).describe('worked until then, pauses left out'),
  time: z.array(z.number().nullable()).describe('Unix milliseconds'),
  value: z.array(z.number().nullable()).describe('null is not a number'),
});
export type Series = z.infer<typeof series>;

const runOverview = z.object({
  run: runId,
  benchmark: z.string().nullable().describe('null: not evaluated yet'),
  scores: z.array(z.object({ iteration: iterationSchema, greedy: z.number(), mean: z.number().nullable() })),
  best: z.object({ iteration: iterationSchema, estimate: estimateSchema }).nullable(),
  labelAccuracy: z
    .object({ iteration: count, estimate: estimateSchema })
    .nullable()
    .describe('of the newest curriculum that an oracle measured'),
});
export type RunOverview = z.infer<typeof runOverview>;

export const metricQueries = {
  names: {
    input: z.strictObject({ runs: z.array(runId).min(1).max(50) }),
    output: z.array(z.object({ phase: phaseSchema, name: z.string(), runs: z.array(runId) })),
  },
  series: {
    input: z.strictObject({
      runs: z.array(runId).min(1).max(50),
      names: z.array(seriesName).min(1).max(40),
      points: z.number().int().min(10).max(4000).default(400).describe('at most so many of each series'),
      after: z
        .record(runId, z.number().int().min(-1))
        .default({})
        .describe('by run: the unit up to which its points are known; `until` of the last reply'),
      within: z
        .record(runId, z.strictObject({ from: count, to: count }))
        .default({})
        .describe('by run: only points of these units, `seq`, both ends included'),
    }),
    output: z.object({
      series: z.array(series),
      until: z.record(runId, z.number().int().min(-1)).describe('ask again with this to get what is new'),
    }),
  },
  overview: { input: z.strictObject({ runs: z.array(runId).max(500) }), output: z.array(runOverview) },
} as const;

export const metricsContract = calls(metricQueries);
