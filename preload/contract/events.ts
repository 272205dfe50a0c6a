/**
 * What a run says while it works. The engine emits these, the lab stores and forwards them, `--json` prints exactly
 * these, one object a line. `sequence` counts up without gaps within a run's process, `time` is Unix milliseconds.
 */
import { z } from 'zod';

export const PHASES = ['baseline', 'challenger', 'curriculum', 'solver', 'evaluation'] as const;
export const phaseSchema = z.enum(PHASES);
export type Phase = z.infer<typeof phaseSchema>;

const iteration = z.number().int().min(0);
const position = { iteration, phase: phaseSchema };

/** A proportion or mean with its 95 % interval. */
export const estimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.number().int() });
export type Estimate = z.infer<typeof estimateSchema>;

/** Shares are of the answers that could be decided; `n` counts questions with such an answer. */
export const evaluationSchema = z.object({
  benchmark: z.string(),
  greedy: estimateSchema,
  mean: estimateSchema.nullable().describe('mean@k, clustered by question'),
  k: z.number().int(),
  undecided: z
    .object({ greedy: z.number().int(), sampled: z.number().int() })
    .optional()
    .describe('answers neither right nor wrong; left out where there are none'),
  byDifficulty: z.array(
    z.object({ difficulty: z.number(), greedy: z.number(), mean: z.number().nullable(), n: z.number().int() }),
  ),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** The funnel of one curriculum: generated ≥ valid ≥ distinct ≥ labelled ≥ kept. */
export const funnelSchema = z.object({
  generated: z.number().int(),
  valid: z.number().int(),
  distinct: z.number().int(),
  labelled: z.number().int(),
  kept: z.number().int(),
  dropped: z.record(z.string(), z.number().int()).describe('count by reason'),
  meanDifficulty: z.number().nullable().describe('of distinct questions'),
  meanUncertainty: z.number().nullable(),
  labelAccuracy: estimateSchema.nullable().describe('of kept questions, where an oracle measures'),
});
export type Funnel = z.infer<typeof funnelSchema>;

/** One row of the final table; iteration 0 is the base model. */
export const iterationSummarySchema = z.object({
  iteration,
  evaluation: evaluationSchema.nullable(),
  guard: evaluationSchema.nullable(),
  others: z.array(evaluationSchema).optional().describe('of further benchmarks; left out where there are none'),
  funnel: funnelSchema.nullable(),
  seconds: z.number().describe('active time of the iteration, evaluation included'),
});
export type IterationSummary = z.infer<typeof iterationSummarySchema>;

/** Runs recorded before reviews could take effect do not say it. */
const zeroData = z.boolean().optional().describe('false: reviews have changed what its Solver learnt from');

const body = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.started'),
    name: z.string(),
    recipe: z.string(),
    seed: z.number().int(),
    iterations: z.number().int(),
    backend: z.string(),
    resumed: z.boolean(),
    oracle: z.boolean(),
    zeroData,
  }),
  z.object({
    type: z.literal('phase.started'),
    ...position,
    total: z.number().int().describe('units of work'),
    done: z.number().int(),
  }),
  z.object({
    type: z.literal('phase.progress'),
    ...position,
    done: z.number().describe('units of work; fractions within a unit'),
    total: z.number().int(),
    tokensPerSecond: z.number().nullable(),
  }),
  /** One of many completions, while a step is still sampling: at most about two a second, never recorded. */
  z.object({
    type: z.literal('rollout.sampled'),
    ...position,
    step: z.number().int(),
    role: z.enum(['challenger', 'solver']).describe('who writes; the Solver votes unless the phase is its own'),
    question: z
      .string()
      .max(2001)
      .nullable()
      .describe('asked of the Solver, or read from what the Challenger wrote; cut'),
    completion: z.string().max(2001).describe('cut to 2000 characters'),
    tokens: z.number().int().describe('so far'),
    finish: z.enum(['stop', 'length']).nullable().describe('null: still being written'),
    answer: z.string().max(2001).nullable(),
    reward: z.number().nullable().describe('null: not known yet'),
  }),
  z.object({
    type: z.literal('step.finished'),
    ...position,
    step: z.number().int(),
    metrics: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal('curriculum.finished'), iteration, funnel: funnelSchema }),
  /** What people said of this curriculum has taken effect; the Solver phase begins with what is left. */
  z.object({
    type: z.literal('reviews.applied'),
    iteration,
    removed: z.number().int(),
    relabelled: z.number().int(),
    left: z.number().int().describe('questions the Solver learns from'),
  }),
  z.object({ type: z.literal('evaluation.finished'), iteration, evaluation: evaluationSchema }),
  z.object({ type: z.literal('phase.finished'), ...position, seconds: z.number() }),
  z.object({ type: z.literal('iteration.finished'), summary: iterationSummarySchema }),
  z.object({
    type: z.literal('alarm'),
    ...position,
    step: z.number().int().nullable(),
    kind: z.string().describe('as in alarms.ts'),
    message: z.string(),
    value: z.number().nullable(),
    limit: z.number().nullable(),
    action: z.enum(['warn', 'pause', 'rollback']),
  }),
  z.object({
    type: z.literal('checkpoint.saved'),
    ...position,
    step: z.number().int(),
    bytes: z.number().int(),
    seconds: z.number(),
  }),
  z.object({
    type: z.literal('compute.summary'),
    steps: z.array(
      z.object({
        name: z.string(),
        buckets: z.number().int(),
        traceMs: z.number(),
        calls: z.number().int(),
        nodes: z.number().int(),
      }),
    ),
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), message: z.string() }),
  z.object({ type: z.literal('run.paused'), ...position, step: z.number().int(), reason: z.string() }),
  z.object({
    type: z.literal('run.finished'),
    summaries: z.array(iterationSummarySchema),
    seconds: z.number(),
    zeroData,
  }),
  z.object({ type: z.literal('run.failed'), code: z.string(), message: z.string(), remedy: z.string().nullable() }),
]);

export const eventSchema = z.intersection(
  z.object({ run: z.string(), sequence: z.number().int().min(0), time: z.number() }),
  body,
);
export type RunEvent = z.infer<typeof eventSchema>;
/** An event before the engine stamps it. */
export type EventBody = z.infer<typeof body>;

/** Live progress passes by: it is never recorded, for the steps it leads to are. */
export function isLive(event: EventBody): boolean {
  return event.type === 'phase.progress' || event.type === 'rollout.sampled';
}

export type EventOf<T extends EventBody['type']> = Extract<RunEvent, { type: T }>;
