/** A conversation with one model, or with two side by side: questions, and to each the answers of both. Pure. */
import type { ChatMessage } from '../../../preload/contract/chat-words.js';
import { textOf, tokensOf, type ChatAnswer } from './answer.js';

export type Lane = 0 | 1;

/** Every branch is another version; one of them is shown, and is what later turns go on from. */
export interface Versions {
  readonly all: readonly ChatAnswer[];
  readonly shown: number;
}

export interface Exchange {
  readonly id: number;
  readonly question: string;
  readonly lanes: readonly [Versions, Versions];
}

export const NO_VERSIONS: Versions = { all: [], shown: 0 };

export function shownOf(exchange: Exchange, lane: Lane): ChatAnswer | null {
  const { all, shown } = exchange.lanes[lane];
  return all[shown] ?? null;
}

/** What a model is told: all turns that it answered before, and the question. Scored texts are no turns. */
export function messagesFor(
  exchanges: readonly Exchange[],
  { lane, system, upTo }: { readonly lane: Lane; readonly system: string; readonly upTo: Exchange },
): ChatMessage[] {
  const messages: ChatMessage[] = system === '' ? [] : [{ role: 'system', content: system }];
  for (const exchange of exchanges) {
    if (exchange.id === upTo.id) break;
    const answer = shownOf(exchange, lane);
    if (!answer || answer.count === 0 || answer.kind === 'score') continue;
    messages.push({ role: 'user', content: exchange.question }, { role: 'assistant', content: textOf(answer) });
  }
  return [...messages, { role: 'user', content: upTo.question }];
}

export function asText(exchanges: readonly Exchange[]): string {
  return exchanges
    .flatMap((exchange) => [
      `User: ${exchange.question}`,
      ...([0, 1] as const).flatMap((lane) => {
        const answer = shownOf(exchange, lane);
        return answer ? [`${answer.model}: ${textOf(answer)}`] : [];
      }),
    ])
    .join('\n\n');
}

/** All that is known: every version, its prompt as it was sent, its tokens with their probabilities. */
export function asJson(exchanges: readonly Exchange[]): string {
  const whole = exchanges.map(({ question, lanes }) => ({
    question,
    answers: lanes.map(({ all, shown }) => ({
      shown,
      versions: all.map((answer) => ({
        model: answer.model,
        kind: answer.kind,
        phase: answer.phase,
        place: answer.opened?.place ?? null,
        backend: answer.opened?.backend ?? null,
        prompt: answer.prompt?.text ?? null,
        text: textOf(answer),
        done: answer.done,
        tokens: tokensOf(answer),
      })),
    })),
  }));
  return JSON.stringify(whole, null, 1);
}
