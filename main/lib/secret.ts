/**
 * A key in memory. It turns into text nowhere by accident: not in a template, not as JSON, not when an error or a log
 * shows the object that holds it. `reveal` is called where the header of a request is made, where a key store is
 * filled and where an engine process gets it from the lab that owns it, and nowhere else.
 */
import { inspect } from 'node:util';
import { LabError } from './errors.js';

const SHOWN = '[key]';
/** What stands for a key in texts of others may be a part of it. */
const PART = 8;

export class Secret {
  readonly #value: string;

  private constructor(value: string) {
    this.#value = value;
  }

  /** @param where for the message, which does not repeat the value. @throws LabError('usage') for what no header can hold. */
  static of(value: string, where: string): Secret {
    const trimmed = value.trim();
    if (!/^[\x21-\x7e]+$/.test(trimmed))
      throw new LabError('usage', `The key in ${where} is empty or has characters that no key has.`, {
        remedy: 'Set it again: one line of letters, digits and signs, without spaces.',
      });
    return new Secret(trimmed);
  }

  reveal(): string {
    return this.#value;
  }

  /** Whether it can stand in another text by being that key alone. A short one, as servers of one's own take, may be a word. */
  get isLong(): boolean {
    return this.#value.length >= 2 * PART;
  }

  /** A text of somebody else's without this key, or longer parts of it. */
  scrub(text: string): string {
    let clean = text.replaceAll(this.#value, SHOWN);
    if (!this.isLong) return clean;
    for (const part of [this.#value.slice(0, -PART / 2), this.#value.slice(PART / 2)])
      clean = clean.replaceAll(part, SHOWN);
    return clean;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
