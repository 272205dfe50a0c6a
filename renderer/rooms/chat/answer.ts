/**
 * One answer as it grows. Its tokens stand in chunks that never change once they are full, so that a long answer is drawn
 * again only at its end; none of them is made reactive.
 */
import { shallowReactive } from 'vue';
import type {
  ChatAlternative,
  ChatDone,
  ChatNews,
  ChatOpened,
  ChatPrompt,
  ChatToken,
} from '../../../preload/contract/chat-words.js';
import type { FailureFacts } from '../../connection/failure.js';

export const CHUNK = 64;

export interface ChatAnswer {
  readonly id: number;
  readonly kind: 'go' | 'score';
  /** The model that was asked, for people. */
  readonly model: string;
  phase: 'loading' | 'reading' | 'writing' | 'done' | 'stopped' | 'failed';
  opened: ChatOpened | null;
  prompt: ChatPrompt | null;
  chunks: readonly (readonly ChatToken[])[];
  count: number;
  done: ChatDone | null;
  failure: FailureFacts | null;
}

export function newAnswer(
  about: Pick<ChatAnswer, 'id' | 'kind' | 'model'>,
  begun: readonly ChatToken[] = [],
): ChatAnswer {
  const answer = shallowReactive<ChatAnswer>({
    ...about,
    ...{ phase: 'loading', opened: null, prompt: null, chunks: [], count: 0, done: null, failure: null },
  });
  append(answer, begun);
  return answer;
}

export function hear(answer: ChatAnswer, news: ChatNews): void {
  switch (news.kind) {
    case 'opened':
      answer.opened = news;
      answer.phase = 'reading';
      return;
    case 'prompt':
      answer.prompt = news;
      return;
    case 'tokens':
      answer.phase = 'writing';
      append(answer, news.tokens);
      return;
    case 'done':
      answer.done = news;
      answer.phase = news.finish === 'stopped' ? 'stopped' : 'done';
      if (news.finish === 'stop') endsHere(answer);
      return;
  }
}

export function tokensOf(answer: ChatAnswer): ChatToken[] {
  return answer.chunks.flat();
}

export function tokenAt({ chunks }: ChatAnswer, index: number): ChatToken | null {
  return chunks[Math.floor(index / CHUNK)]?.[index % CHUNK] ?? null;
}

/** What the model said, as later turns are told it. */
export function textOf(answer: ChatAnswer): string {
  return (
    answer.done?.text ??
    tokensOf(answer)
      .map(({ piece }) => piece)
      .join('')
  );
}

export function logprobOf(answer: ChatAnswer): number {
  return tokensOf(answer).reduce((sum, { logprob }) => sum + logprob, 0);
}

/** The tokens up to `index`, and another one in its place. */
export function branched(answer: ChatAnswer, index: number, other: ChatAlternative): ChatToken[] {
  const tokens = tokensOf(answer);
  const { entropy, top } = tokens[index] as ChatToken;
  // Bytes of part of a character add nothing yet.
  const piece = other.shown.startsWith('⟨') && other.shown.endsWith('⟩') ? '' : other.shown;
  return [...tokens.slice(0, index), { ...other, piece, entropy, top }];
}

function append(answer: ChatAnswer, tokens: readonly ChatToken[]): void {
  const chunks = [...answer.chunks];
  for (const token of tokens) {
    const last = chunks.at(-1);
    if (!last || last.length >= CHUNK) chunks.push([token]);
    else chunks[chunks.length - 1] = [...last, token];
  }
  answer.chunks = chunks;
  answer.count += tokens.length;
}

/** The token that ends an answer is no part of its text. */
function endsHere(answer: ChatAnswer): void {
  const chunks = [...answer.chunks];
  const last = chunks.at(-1);
  const token = last?.at(-1);
  if (!last || !token || token.piece === '') return;
  chunks[chunks.length - 1] = [...last.slice(0, -1), { ...token, piece: '' }];
  answer.chunks = chunks;
}
