/** The shape of a decoder of the Qwen2, Qwen3 and Llama families, as this code needs it. `hf-config.ts` reads and writes it. */
import type { ModelFamily } from '../lib/model-families.js';
import type { LoraShape } from './lora.js';

/** RoPE scaling of Llama 3.1 and later (`rope_type: llama3`). */
export interface Llama3RopeScaling {
  readonly factor: number;
  readonly lowFrequencyFactor: number;
  readonly highFrequencyFactor: number;
  readonly originalMaxPositions: number;
}

export interface ModelConfig {
  readonly family: ModelFamily;
  readonly vocabSize: number; // V
  readonly hiddenSize: number; // d
  readonly layers: number; // L
  readonly heads: number; // H, query heads
  readonly kvHeads: number; // K, divides H
  readonly headDim: number; // D
  readonly intermediateSize: number; // F
  readonly ropeTheta: number;
  readonly ropeScaling: Llama3RopeScaling | null;
  readonly rmsNormEpsilon: number;
  readonly tieWordEmbeddings: boolean;
  /** Bias on q, k and v: always in Qwen2, with `attention_bias` in Qwen3 and Llama. */
  readonly qkvBias: boolean;
  /** Bias on o: never in Qwen2, with `attention_bias` in Qwen3 and Llama. */
  readonly oBias: boolean;
  /** Bias on gate, up and down (`mlp_bias`, Llama only). */
  readonly mlpBias: boolean;
  /** RMSNorm on every query and key head before RoPE (Qwen3). */
  readonly qkNorm: boolean;
  readonly maxPositions: number;
  readonly bosTokenId: number | null;
  readonly eosTokenIds: readonly number[];
  readonly padTokenId: number | null;
  /** The adapters that stand beside the matrices; null for a model as it comes. */
  readonly lora: LoraShape | null;
}
