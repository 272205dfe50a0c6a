/**
 * Tokenizers against Python's `tokenizers` on 1,000 texts of every kind, and on random ids: a regular expression read
 * differently, a lost special token, a wrong merge order or a badly repaired byte shows here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '../../main/model/json-file.js';
import { createTokenizer } from '../../main/model/tokenizer.js';

const ROOT = join(import.meta.dirname, 'tokenizers');

interface Golden {
  /** text, ids, decoded (null: equals the text), decoded without special tokens (null: equals the former). */
  readonly texts: readonly (readonly [string, number[], string | null, string | null])[];
  /** ids, decoded, decoded without special tokens. */
  readonly random: readonly (readonly [number[], string, string])[];
}

describe.each(readdirSync(ROOT))('the %s tokenizer', (name) => {
  const path = join(ROOT, name, 'tokenizer.json');
  const tokenizer = createTokenizer(path, parseJsonObject(path, readFileSync(path, 'utf8')), {});
  const golden = JSON.parse(gunzipSync(readFileSync(join(ROOT, name, 'golden.json.gz'))).toString()) as Golden;

  it('encodes 1,000 texts as Python does', () => {
    expect(golden.texts).toHaveLength(1000);
    const wrong = golden.texts.filter(([text, ids]) => tokenizer.encode(text).join() !== ids.join());
    expect(wrong.map(([text, ids]) => ({ text, ours: tokenizer.encode(text), python: ids }))).toEqual([]);
  });

  it('decodes them as Python does, with and without special tokens', () => {
    const wrong = golden.texts.flatMap(([text, ids, kept, skipped]) => {
      const first = kept ?? text;
      const second = skipped ?? first;
      const ours = [tokenizer.decode(ids), tokenizer.decode(ids, { skipSpecial: true })];
      return ours[0] === first && ours[1] === second ? [] : [{ ids, ours, python: [first, second] }];
    });
    expect(wrong).toEqual([]);
  });

  it('decodes random ids as Python does, though their bytes are seldom valid', () => {
    const wrong = golden.random.flatMap(([ids, kept, skipped]) => {
      const ours = [tokenizer.decode(ids), tokenizer.decode(ids, { skipSpecial: true })];
      return ours[0] === kept && ours[1] === skipped ? [] : [{ ids, ours, python: [kept, skipped] }];
    });
    expect(wrong).toEqual([]);
  });
});
