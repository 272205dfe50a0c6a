/** What somebody filled in to put a judge to work, kept for the next time (never a key), and as the contract wants it. Pure. */
import { z } from 'zod';
import {
  DEFAULT_KEY_VARIABLE,
  keyNameSchema,
  keyVariableSchema,
  type KeySource,
} from '../../../preload/contract/oracles.js';
import type { JudgeWish } from '../../stores/oracles.js';

const formSchema = z.object({
  subject: z.enum(['labels', 'answers']).default('labels'),
  endpoint: z.string().max(2000).default('http://127.0.0.1:8000/v1'),
  model: z.string().max(500).default(''),
  iteration: z.string().max(10).default(''),
  all: z.boolean().default(false),
  sample: z.number().default(200),
  requests: z.number().nullable().catch(null).default(null),
  perMinute: z.number().nullable().catch(null).default(null),
  concurrency: z.number().default(4),
  keyKind: z.enum(['environment', 'store', 'none']).default('environment'),
  keyName: z.string().max(80).default(''),
});
export type JudgeForm = z.infer<typeof formSchema>;

export const emptyForm = (): JudgeForm => formSchema.parse({});

/** What was stored by any version, or by hand. */
export function storedForm(stored: unknown): JudgeForm | null {
  return formSchema.safeParse(stored).data ?? null;
}

/** Null where the name is none. */
export function keySourceOf({ keyKind, keyName }: JudgeForm): KeySource | null {
  if (keyKind === 'none') return { kind: 'none' };
  if (keyKind === 'environment') {
    const variable = keyName === '' ? DEFAULT_KEY_VARIABLE : keyName;
    return keyVariableSchema.safeParse(variable).success ? { kind: 'environment', variable } : null;
  }
  return keyNameSchema.safeParse(keyName).success ? { kind: 'store', name: keyName } : null;
}

const whole = (value: number | null | ''): number | null =>
  typeof value === 'number' && value >= 1 ? Math.floor(value) : null;

/** Null where a part of the form cannot be meant. */
export function wishOf(run: string, form: JudgeForm): JudgeWish | null {
  const key = keySourceOf(form);
  const requests = whole(form.requests);
  if (key === null || form.endpoint.trim() === '' || form.model.trim() === '') return null;
  return {
    run,
    ...{ subject: form.subject, endpoint: form.endpoint.trim(), model: form.model.trim(), key },
    iteration: form.iteration === '' ? null : Number(form.iteration),
    sample: form.all ? null : (whole(form.sample) ?? 200),
    budget: requests === null ? {} : { requests },
    ...{ perMinute: whole(form.perMinute), concurrency: whole(form.concurrency) ?? 4 },
  };
}
