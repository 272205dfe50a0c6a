/** Domains as a page works with them: those that ship, and a folder of one's own by its path. Only `look` takes a path. */
import { z } from 'zod';
import { ANSWERS, DIFFICULTIES, FORMS, ORACLES, TOPICS, words } from './domain-words.js';
import { call, nothing, text, word } from './route.js';

const count = z.number().int().min(0);

/** What a domain is, in a few lines; its prompts are a route of their own. */
export const domainAboutSchema = z.strictObject({
  reference: text.describe('as a recipe names it'),
  shipped: z.boolean(),
  name: word,
  description: text,
  answers: z.enum(words(ANSWERS)),
  form: z.enum(words(FORMS)),
  chat: z.boolean(),
  topics: z
    .array(text)
    .max(20)
    .nullable()
    .describe('the first of those that questions are asked about; null: it draws none'),
  topicsTotal: count,
  difficulty: z.enum(words(DIFFICULTIES)).nullable(),
  topic: z.enum(words(TOPICS)).nullable().describe('the rule that names what a question is about'),
  oracle: z.enum(words(ORACLES)).nullable(),
  rewriting: z.boolean().describe('it rewrites questions itself, without a model'),
  example: text.describe('a question of it'),
});
export type DomainAbout = z.output<typeof domainAboutSchema>;

export const domainsContract = {
  /** Those that ship. */
  list: call(nothing, z.array(domainAboutSchema).max(1000)),
  /** One by its name or the path of its folder, or what is wrong with it. */
  look: call(
    z.strictObject({ domain: z.string().trim().min(1).max(4000) }),
    z.discriminatedUnion('valid', [
      z.strictObject({ valid: z.literal(true), domain: domainAboutSchema }),
      z.strictObject({ valid: z.literal(false), faults: z.array(text).min(1).max(1000) }),
    ]),
  ),
};
