/**
 * Token ids to text exactly as Python's `tokenizers` does, fast for many short completions: what an id stands for is
 * worked out once, and a text of whole characters is a join of strings. Covers the decoders of the Qwen, Llama and SmolLM
 * families: byte-level BPE, SentencePiece's ▁ with bytes for unknown characters, and plain joining.
 */
import { isObject, type JsonObject } from './json-file.js';

/** What one token contributes: text, or bytes that may be part of a character. */
type Piece = string | Uint8Array;

interface DecodePlan {
  readonly piece: (token: string) => Piece;
  /** Text of a run of bytes, whole or broken. */
  readonly mend: (bytes: Uint8Array) => string;
  /** Whether one leading space is taken off the text. */
  readonly stripSpace: boolean;
}

export class TokenText {
  private readonly pieces: (Piece | undefined)[] = [];

  private constructor(
    private readonly plan: DecodePlan,
    private readonly tokenOf: (id: number) => string | undefined,
  ) {}

  /** For the `decoder` of a tokenizer.json; null for kinds this file does not cover. */
  static for(decoder: unknown, tokenOf: (id: number) => string | undefined): TokenText | null {
    const plan = planOf(decoder);
    return plan && new TokenText(plan, tokenOf);
  }

  /** Ids that are in no vocabulary contribute nothing. */
  decode(ids: readonly number[], skip: (id: number) => boolean): string {
    let text = '';
    let run: Uint8Array[] = [];
    for (const id of ids) {
      if (skip(id)) continue;
      const piece = this.pieceOf(id);
      if (typeof piece === 'string') {
        if (run.length > 0) text += this.plan.mend(Buffer.concat(run));
        run = [];
        text += piece;
      } else run.push(piece);
    }
    if (run.length > 0) text += this.plan.mend(Buffer.concat(run));
    return this.plan.stripSpace && text.startsWith(' ') ? text.slice(1) : text;
  }

  /** One token by itself: its text, or its bytes in hexadecimal where they are no whole character. */
  show(id: number): string {
    const piece = this.pieceOf(id);
    if (typeof piece === 'string') return piece;
    const hex = [...piece].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
    return strict(piece) ?? `⟨${hex.join(' ')}⟩`;
  }

  private pieceOf(id: number): Piece {
    const known = this.pieces[id];
    if (known !== undefined) return known;
    const token = this.tokenOf(id);
    if (token === undefined) return '';
    return (this.pieces[id] = this.plan.piece(token));
  }
}

function planOf(decoder: unknown): DecodePlan | null {
  if (!isObject(decoder)) return null;
  if (decoder.type === 'ByteLevel') return { piece: byteLevelPiece, mend: lossy, stripSpace: false };
  if (decoder.type === 'Fuse') return { piece: (token) => token, mend: lossy, stripSpace: false };
  if (decoder.type !== 'Sequence' || !Array.isArray(decoder.decoders)) return null;
  return sentencePiecePlan(decoder.decoders.filter(isObject));
}

/** Replace, ByteFallback, Fuse and then perhaps Strip: what SentencePiece models are converted to. */
function sentencePiecePlan(steps: readonly JsonObject[]): DecodePlan | null {
  const [replace, fallback, fuse, strip] = steps;
  const order = steps.map((step) => step.type).join();
  if (order !== 'Replace,ByteFallback,Fuse' && order !== 'Replace,ByteFallback,Fuse,Strip') return null;
  const pattern = isObject(replace?.pattern) ? replace.pattern.String : undefined;
  const content = replace?.content;
  if (!fallback || !fuse || typeof pattern !== 'string' || typeof content !== 'string') return null;
  if (strip && (strip.content !== ' ' || strip.start !== 1 || strip.stop !== 0)) return null;
  const piece = (token: string): Piece => {
    const text = token.replaceAll(pattern, content);
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(text)?.[1];
    return byte === undefined ? text : Uint8Array.of(parseInt(byte, 16));
  };
  return { piece, mend: wholeOrNothing, stripSpace: strip !== undefined };
}

/** Invalid bytes become U+FFFD, one for each maximal part of a character; a byte-order mark is kept. */
const LOSSY = new TextDecoder('utf-8', { ignoreBOM: true });
const STRICT = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function lossy(bytes: Uint8Array): string {
  return LOSSY.decode(bytes);
}

function strict(bytes: Uint8Array): string | null {
  try {
    return STRICT.decode(bytes);
  } catch {
    return null;
  }
}

/** One broken byte spoils its whole run: as many U+FFFD as bytes. */
function wholeOrNothing(bytes: Uint8Array): string {
  return strict(bytes) ?? '\uFFFD'.repeat(bytes.length);
}

function byteLevelPiece(token: string): Piece {
  const bytes = [];
  for (const char of token) {
    const byte = BYTE_OF.get(char);
    // A token with any other character (an added one with a space, say) is plain text.
    if (byte === undefined) return token;
    bytes.push(byte);
  }
  const array = Uint8Array.from(bytes);
  return strict(array) ?? array;
}

/** GPT-2's printable stand-ins for the 256 bytes. */
const BYTE_OF: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    map.set(String.fromCharCode(printable ? byte : next++), byte);
  }
  return map;
})();
