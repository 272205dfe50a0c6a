/** One question for scripts: the answer to standard output, everything about it as JSON where that is asked for. */
import type { ChatWish } from '../../../preload/contract/chat-words.js';
import { unknownText } from '../../../preload/contract/unknown-text.js';
import { LabError } from '../../lib/errors.js';
import { factsLine, harmless, tokenTable } from '../view/chat-text.js';
import { printable } from '../view/format.js';
import { textOf, type ChatSession } from './chat-session.js';

export interface OnceOptions {
  readonly prompt: string;
  /** A text to score in place of an answer. */
  readonly score: string | null;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

export async function askOnce(session: ChatSession, { prompt, score, json, signal }: OnceOptions): Promise<void> {
  const wish: ChatWish = score === null ? { kind: 'go', begun: [] } : { kind: 'score', text: score };
  const live = !json && score === null;
  const turn = await session.ask(prompt, wish, {
    signal,
    onPrompt: ({ unknown }) => {
      if (unknown.length > 0) {
        process.stderr.write(`${printable(`warning: The prompt holds ${unknownText(unknown)}.`)}\n`);
      }
    },
    onTokens: (tokens) => {
      if (live) process.stdout.write(harmless(tokens.map(({ piece }) => piece).join('')));
    },
  });
  if (turn.done === null) throw new LabError('usage', 'Interrupted.');
  if (json) {
    const { opened, done, tokens } = turn;
    const about = {
      place: opened?.place ?? null,
      backend: opened?.backend ?? null,
      loadSeconds: opened?.seconds ?? null,
    };
    const { finish, logprob, ending, seconds, first } = done;
    const { form, text, tokens: count, kept, unknown } = turn.prompt ?? {};
    const prompted = { prompt: { form, text, tokens: count, kept, unknown } };
    const ended = { text: textOf(turn), finish, logprob, ending, seconds, first, tokens };
    process.stdout.write(`${JSON.stringify({ ...about, ...prompted, ...ended })}\n`);
    return;
  }
  if (score !== null) process.stdout.write(`${[...tokenTable(turn.tokens), factsLine(turn)].join('\n')}\n`);
  else process.stdout.write('\n');
}
