/** Prefill and decoding of wide models, a compiled function a block: see `decoder.ts`. */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute } from '../compute/compute.js';
import { contextFrom, contextTensors, sequenceContext } from './attention.js';
import type { DecodingBatch, SharedPrompts } from './batch.js';
import type { ModelConfig } from './config.js';
import { decodeBlock, prefillBlock, rotationsAt, scored } from './decode.js';
import type { Decoded, Decoder, DecodeSet } from './decoder.js';
import { lookUp } from './embedding.js';
import { layerTensors, layerWeights, outerWeights } from './layer.js';
import type { SamplingOptions } from './sampler.js';
import { SharedBatch } from './shared-batch.js';
import { PLACES, placesFrom, SharedCache, sharedPlaces } from './shared-cache.js';

export class BlockDecoder implements Decoder {
  private readonly sequence: CompiledStep;
  private readonly prefillFunction: CompiledStep;
  private readonly lastPrefill: CompiledStep;
  private readonly begin: CompiledStep;
  private readonly block: CompiledStep;
  private readonly ends = new Map<string, CompiledStep>();

  constructor(
    private readonly compute: Compute,
    private readonly c: ModelConfig,
  ) {
    const context = (tensors: readonly tf.Tensor[]) => contextFrom(c, tensors.slice(0, CONTEXT));
    const weights = (tensors: readonly tf.Tensor[]) => layerWeights(c, tensors.slice(CONTEXT));
    this.sequence = compute.compiled('prefill.context', ([ids]) =>
      contextTensors(sequenceContext(c, (ids as tf.Tensor).shape[1] as number)),
    );
    this.prefillFunction = compute.compiled('prefill.block', ([x, ...rest]) => {
      const { keys, values, y } = prefillBlock(c, x as tf.Tensor2D, { w: weights(rest), context: context(rest) });
      return [y(), keys, values];
    });
    this.lastPrefill = compute.compiled('prefill.last', ([x, ...rest]) => {
      const { keys, values } = prefillBlock(c, x as tf.Tensor2D, { w: weights(rest), context: context(rest) });
      return [keys, values];
    });
    this.begin = compute.compiled('decode.begin', ([tokens, ...tensors]) => {
      const [lengths, starts, promptLengths, keys, promptKeys, embed] = tensors as tf.Tensor[] & { length: 6 };
      const widths = { columns: columnsOf(keys), promptColumns: columnsOf(promptKeys) };
      const positions = tf.add(lengths as tf.Tensor, starts as tf.Tensor) as tf.Tensor1D;
      const { cos, sin } = rotationsAt(c, positions, widths.columns + widths.promptColumns);
      const filled = { lengths: lengths as tf.Tensor, promptLengths: promptLengths as tf.Tensor };
      const { mask, slots, promptMask } = sharedPlaces(c, filled, widths);
      return [lookUp(embed as tf.Tensor2D, tokens as tf.Tensor1D), cos, sin, mask, slots, promptMask];
    });
    this.block = compute.compiled('decode.block', ([x, cos, sin, ...rest]) => {
      const places = placesFrom(rest);
      const [keys, values, promptKeys, promptValues] = rest.slice(PLACES) as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const cache = new SharedCache(c, { own: [keys, values], prompts: [promptKeys, promptValues] }, places);
      const rotation = { cos: cos as tf.Tensor, sin: sin as tf.Tensor };
      const weights = layerWeights(c, rest.slice(PLACES + CACHED));
      const y = decodeBlock(c, x as tf.Tensor2D, weights, { rotation, attend: (newcomer) => cache.attend(newcomer) });
      return [y, ...cache.grown];
    });
  }

  batch(): DecodingBatch {
    return new SharedBatch(this.c);
  }

  prefill(ids: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Tensor[] {
    const context = this.sequence([ids]);
    const made: tf.Tensor[] = [];
    let x: tf.Tensor | null = null;
    try {
      x = tf.tidy(() => lookUp(outerWeights(this.c, weights).embed, tf.reshape(ids, [ids.size])));
      for (let layer = 0; layer < this.c.layers; layer++) {
        const inputs: tf.Tensor[] = [x as tf.Tensor, ...context, ...layerTensors(this.c, weights, layer)];
        // What the last layer would add to the hidden states, nobody reads.
        if (layer === this.c.layers - 1) {
          made.push(...this.lastPrefill(inputs));
          break;
        }
        const [y, ...cache] = this.prefillFunction(inputs) as [tf.Tensor, tf.Tensor, tf.Tensor];
        made.push(...cache);
        (x as tf.Tensor).dispose();
        x = y;
      }
      return made;
    } catch (error) {
      tf.dispose(made);
      throw error;
    } finally {
      tf.dispose([...context, ...(x ? [x] : [])]);
    }
  }

  decode(sets: readonly DecodeSet[], weights: readonly tf.Tensor[], sampling: SamplingOptions): Decoded[] {
    return sets.map((set) => this.decodeOne(set, weights, sampling));
  }

  private decodeOne(set: DecodeSet, weights: readonly tf.Tensor[], sampling: SamplingOptions): Decoded {
    const { tokens, lengths, uniforms } = set;
    const prompts = set.prompts as SharedPrompts;
    const { embed, finalNorm, head } = outerWeights(this.c, weights);
    const cache: tf.Tensor[] = [];
    const widths = [set.cache[0] as tf.Tensor, prompts.cache[0] as tf.Tensor];
    const begun = this.begin([tokens, lengths, prompts.starts, prompts.lengths, ...widths, embed]);
    const [first, cos, sin, ...places] = begun as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    const context = [cos, sin, ...places, prompts.slotRows, prompts.rowSlots];
    let x = first;
    try {
      for (let layer = 0; layer < this.c.layers; layer++) {
        const kept = [set.cache, prompts.cache].flatMap((tensors) => tensors.slice(2 * layer, 2 * layer + 2));
        const made = this.block([x, ...context, ...kept, ...layerTensors(this.c, weights, layer)]);
        x.dispose();
        x = made[0] as tf.Tensor;
        cache.push(...made.slice(1));
      }
      const [token, logprob] = this.end(sampling)([x, finalNorm, head, uniforms]) as [tf.Tensor, tf.Tensor];
      return { tokens: token, logprobs: logprob, cache };
    } catch (error) {
      tf.dispose(cache);
      throw error;
    } finally {
      tf.dispose([x, cos, sin, ...places]);
    }
  }

  /** x (B, d), norm, head, uniforms (1, B) → tokens and log-probabilities, (1, B) each. */
  private end({ temperature, topK, topP }: SamplingOptions): CompiledStep {
    const key = `${temperature} ${topK} ${topP}`;
    const known = this.ends.get(key);
    if (known !== undefined) return known;
    const step = this.compute.compiled('decode.end', ([x, norm, head, uniforms]) =>
      scored(
        this.c,
        {
          x: x as tf.Tensor2D,
          norm: norm as tf.Tensor1D,
          head: head as tf.Tensor2D,
          uniforms: uniforms as tf.Tensor2D,
        },
        { temperature, topK, topP },
      ),
    );
    this.ends.set(key, step);
    return step;
  }
}

/** Tensors of a context. */
const CONTEXT = 3;
/** A layer's keys and values: of the rows, of their prompts. */
const CACHED = 4;

function columnsOf(cache: tf.Tensor | undefined): number {
  return cache?.shape[2] as number;
}
