/**
 * Characters of a text that a tokenizer does not know: what it would read in their place is the token for anything unknown, or
 * nothing. What it changes on purpose (case, normal forms, spaces) is known.
 */
import type { Tokenizer } from './tokenizer.js';

type Coder = Pick<Tokenizer, 'encode' | 'decode' | 'idOf'>;

/** Characters that a vocabulary without bytes hardly has: private use, cuneiform, a rare ideograph. */
const STRANGERS = ['\u{10FFFD}', '\u{12399}', '\u{2A6D6}'];
/** What may be a special token, as "<bos>" or "[CLS]". */
const MARKS = /<[^<>\s]+>|\[[^[\]\s]+\]/gu;

export class CharacterCheck {
  private readonly seen = new Map<string, boolean>();
  /** How a character that is not known is encoded. */
  private readonly unknown: ReadonlySet<string>;

  constructor(private readonly tokenizer: Coder) {
    this.unknown = new Set(STRANGERS.filter((one) => !this.survives(one)).map((one) => this.ids(one)));
  }

  /** Each once, in the order of the text. */
  unknownIn(text: string): string[] {
    if (this.survives(text)) return [];
    const plain = text.replace(MARKS, (mark) => (this.tokenizer.idOf(mark) === null ? mark : ''));
    return [...new Set(plain)].filter((character) => !this.knows(character));
  }

  private knows(character: string): boolean {
    const before = this.seen.get(character);
    if (before !== undefined) return before;
    const known = this.survives(character) || !this.isLost(character);
    this.seen.set(character, known);
    return known;
  }

  private isLost(character: string): boolean {
    const ids = this.ids(character);
    // White space that only parts words is not lost.
    return ids === '' ? /\S/u.test(character) : this.unknown.has(ids);
  }

  private survives(text: string): boolean {
    return this.tokenizer.decode(this.tokenizer.encode(text)) === text;
  }

  private ids(text: string): string {
    return this.tokenizer.encode(text).join(' ');
  }
}
