/**
 * What came back from a chat endpoint, told apart: an answer, or a failure. A body is believed only when it is a chat
 * completion; a page of HTML with status 200 is none. Pure.
 */
import { z } from 'zod';
import { failure, jsonOf, quoted, type Failure, type RawReply } from '../endpoints/failure.js';

export interface ChatAnswer {
  readonly ok: true;
  readonly text: string;
  /** What a model thought aside, where the endpoint tells. */
  readonly thoughts: string | null;
  readonly finish: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

const tokens = z.number().int().min(0).nullish().catch(null);
const part = z.object({ text: z.string().nullish().catch(null) });
const completion = z.object({
  choices: z.array(
    z.object({
      message: z.object({
        content: z.union([z.string(), z.array(part)]).nullish(),
        reasoning_content: z.string().nullish().catch(null),
        reasoning: z.string().nullish().catch(null),
        refusal: z.string().nullish().catch(null),
      }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});

export function readReply(raw: RawReply, now: number): ChatAnswer | Failure {
  const json = jsonOf(raw, now);
  if (!json.ok) return json;
  const parsed = completion.safeParse(json.value);
  if (!parsed.success) return failure('nonsense', `the endpoint answered with no chat completion: ${quoted(raw.body)}`);
  const { choices, usage } = parsed.data;
  const [choice] = choices;
  if (!choice) return failure('empty', 'the endpoint answered without a choice');
  const { content, refusal } = choice.message;
  const text = typeof content === 'string' ? content : (content ?? []).map((one) => one.text ?? '').join('');
  const thoughts = choice.message.reasoning_content ?? choice.message.reasoning ?? null;
  if (text.trim() === '' && !thoughts) {
    if (refusal) return failure('declined', `the model refused: ${quoted(refusal)}`);
    if (choice.finish_reason === 'content_filter')
      return failure('declined', "the endpoint's filter held the answer back");
    return failure('empty', 'the model answered with no text');
  }
  return {
    ok: true,
    text,
    thoughts,
    finish: choice.finish_reason ?? null,
    inputTokens: usage?.prompt_tokens ?? null,
    outputTokens: usage?.completion_tokens ?? null,
  };
}
