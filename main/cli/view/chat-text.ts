/** Tokens and their probabilities in a terminal. */
import type { ChatToken } from '../../../preload/contract/chat-words.js';
import type { Answered } from '../chat/chat-session.js';
import type { Colours } from './colours.js';
import { printable } from './format.js';

/** A model's text, line by line harmless for a terminal. */
export function harmless(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** What a token adds; improbable ones in the colours of warnings. */
export function tinted({ piece, logprob }: ChatToken, { warn, bad }: Colours): string {
  const text = harmless(piece);
  if (text.trim() === '' || logprob >= Math.log(0.5)) return text;
  return (logprob < Math.log(0.1) ? bad : warn)(text);
}

/** One line a token: place, probability, the token, and what else might have stood there. */
export function tokenTable(tokens: readonly ChatToken[]): string[] {
  return tokens.map(({ id, shown, logprob, top }, i) => {
    const others = top
      .filter((other) => other.id !== id)
      .map((other) => `${quoted(other.shown)} ${share(other.logprob)}`);
    return `${String(i + 1).padStart(4)}  ${share(logprob).padStart(8)}  ${quoted(shown).padEnd(14)}  ${others.join('  ')}`.trimEnd();
  });
}

/** "12 tokens, log-probability -3.21, perplexity 1.31, …" */
export function factsLine({ tokens, done, prompt }: Answered): string {
  const total = tokens.reduce((sum, { logprob }) => sum + logprob, 0);
  const facts = [`${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'}`];
  if (tokens.length > 0) {
    facts.push(`log-probability ${total.toFixed(3)}`, `perplexity ${Math.exp(-total / tokens.length).toPrecision(4)}`);
  }
  if (done?.ending !== null && done?.ending !== undefined)
    facts.push(`would end here: ${(100 * done.ending).toFixed(1)} %`);
  if (done?.finish === 'length') facts.push('cut off by the limit of tokens');
  if (done === null || done.finish === 'stopped') facts.push('stopped');
  if (done?.first !== null && done?.first !== undefined && done.finish !== 'scored') {
    facts.push(`first after ${done.first.toFixed(2)} s`);
    if (tokens.length > 1 && done.seconds > done.first) {
      facts.push(`${((tokens.length - 1) / (done.seconds - done.first)).toFixed(1)} tokens/s`);
    }
  }
  if (prompt && prompt.kept > 0) facts.push(`${prompt.kept} of ${prompt.tokens} prompt tokens read before`);
  return facts.join(', ');
}

function share(logprob: number): string {
  const percent = 100 * Math.exp(logprob);
  return percent >= 0.1 ? `${percent.toFixed(1)} %` : `${percent.toExponential(1)} %`;
}

function quoted(shown: string): string {
  return printable(JSON.stringify(shown));
}
