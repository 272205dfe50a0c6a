/** What measuring a model says besides its scores: how it was asked, and how its answers came out. */
import { z } from 'zod';
import { evaluationSchema } from './events.js';

const count = z.number().int().min(0);

export const askedSchema = z.object({
  recipe: z.string(),
  chosen: z
    .enum(['named', 'run', 'model', 'usual'])
    .describe("who chose it: the caller; the model's run; made for this model; the usual one, for want of another"),
  domain: z.string(),
  maxNewTokens: z.number().int().describe('of an answer'),
  temperature: z.number().describe('of the samples'),
  positions: z.number().int().describe('tokens the model reads, question and answer together'),
});
export type Asked = z.infer<typeof askedSchema>;

const answerCountsSchema = z.object({
  asked: count,
  none: count.describe('without an answer that can be read'),
  cutOff: count.describe('ended by the token limit'),
});
export type AnswerCounts = z.infer<typeof answerCountsSchema>;

/** Of the first questions that hold any; more would only be counted. */
const charactersSchema = z.array(z.string()).max(50);

export const measuredSchema = evaluationSchema.extend({
  prompt: z.string().nullable().describe('of its first question, as the model was given it'),
  answers: z.object({ greedy: answerCountsSchema, sampled: answerCountsSchema }),
  unreadable: z
    .object({ questions: count, of: count, characters: charactersSchema, around: charactersSchema })
    .describe(
      'questions with characters that the tokenizer does not know, and such characters of the prompt around them',
    ),
  warnings: z.array(z.object({ message: z.string(), remedy: z.string() })),
});
export type MeasuredBenchmark = z.infer<typeof measuredSchema>;

const CHOSEN: Readonly<Record<Asked['chosen'], string>> = {
  named: 'as asked for',
  run: "the run's own",
  model: 'made for this model',
  usual: 'the usual one, as none is known for this model',
};

/** "recipe nano (made for this model), domain chains, at most 112 tokens an answer" */
export function askedText({ recipe, chosen, domain, maxNewTokens }: Asked): string {
  return `recipe ${recipe} (${CHOSEN[chosen]}), domain ${domain}, at most ${maxNewTokens} tokens an answer`;
}
