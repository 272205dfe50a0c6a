/**
 * Text to token ids and back, by the folder's tokenizer.json. `encode` adds nothing of its own (no BOS): prompts say
 * what they want; special tokens that stand in the text are recognised.
 */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { LabError } from '../lib/errors.js';
import type { JsonObject } from './json-file.js';

export interface DecodeOptions {
  /** Leave special tokens out (default false). */
  readonly skipSpecial?: boolean;
}

export interface Tokenizer {
  encode(text: string): number[];
  decode(ids: readonly number[], options?: DecodeOptions): string;
  /** One more than the largest id. */
  readonly vocabSize: number;
  idOf(token: string): number | null;
}

/** A tokenizer from the parsed tokenizer.json and tokenizer_config.json of a folder. `path` is for messages. */
export function createTokenizer(path: string, json: JsonObject, config: JsonObject): Tokenizer {
  let library: Library;
  try {
    library = new Library(json, { ...config, clean_up_tokenization_spaces: false });
  } catch (cause) {
    throw new LabError('model', `${path} is not a tokenizer this program can use: ${(cause as Error).message}.`, {
      cause,
      remedy: 'Download the file again; tokenizers of BPE, Unigram and WordPiece models are supported.',
    });
  }
  return new HfTokenizer(library);
}

class HfTokenizer implements Tokenizer {
  readonly vocabSize: number;

  constructor(private readonly library: Library) {
    let largest = -1;
    for (const id of library.get_vocab().values()) largest = Math.max(largest, id);
    this.vocabSize = largest + 1;
  }

  encode(text: string): number[] {
    return text === '' ? [] : this.library.encode(text, { add_special_tokens: false }).ids;
  }

  decode(ids: readonly number[], { skipSpecial = false }: DecodeOptions = {}): string {
    return ids.length === 0 ? '' : this.library.decode([...ids], { skip_special_tokens: skipSpecial });
  }

  idOf(token: string): number | null {
    return this.library.token_to_id(token) ?? null;
  }
}
