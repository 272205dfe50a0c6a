/**
 * What each token adds to a text. A character may be spread over several tokens, and a token's text may depend on the one
 * before it, so a token is decoded together with those before it; while a character is unfinished its tokens add nothing.
 */
import type { Tokenizer } from './tokenizer.js';

const UNFINISHED = '\uFFFD';

type Decoder = Pick<Tokenizer, 'decode'>;

/** Takes tokens as they come. */
export class PieceReader {
  private readonly tokens: number[] = [];
  private context = 0;
  private told = 0;

  constructor(private readonly tokenizer: Decoder) {}

  /** What the token adds; empty within a character. */
  push(token: number): string {
    this.tokens.push(token);
    const after = this.tokenizer.decode(this.tokens.slice(this.context));
    return after.endsWith(UNFINISHED) ? '' : this.take(after);
  }

  /** What is still owed when no more tokens come: the mark of a character that was never finished, or nothing. */
  end(): string {
    return this.told === this.tokens.length ? '' : this.take(this.tokenizer.decode(this.tokens.slice(this.context)));
  }

  private take(after: string): string {
    const before = this.tokenizer.decode(this.tokens.slice(this.context, this.told));
    [this.context, this.told] = [this.told, this.tokens.length];
    return after.slice(before.length);
  }
}

/** One text a token; joined they are the decoded text. */
export function piecesOf(tokenizer: Decoder, tokens: readonly number[]): string[] {
  const reader = new PieceReader(tokenizer);
  const pieces = tokens.map((token) => reader.push(token));
  const last = pieces.length - 1;
  if (last >= 0) pieces[last] += reader.end();
  return pieces;
}
