/**
 * What the engine process says to the lab that owns it. The other direction is `engineCommandSchema` in runs.ts. Both
 * ends validate, so that a version that does not fit is an error with a name instead of a strange state.
 */
import { z } from 'zod';
import { eventSchema } from './events.js';

export const OUTCOMES = ['finished', 'paused', 'failed'] as const;
export const outcomeSchema = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof outcomeSchema>;

export const engineMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('event'), event: eventSchema }),
  /** The engine has released the run and will exit. */
  z.object({
    type: z.literal('ended'),
    runId: z.string(),
    outcome: outcomeSchema,
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() }).nullable(),
  }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;
