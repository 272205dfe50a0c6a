/**
 * tokenizer_config.json that transformers 4 and 5 both read. Version 5 names its classes anew (`TokenizersBackend`) and lists
 * special tokens of a model's own under `extra_special_tokens`, where version 4 expects names; a server may run either.
 */
import { isObject, parseJsonObject } from './json-file.js';

/** Version 5's name for a tokenizer that is what tokenizer.json says. */
const OF_VERSION_5 = 'TokenizersBackend';

/** The bytes to write; those that were read where both versions take them. @param path for messages */
export function tokenizerConfigForBoth(path: string, bytes: Buffer): Buffer {
  const config = parseJsonObject(path, bytes.toString('utf8'));
  const {
    tokenizer_class: named,
    extra_special_tokens: extra,
    additional_special_tokens: additional,
    ...rest
  } = config;
  const renamed = named === OF_VERSION_5;
  if (!renamed && !Array.isArray(extra)) return bytes;
  const tokens = Array.isArray(extra) ? (extra as unknown[]) : additional;
  const written = {
    ...rest,
    ...(named !== undefined && { tokenizer_class: renamed ? 'PreTrainedTokenizerFast' : named }),
    ...(isObject(extra) && { extra_special_tokens: extra }),
    ...(tokens !== undefined && { additional_special_tokens: tokens }),
  };
  return Buffer.from(`${JSON.stringify(written, null, 2)}\n`);
}
