/** Rows to learn from, of unequal length: text for the nano model, and chats with a template as Qwen's models have. */

interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** With the marks by which transformers says which tokens are the assistant's. */
export const CHATML = `{%- for message in messages %}
  {{- '<|im_start|>' + message.role + '\\n' }}
  {%- if message.role == 'assistant' %}
    {%- generation %}{{- message.content + '<|im_end|>' }}{%- endgeneration %}
  {%- else %}
    {{- message.content + '<|im_end|>' }}
  {%- endif %}
  {{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
`;

/** Sums of 2 to 9 terms with their worked answers; every third has its own end. */
export const TEXTS = Array.from({ length: 36 }, (_, i) => {
  const terms = Array.from({ length: 2 + ((i * 5) % 8) }, (_, j) => 1 + ((i * 7 + j * 3) % 9));
  const worked = terms
    .slice(1)
    .reduce(({ sum, text }, term) => ({ sum: sum + term, text: `${text}+${term}=${sum + term}` }), {
      sum: terms[0] as number,
      text: `${terms[0]}`,
    });
  const end = i % 3 === 0 ? '<eos>' : '';
  return {
    prompt: `<bos><question>${terms.join('+')}</question>`,
    completion: `${worked.text}#${worked.sum}${end}`,
  };
});

const user = (content: string): Turn => ({ role: 'user', content });
const assistant = (content: string): Turn => ({ role: 'assistant', content });
const WORDS = 'the sum of what is given and what was asked, 12 + 7 = 19; naïve 我 😀 — done'.split(' ');
const words = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => WORDS[(from + i * 3) % WORDS.length]).join(' ');

/** Conversations of one to three answers, some behind a system message. */
export const CHATS: readonly (readonly Turn[])[] = Array.from({ length: 36 }, (_, i) => [
  ...(i % 3 === 0 ? [{ role: 'system' as const, content: words(i, 2 + (i % 4)) }] : []),
  ...Array.from({ length: i % 3 }, (_, j) => [user(words(i + j, 1 + (j % 3))), assistant(words(i * j, 2))]).flat(),
  user(words(i, 1 + ((i * 3) % 7))),
  assistant(words(i + 1, 1 + ((i * 5) % 11))),
]);
