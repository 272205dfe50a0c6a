import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseJsonObject } from './json-file.js';
import { createTokenizer } from './tokenizer.js';
import { CharacterCheck } from './unknown-characters.js';

function check(name: string, change: (text: string) => string = (text) => text): CharacterCheck {
  const path = join(import.meta.dirname, `../../test/golden/tokenizers/${name}/tokenizer.json`);
  return new CharacterCheck(createTokenizer(name, parseJsonObject(name, change(readFileSync(path, 'utf8'))), {}));
}

describe('characters that a tokenizer does not know', () => {
  // Would catch: questions in letters that a model never sees, taken for read; marks of a prompt taken for letters.
  it('are told, each once, special tokens left out', () => {
    expect(check('nano').unknownIn('<bos><question>3+4-(5*2)</question>')).toEqual([]);
    expect(check('nano').unknownIn('<bos>wow 3+4</question>')).toEqual(['w', 'o', ' ']);
    expect(check('nano').unknownIn('<bits>')).toEqual(['<', 'b', 'i', 't', 's', '>']);
  });

  // Would catch: a vocabulary that drops what it does not know, for want of a token that says so.
  it('are told where nothing stands in their place', () => {
    const without = (text: string): string => text.replace('"unk_token": "<pad>"', '"unk_token": null');
    expect(check('nano', without).unknownIn('3+é')).toEqual(['é']);
  });

  // Would catch: a false alarm for every model that knows bytes, or that puts text into a normal form of its own.
  it.each(['qwen', 'llama2', 'llama3', 'smollm'])('there are none for %s', (name) => {
    expect(check(name).unknownIn('What  is 3+é (é)?\n\t漢字 🫠 \u{10FFFD} <bos>')).toEqual([]);
  });
});
