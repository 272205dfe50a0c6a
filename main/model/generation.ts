/** Defaults of `generation_config.json`: what the model's makers advise for sampling, and the tokens that end a text. */
import type { ModelConfig } from './config.js';
import { tokenIds } from './hf-config.js';
import { Fields, type JsonObject } from './json-file.js';

export interface GenerationDefaults {
  /** Tokens that end a completion. */
  readonly eosTokenIds: readonly number[];
  /** Whether to sample at all; where false, the advised decoding is greedy. */
  readonly sample: boolean;
  readonly temperature: number | null;
  /** 0 means no limit. */
  readonly topK: number | null;
  readonly topP: number | null;
  readonly maxNewTokens: number | null;
}

export function readGenerationDefaults(path: string, json: JsonObject | null, config: ModelConfig): GenerationDefaults {
  const fields = new Fields(path, json ?? {});
  const own = tokenIds(fields, 'eos_token_id');
  const topP = fields.has('top_p') ? fields.positive('top_p') : null;
  if (topP !== null && topP > 1) throw fields.wrong('top_p', 'a number in (0, 1]');
  return {
    eosTokenIds: own.length > 0 ? own : config.eosTokenIds,
    sample: fields.flag('do_sample', false),
    // Greedy folders may say temperature 0, which transformers ignores.
    temperature: fields.has('temperature') && fields.object.temperature !== 0 ? fields.positive('temperature') : null,
    topK: fields.has('top_k') ? fields.count('top_k', 0) : null,
    topP,
    maxNewTokens: fields.has('max_new_tokens') ? fields.count('max_new_tokens', 1) : null,
  };
}
