/** Runs as every shell sees them, and the commands the lab takes. */
import { z } from 'zod';
import { iterationSummarySchema, phaseSchema } from './events.js';

export const RUN_STATES = ['created', 'running', 'paused', 'finished', 'failed'] as const;
export const runStateSchema = z.enum(RUN_STATES);
export type RunState = z.infer<typeof runStateSchema>;

/** Where a run stands: `step` units of `phase` are done. */
export const cursorSchema = z.object({
  iteration: z.number().int().min(0),
  phase: phaseSchema,
  step: z.number().int().min(0),
});
export type Cursor = z.infer<typeof cursorSchema>;

export const runInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  recipe: z.string().describe('name of the recipe'),
  seed: z.number().int(),
  state: runStateSchema.describe('running only while a live process holds the run'),
  backend: z.string().nullable(),
  cursor: cursorSchema,
  iterations: z.number().int(),
  createdAt: z.number(),
  updatedAt: z.number(),
  activeSeconds: z.number(),
  directory: z.string(),
  error: z.string().nullable(),
  summaries: z.array(iterationSummarySchema),
});
export type RunInfo = z.infer<typeof runInfoSchema>;

export const backendChoiceSchema = z.enum(['auto', 'tensorflow', 'webgpu', 'wasm']);
export type BackendChoice = z.infer<typeof backendChoiceSchema>;

/** What the lab sends to the engine process. */
export const engineCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), runId: z.string(), dataDir: z.string(), backend: backendChoiceSchema }),
  z.object({ type: z.literal('pause') }),
]);
export type EngineCommand = z.infer<typeof engineCommandSchema>;
