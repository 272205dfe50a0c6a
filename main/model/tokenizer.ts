/**
 * Text to token ids and back, by the folder's tokenizer.json, equal to Python's `tokenizers`. `encode` adds nothing of
 * its own (no BOS): prompts say what they want. Special tokens that stand in the text are recognised.
 */
import { Tokenizer as Library, type PreTokenizer } from '@huggingface/tokenizers';
import { LabError } from '../lib/errors.js';
import { isObject, type JsonObject } from './json-file.js';
import { TokenText } from './token-text.js';

export interface DecodeOptions {
  /** Leave special tokens out (default false). */
  readonly skipSpecial?: boolean;
}

export interface Tokenizer {
  encode(text: string): number[];
  /** Ids outside the vocabulary contribute nothing. */
  decode(ids: readonly number[], options?: DecodeOptions): string;
  /** What one token stands for by itself; bytes that are only part of a character as ⟨E2 98⟩. */
  show(id: number): string;
  /** One more than the largest id. */
  readonly vocabSize: number;
  /** The special tokens that its makers put before a text, spelt out: `<|begin_of_text|>` of Llama 3, nothing of Qwen. */
  readonly opening: string;
  idOf(token: string): number | null;
}

/** Far above any real vocabulary; a larger id is a damaged file, and would cost its size in memory. */
const MAX_TOKEN_ID = 10_000_000;

const MODEL_TYPES = ['BPE', 'Unigram', 'WordPiece'];

/** A tokenizer from the parsed tokenizer.json and tokenizer_config.json of a folder. `path` is for messages. */
export function createTokenizer(path: string, json: JsonObject, config: JsonObject): Tokenizer {
  try {
    const vocabSize = vocabularySize(json);
    // Cleaning up would alter text; transformers does not do it for these models either.
    const library = new Library(json, { ...config, clean_up_tokenization_spaces: false });
    repairByteLevel(library.pre_tokenizer);
    const opening = openingOf(library);
    const special = specialIds(json, config, library);
    return new HfTokenizer(library, { vocabSize, opening, special, decoder: json.decoder });
  } catch (cause) {
    throw new LabError('model', `${path} is not a tokenizer this program can use: ${(cause as Error).message}.`, {
      cause,
      remedy: 'Download the file again; models of type BPE, Unigram and WordPiece are supported.',
    });
  }
}

interface Parts {
  readonly vocabSize: number;
  readonly opening: string;
  readonly special: ReadonlySet<number>;
  readonly decoder: unknown;
}

class HfTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly opening: string;
  private readonly special: ReadonlySet<number>;
  private readonly text: TokenText | null;

  constructor(
    private readonly library: Library,
    { vocabSize, opening, special, decoder }: Parts,
  ) {
    this.vocabSize = vocabSize;
    this.opening = opening;
    this.special = special;
    this.text = TokenText.for(decoder, (id) => library.id_to_token(id));
  }

  encode(text: string): number[] {
    return text === '' ? [] : this.library.encode(text, { add_special_tokens: false }).ids;
  }

  decode(ids: readonly number[], { skipSpecial = false }: DecodeOptions = {}): string {
    const skip = (id: number): boolean => skipSpecial && this.special.has(id);
    if (this.text) return this.text.decode(ids, skip);
    const known = ids.filter((id) => !skip(id) && this.library.id_to_token(id) !== undefined);
    return known.length === 0 ? '' : this.library.decode(known);
  }

  show(id: number): string {
    return this.text?.show(id) ?? this.decode([id]);
  }

  idOf(token: string): number | null {
    return this.library.token_to_id(token) ?? null;
  }
}

/** What its post-processor puts before the tokens of a text. */
function openingOf(library: Library): string {
  const bare = library.encode('probe', { add_special_tokens: false }).ids;
  const whole = library.encode('probe', { add_special_tokens: true }).ids;
  const start = whole.findIndex((_, i) => bare.every((id, k) => whole[i + k] === id));
  const before = whole.slice(0, Math.max(0, start)).map((id) => library.id_to_token(id));
  return before.every((token) => token !== undefined) ? before.join('') : '';
}

function vocabularySize(json: JsonObject): number {
  const model = json.model;
  if (!isObject(model)) throw new Error('it has no "model"');
  // The library would take any other kind for a list of whole words.
  const type = model.type ?? 'BPE';
  if (!MODEL_TYPES.some((known) => known === type)) throw new Error(`its model is of type ${JSON.stringify(type)}`);
  const vocab = model.vocab;
  if (!Array.isArray(vocab) && !isObject(vocab)) throw new Error('its model has no "vocab"');
  const added = json.added_tokens ?? [];
  if (!Array.isArray(added) || !added.every((token) => isObject(token) && typeof token.content === 'string')) {
    throw new Error('its "added_tokens" is not a list of tokens');
  }
  const ids: unknown[] = Array.isArray(vocab) ? [vocab.length - 1] : Object.values(vocab);
  let largest = -1;
  for (const id of [...ids, ...added.map((token: JsonObject) => token.id)]) {
    if (!Number.isSafeInteger(id) || (id as number) < 0 || (id as number) > MAX_TOKEN_ID) {
      throw new Error(`${JSON.stringify(id) ?? 'nothing'} is no token id`);
    }
    largest = Math.max(largest, id as number);
  }
  return largest + 1;
}

/** Marked so in tokenizer.json, or named by tokenizer_config.json as `…_token` or an additional special token. */
function specialIds(json: JsonObject, config: JsonObject, library: Library): Set<number> {
  const ids = new Set<number>();
  for (const token of (json.added_tokens ?? []) as JsonObject[])
    if (token.special === true) ids.add(token.id as number);
  const extra = Array.isArray(config.additional_special_tokens) ? (config.additional_special_tokens as unknown[]) : [];
  const named = Object.entries(config).flatMap(([key, value]) => (key.endsWith('_token') ? [value] : []));
  for (const value of [...named, ...extra]) {
    const content = isObject(value) ? value.content : value;
    const id = typeof content === 'string' ? library.token_to_id(content) : undefined;
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

/**
 * GPT-2's own splitting pattern, with white space as Rust's regex crate has it: JavaScript's `\s` lacks U+0085 and has
 * U+FEFF, which joins or parts words around them.
 */
const GPT2_WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

function repairByteLevel(step: PreTokenizer | null): void {
  if (step === null) return;
  step.tokenizers?.forEach(repairByteLevel);
  if (step.use_regex === true) step.pattern = GPT2_WORDS;
}
