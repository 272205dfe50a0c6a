/** What is known of a run before it is made: where it would compute, what it would take, and what stands in its way. */
import { z } from 'zod';
import { text } from './route.js';

const bytes = z.number().min(0);
const part = z.strictObject({ what: text, bytes });

export const preflightSchema = z.strictObject({
  backend: z.strictObject({
    expected: text.nullable().describe('what would compute; null: not known'),
    why: text,
  }),
  memory: z
    .strictObject({
      needed: bytes.describe('an estimate of the most at once'),
      available: bytes.nullable().describe('free now; null: not known'),
      card: text.nullable().describe("the graphics card whose memory it is; null: the machine's own"),
      parts: z.array(part).max(20),
    })
    .nullable()
    .describe('null: the model cannot be read'),
  disk: z
    .strictObject({
      needed: bytes.describe('an estimate, of all runs together'),
      free: bytes,
      parts: z.array(part).max(20),
    })
    .nullable(),
  time: z.strictObject({
    seconds: z
      .strictObject({ likely: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .describe('of one run'),
    iteration: z.number().nullable().describe('seconds of one iteration, likely; null: there is no estimate'),
    measured: z.boolean().describe('by measuring the model here, not from earlier runs'),
    source: text.describe('what the estimate rests on, or why there is none'),
  }),
  warnings: z.array(text).max(50),
  blockers: z.array(text).max(50).describe('with one of these the run would fail'),
});
export type Preflight = z.infer<typeof preflightSchema>;
