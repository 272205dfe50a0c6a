/** What is noted beside a benchmark that was fetched or added: where it came from, and what its files must be. */
import { z } from 'zod';
import { answerKindSchema } from '../../../preload/contract/answers.js';

const fromSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hub'), id: z.string(), revision: z.string(), commit: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
]);

export const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  /** The public set whose schema it has; null: a file of one's own. */
  set: z.string().nullable(),
  from: fromSchema,
  /** In the order in which their rows count. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })).min(1),
  questions: z.number().int(),
  answers: answerKindSchema.nullable(),
  samples: z.number().int().nullable(),
  added: z.string(),
});
export type Manifest = z.output<typeof manifestSchema>;

/** Its provenance, for people: `openai/gsm8k@e53f048856ff`. */
export function originOf({ from }: Pick<Manifest, 'from'>): string {
  return from.kind === 'hub' ? `${from.id}@${from.commit.slice(0, 12)}` : from.path;
}
