/**
 * How generation computes: prefill, and blocks of sampled tokens. A narrow model is one traced function, of several tokens
 * a call and dealt to the cores; of a wide one each transformer block is, shared by all layers, so that every new shape costs
 * one block's tracing and what exists at once is one block's. A wide model's prompts stand in memory once for all their samples.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute } from '../compute/compute.js';
import { Batch, type DecodingBatch, type SharedPrompts } from './batch.js';
import type { ModelConfig } from './config.js';
import { BlockDecoder } from './block-decoder.js';
import { decode, prefill } from './decode.js';
import { isNarrow } from '../sizes/network.js';
import { inLanes } from './lanes.js';
import type { SamplingOptions } from './sampler.js';

/** A lane's rows at the start of a block of S tokens. */
export interface DecodeSet {
  readonly tokens: tf.Tensor1D; // (B) int32, the last token of each row, not yet in the cache
  readonly lengths: tf.Tensor1D; // (B) int32, columns of its row that are filled
  readonly uniforms: tf.Tensor2D; // (S, B)
  /** Keys and values of layer 0, of layer 1, …, each (B, K, C, D); may be written in place. */
  readonly cache: readonly tf.Tensor[];
  /** Of a wide model, whose cache has the completions only. */
  readonly prompts: SharedPrompts | null;
}

export interface Decoded {
  readonly tokens: tf.Tensor; // (S, B) int32
  readonly logprobs: tf.Tensor; // (S, B), under the model's own distribution: temperature 1, nothing cut off
  readonly cache: tf.Tensor[];
}

export interface Decoder {
  /** An empty batch as this decoder wants its rows laid out. */
  batch(): DecodingBatch;
  /** ids (R, T) int32, right-padded → keys and values of every layer, each (R, K, T, D); those of padding are garbage. */
  prefill(ids: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Tensor[];
  decode(sets: readonly DecodeSet[], weights: readonly tf.Tensor[], sampling: SamplingOptions): Decoded[];
}

export function decoderFor(compute: Compute, c: ModelConfig): Decoder {
  return isNarrow(c) ? new WholeDecoder(compute, c) : new BlockDecoder(compute, c);
}

class WholeDecoder implements Decoder {
  private readonly prefiller: CompiledStep;
  private readonly decoders = new Map<string, CompiledStep>();

  constructor(
    private readonly compute: Compute,
    private readonly c: ModelConfig,
  ) {
    this.prefiller = compute.compiled('prefill', (inputs) => prefill(c, inputs.slice(1), inputs[0] as tf.Tensor2D));
  }

  batch(): DecodingBatch {
    return new Batch(this.c);
  }

  prefill(ids: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Tensor[] {
    return this.prefiller([ids, ...weights]);
  }

  decode(sets: readonly DecodeSet[], weights: readonly tf.Tensor[], sampling: SamplingOptions): Decoded[] {
    const flat = sets.map(({ tokens, lengths, uniforms, cache }) => [tokens, lengths, uniforms, ...cache, ...weights]);
    return inLanes(this.compute, this.c, { step: this.decoder(sampling), sets: flat }).map(
      ([tokens, logprobs, ...cache]) => ({ tokens: tokens as tf.Tensor, logprobs: logprobs as tf.Tensor, cache }),
    );
  }

  private decoder({ temperature, topK, topP }: SamplingOptions): CompiledStep {
    const key = `${temperature} ${topK} ${topP}`;
    const known = this.decoders.get(key);
    if (known !== undefined) return known;
    const count = 2 * this.c.layers;
    const step = this.compute.compiled('decode', ([tokens, lengths, uniforms, ...rest]) => {
      const given = {
        tokens: tokens as tf.Tensor1D,
        lengths: lengths as tf.Tensor1D,
        uniforms: uniforms as tf.Tensor2D,
        cache: rest.slice(0, count),
        parameters: rest.slice(count),
      };
      const made = decode(this.c, given, { temperature, topK, topP });
      return [made.tokens, made.logprobs, ...made.cache];
    });
    this.decoders.set(key, step);
    return step;
  }
}
