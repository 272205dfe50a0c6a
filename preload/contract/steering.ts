/**
 * How people steer a run besides starting it: stops at a named place, reviews that take effect, forks from a checkpoint.
 * The routes are in runs.ts; here is what they speak of.
 */
import { z } from 'zod';
import { iterationSchema, phaseSchema } from './events.js';
import { word } from './route.js';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** now: the next safe point; curriculum: before the Solver learns from it; iteration: after its evaluation. */
export const PAUSE_PLACES = ['now', 'curriculum', 'iteration'] as const;
export const pausePlaceSchema = z.enum(PAUSE_PLACES);
export type PausePlace = z.infer<typeof pausePlaceSchema>;

/** How a run deals with what people say about its questions. */
export const reviewPolicySchema = z.strictObject({
  use: z.boolean().describe('reviews take effect when a Solver phase begins'),
  pauseAfterCurriculum: z.boolean().describe('the run pauses by itself after each curriculum'),
});

/** Where a fork begins: after `step` units of `phase` of the run with this id, which may be gone by now. */
export const forkedFromSchema = z.strictObject({
  run: word,
  iteration: iterationSchema,
  phase: phaseSchema,
  step: count,
});
export type ForkedFrom = z.infer<typeof forkedFromSchema>;

export const checkpointSchema = z.strictObject({
  checkpoint: count.describe('its number within the run: the units of work done'),
  iteration: iterationSchema,
  phase: phaseSchema,
  step: count.describe('units of the phase that are done'),
  time: z.number().nullable().describe('Unix milliseconds; null: not known'),
  bytes: count.describe('of all its files, also of those it shares with others'),
  latest: z.boolean().describe('where the run goes on from'),
  best: z.boolean().describe('did best on the guard benchmark'),
  endsIteration: z.boolean(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;
