/**
 * `config.json` of a Hugging Face folder. Two dialects are read: transformers 4 (`rope_theta`, `rope_scaling`,
 * `torch_dtype`) and 5 (`rope_parameters`, `dtype`); what is written carries both, and every field of the original that
 * this code does not use. What the decoder cannot compute (other architectures, other RoPE scalings, sliding windows) is
 * refused by name. Absent fields take the defaults of transformers' own config classes.
 */
import { architectureOf, familyOf, unsupported } from '../lib/model-families.js';
import type { Llama3RopeScaling, ModelConfig } from './config.js';
import { Fields, type JsonObject } from './json-file.js';

export function readHfConfig(path: string, json: JsonObject): ModelConfig {
  const fields = new Fields(path, json);
  const family = familyOf(path, json);
  refuseUnsupported(fields);
  const heads = fields.count('num_attention_heads', 1);
  const hiddenSize = fields.count('hidden_size', 1);
  const config: ModelConfig = {
    family,
    vocabSize: fields.count('vocab_size', 1),
    hiddenSize,
    layers: fields.count('num_hidden_layers', 1),
    heads,
    kvHeads: fields.count('num_key_value_heads', 1, heads),
    headDim: fields.count('head_dim', 2, family === 'qwen3' ? 128 : hiddenSize / heads),
    intermediateSize: fields.count('intermediate_size', 1),
    ...readRope(fields),
    rmsNormEpsilon: fields.positive('rms_norm_eps', 1e-6),
    tieWordEmbeddings: fields.flag('tie_word_embeddings', false),
    // Qwen2 has no field for it: q, k and v have a bias, o has none.
    qkvBias: family === 'qwen2' || fields.flag('attention_bias', false),
    oBias: family !== 'qwen2' && fields.flag('attention_bias', false),
    mlpBias: family === 'llama' && fields.flag('mlp_bias', false),
    qkNorm: family === 'qwen3',
    maxPositions: fields.count('max_position_embeddings', 1, family === 'llama' ? 2048 : 32768),
    bosTokenId: tokenId(fields, 'bos_token_id'),
    eosTokenIds: tokenIds(fields, 'eos_token_id'),
    padTokenId: tokenId(fields, 'pad_token_id'),
    lora: null,
  };
  if (heads % config.kvHeads !== 0)
    throw fields.wrong('num_key_value_heads', `a divisor of num_attention_heads (${heads})`);
  if (config.headDim % 2 !== 0) throw fields.wrong('head_dim', 'even');
  return config;
}

function refuseUnsupported(fields: Fields): void {
  const act = fields.text('hidden_act', 'silu');
  if (act !== 'silu' && act !== 'swish') throw unsupported(fields.path, `The activation "${act}"`, 'silu');
  const layers = fields.object.layer_types;
  const windowed = Array.isArray(layers) && layers.some((kind) => kind !== 'full_attention');
  if (windowed || fields.flag('use_sliding_window', false)) {
    throw unsupported(fields.path, 'Sliding-window attention', 'full attention in every layer');
  }
  if (fields.has('quantization_config'))
    throw unsupported(fields.path, 'A quantised model', 'weights in F32, F16 or BF16');
}

function readRope(fields: Fields): { ropeTheta: number; ropeScaling: Llama3RopeScaling | null } {
  const parameters = fields.nested('rope_parameters');
  // transformers 5 lets an old `rope_scaling` win over `rope_parameters`; so does this.
  const scaling = fields.nested('rope_scaling') ?? parameters;
  const ropeTheta = parameters?.has('rope_theta')
    ? parameters.positive('rope_theta')
    : fields.positive('rope_theta', 10000);
  const partial = Number(parameters?.object.partial_rotary_factor ?? fields.object.partial_rotary_factor ?? 1);
  if (partial !== 1)
    throw unsupported(fields.path, `A partial rotary factor of ${partial}`, 'rotation of the whole head');
  const type = scaling?.text('rope_type', scaling.text('type', 'default')) ?? 'default';
  if (scaling === null || type === 'default') return { ropeTheta, ropeScaling: null };
  if (type !== 'llama3')
    throw unsupported(fields.path, `RoPE scaling of type "${type}"`, 'none ("default") and "llama3"');
  const ropeScaling = {
    factor: scaling.positive('factor'),
    lowFrequencyFactor: scaling.positive('low_freq_factor'),
    highFrequencyFactor: scaling.positive('high_freq_factor'),
    originalMaxPositions: scaling.count('original_max_position_embeddings', 1),
  };
  if (ropeScaling.highFrequencyFactor <= ropeScaling.lowFrequencyFactor) {
    throw scaling.wrong('high_freq_factor', `larger than low_freq_factor (${ropeScaling.lowFrequencyFactor})`);
  }
  return { ropeTheta, ropeScaling };
}

function tokenId(fields: Fields, key: string): number | null {
  // Some old Llama folders say -1 for "no padding token".
  return fields.has(key) && fields.object[key] !== -1 ? fields.count(key, 0) : null;
}

/** A token id, or a list of them, or nothing. */
export function tokenIds(fields: Fields, key: string): number[] {
  const value = fields.object[key] ?? [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((id) => Number.isSafeInteger(id) && (id as number) >= 0))
    throw fields.wrong(key, 'a token id or a list of token ids');
  return list as number[];
}

/** `config.json` for weights of this type: the fields of `original`, brought up to date, in both dialects. */
export function writeHfConfig(
  c: ModelConfig,
  original: JsonObject = {},
  type: 'float32' | 'bfloat16' = 'float32',
): JsonObject {
  const scaling = c.ropeScaling && {
    rope_type: 'llama3',
    factor: c.ropeScaling.factor,
    low_freq_factor: c.ropeScaling.lowFrequencyFactor,
    high_freq_factor: c.ropeScaling.highFrequencyFactor,
    original_max_position_embeddings: c.ropeScaling.originalMaxPositions,
  };
  return {
    hidden_act: 'silu',
    initializer_range: 0.02,
    use_cache: true,
    ...original,
    architectures: [architectureOf(c.family)],
    model_type: c.family,
    vocab_size: c.vocabSize,
    hidden_size: c.hiddenSize,
    num_hidden_layers: c.layers,
    num_attention_heads: c.heads,
    num_key_value_heads: c.kvHeads,
    head_dim: c.headDim,
    intermediate_size: c.intermediateSize,
    rope_theta: c.ropeTheta,
    rope_scaling: scaling,
    rope_parameters: { rope_theta: c.ropeTheta, ...(scaling ?? { rope_type: 'default' }) },
    rms_norm_eps: c.rmsNormEpsilon,
    tie_word_embeddings: c.tieWordEmbeddings,
    ...(c.family === 'qwen2' ? {} : { attention_bias: c.qkvBias }),
    ...(c.family === 'llama' ? { mlp_bias: c.mlpBias } : {}),
    max_position_embeddings: c.maxPositions,
    bos_token_id: c.bosTokenId,
    eos_token_id: c.eosTokenIds.length > 1 ? c.eosTokenIds : (c.eosTokenIds[0] ?? null),
    pad_token_id: c.padTokenId,
    torch_dtype: type,
    dtype: type,
  };
}
