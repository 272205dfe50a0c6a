/**
 * What a window (or a page in a browser) may ask of the lab: calls with one answer, and streams. Defined once here; the
 * serving end and the asking end are both derived from these tables, so a handler that is missing does not compile, and
 * whatever crosses is validated where it arrives. Spoken over a MessagePort in Electron; any pair of ports will do.
 */
import { z } from 'zod';
import { eventSchema } from './events.js';
import { backendChoiceSchema, runInfoSchema } from './runs.js';

const runId = z.string().min(1).max(200);

export const calls = {
  'runs.list': { input: z.object({}), output: z.array(runInfoSchema) },
  'runs.get': { input: z.object({ run: runId }), output: runInfoSchema },
  'runs.create': {
    input: z.object({
      recipe: z.string().min(1).max(1000).describe('name of a shipped recipe'),
      set: z.array(z.string().max(1000)).max(200).default([]),
      seed: z.number().int().min(0).nullable().default(null),
      name: z.string().min(1).max(200).nullable().default(null),
      backend: backendChoiceSchema.default('auto'),
    }),
    output: runInfoSchema,
  },
  'runs.resume': {
    input: z.object({ run: runId, backend: backendChoiceSchema.default('auto') }),
    output: runInfoSchema,
  },
  'runs.pause': { input: z.object({ run: runId }), output: z.object({}) },
} as const;

export const streams = {
  /** Every event after `after`, then the live ones. */
  'runs.events': { input: z.object({ run: runId, after: z.number().int().min(-1).default(-1) }), item: eventSchema },
} as const;

export type CallName = keyof typeof calls;
export type CallInput<K extends CallName> = z.input<(typeof calls)[K]['input']>;
export type CallOutput<K extends CallName> = z.output<(typeof calls)[K]['output']>;
export type StreamName = keyof typeof streams;
export type StreamInput<K extends StreamName> = z.input<(typeof streams)[K]['input']>;
export type StreamItem<K extends StreamName> = z.output<(typeof streams)[K]['item']>;

export type CallHandlers = {
  readonly [K in CallName]: (input: z.output<(typeof calls)[K]['input']>) => CallOutput<K> | Promise<CallOutput<K>>;
};
/** A stream handler emits items and returns how to end it. */
export type StreamHandlers = {
  readonly [K in StreamName]: (
    input: z.output<(typeof streams)[K]['input']>,
    emit: (item: StreamItem<K>) => void,
  ) => () => void;
};

const id = z.number().int().min(0);

/** What the asking end sends. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id,
    name: z.enum(Object.keys(calls) as [CallName, ...CallName[]]),
    input: z.unknown(),
  }),
  z.object({
    kind: z.literal('open'),
    id,
    name: z.enum(Object.keys(streams) as [StreamName, ...StreamName[]]),
    input: z.unknown(),
  }),
  z.object({ kind: z.literal('close'), id }),
]);
export type ApiRequest = z.infer<typeof requestSchema>;

export const apiErrorSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() });
export type ApiFailure = z.infer<typeof apiErrorSchema>;

/** What the serving end answers. */
export const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id, output: z.unknown() }),
  z.object({ kind: z.literal('item'), id, item: z.unknown() }),
  z.object({ kind: z.literal('error'), id, error: apiErrorSchema }),
]);
export type ApiReply = z.infer<typeof replySchema>;
