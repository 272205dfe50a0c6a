/**
 * One sequence that is read and written as one watches: what was read stays in a cache of keys and values, so that a
 * longer text, or another end of the same one, costs only what is new. Each call takes the whole text; what it has in
 * common with what is held is not computed again. Logits leave a chunk at a time; no (T, V) tensor outlives its chunk.
 *
 * For whole batches without a word on the way there is `../generate.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Compute } from '../../compute/compute.js';
import { zerosOnDevice } from '../../compute/on-device.js';
import { LabError } from '../../lib/errors.js';
import { MASKED } from '../attention.js';
import type { ModelConfig } from '../config.js';
import { layerTensors, outerWeights } from '../layer.js';
import { requireMemory } from '../memory.js';
import type { Weights } from '../parameters.js';
import { ropeAngles, swapMatrix } from '../rope.js';
import { headWeights, liveBlock, liveHead } from './live-steps.js';

/** Tokens of a chunk are padded to one of these, for every length is traced once. */
const CHUNKS = [1, 8, 32, 64, 128] as const;
const LARGEST = 128;
/** Rows of logits at a time: they are as wide as the vocabulary. */
const LOGIT_ROWS = 16;
const FEWEST_COLUMNS = 256;

/** Told of every position from which logits were asked: those of the token that follows, (V). */
export type LogitsListener = (position: number, logits: Float32Array) => void;

export interface ReadOptions {
  /** The first position whose logits are wanted. */
  readonly from: number;
  readonly onLogits: LogitsListener;
  /** Checked between chunks. */
  readonly signal?: AbortSignal | undefined;
}

export class LiveSequence {
  private readonly block: CompiledStep;
  private readonly head: CompiledStep;
  private held: number[] = [];
  private cache: tf.Tensor[] = []; // keys and values of layer 0, of layer 1, …, each (K·C, D)
  private columns = 0;
  private angles: ReturnType<typeof ropeAngles> = { cos: new Float32Array(0), sin: new Float32Array(0) };

  constructor(
    compute: Compute,
    private readonly config: ModelConfig,
    private readonly parameters: Weights,
  ) {
    this.block = compute.compiled('live block', (inputs) => liveBlock(config, inputs));
    this.head = compute.compiled('live head', (inputs) => liveHead(config, inputs));
  }

  /**
   * Reads `tokens`, of which what the last call left is kept, and tells the logits of every position from `from` on.
   * @throws LabError('usage') where the text is longer than the model's positions, LabError('memory') where its cache does not fit
   */
  async read(tokens: readonly number[], { from, onLogits, signal }: ReadOptions): Promise<void> {
    this.check(tokens);
    const kept = Math.min(this.kept(tokens), from);
    this.held.length = kept;
    for (let at = kept; at < tokens.length;) {
      signal?.throwIfAborted();
      const left = tokens.length - at;
      const size = CHUNKS.find((chunk) => chunk >= left) ?? LARGEST;
      const chunk = tokens.slice(at, at + size);
      const hidden = this.advance(chunk, size);
      this.held.push(...chunk);
      await this.tell(hidden, { first: at, count: chunk.length, from, onLogits });
      at += chunk.length;
    }
  }

  /** How many tokens of a text need no computing: all that it has in common with what is held, but its last. */
  kept(tokens: readonly number[]): number {
    const differ = this.held.findIndex((id, i) => tokens[i] !== id);
    const common = differ < 0 ? Math.min(this.held.length, tokens.length) : differ;
    return Math.min(common, tokens.length - 1);
  }

  dispose(): void {
    tf.dispose(this.cache);
    this.cache = [];
    this.held = [];
    this.columns = 0;
  }

  private check(tokens: readonly number[]): void {
    const { maxPositions, vocabSize } = this.config;
    if (tokens.length === 0) throw new LabError('usage', 'There is nothing to read: the text has no tokens.');
    if (tokens.length > maxPositions) {
      throw new LabError('usage', `The text has ${tokens.length} tokens; the model reads ${maxPositions}.`, {
        remedy: 'Shorten it, or begin a new conversation.',
      });
    }
    const strange = tokens.find((id) => !(id >= 0 && id < vocabSize));
    if (strange !== undefined) {
      throw new LabError('usage', `The text has token ${strange}; the vocabulary ends at ${vocabSize - 1}.`);
    }
  }

  /** Appends a chunk, padded to `size`, to the cache: hidden states (size, d), before the final norm. */
  private advance(chunk: readonly number[], size: number): tf.Tensor2D {
    const past = this.held.length;
    this.makeRoom(past + size);
    const given = this.placed(chunk, { past, size });
    const { embed } = outerWeights(this.config, this.parameters.tensors);
    let x = tf.tidy(() => tf.gather(embed, given.ids) as tf.Tensor2D);
    const shared = [given.cos, given.sin, given.swap, given.mask, given.slots];
    try {
      for (let layer = 0; layer < this.config.layers; layer++) {
        const old = this.cache.slice(2 * layer, 2 * layer + 2);
        const weights = layerTensors(this.config, this.parameters.tensors, layer);
        const [next, ...made] = this.block([x, ...shared, ...old, ...weights]);
        tf.dispose([x, ...old]);
        this.cache.splice(2 * layer, 2, ...made);
        x = next as tf.Tensor2D;
      }
      return x;
    } catch (error) {
      // Some layers know the chunk and some do not: nothing of it can be gone on from.
      x.dispose();
      this.dispose();
      throw error;
    } finally {
      tf.dispose([given.ids, ...shared]);
    }
  }

  private async tell(
    hidden: tf.Tensor2D,
    { first, count, from, onLogits }: { first: number; count: number; from: number; onLogits: LogitsListener },
  ): Promise<void> {
    try {
      const width = this.config.vocabSize;
      const weights = headWeights(this.config, this.parameters.tensors);
      for (let row = Math.max(0, from - first); row < count;) {
        // One row, or whole groups: two shapes are traced, and what pads is thrown away.
        const rows = count - row === 1 ? 1 : LOGIT_ROWS;
        const real = Math.min(rows, count - row);
        const slice = tf.tidy(() => {
          const part = tf.slice(hidden, [row, 0], [real, -1]);
          return real === rows
            ? part
            : tf.pad(part, [
                [0, rows - real],
                [0, 0],
              ]);
        });
        const [logits] = this.head([slice, ...weights]) as [tf.Tensor];
        slice.dispose();
        const values = (await logits.data()) as Float32Array;
        logits.dispose();
        for (let i = 0; i < real; i++) onLogits(first + row + i, values.subarray(i * width, (i + 1) * width));
        row += real;
      }
    } finally {
      hidden.dispose();
    }
  }

  /** Columns double when they run out; what is held moves. */
  private makeRoom(needed: number): void {
    if (needed <= this.columns) return;
    const { layers, kvHeads, headDim } = this.config;
    const columns = 2 ** Math.ceil(Math.log2(Math.max(needed, FEWEST_COLUMNS)));
    requireMemory('The memory of this conversation', 2 * layers * kvHeads * headDim * columns * 4);
    const before = this.columns;
    const wider = (table: tf.Tensor | undefined): tf.Tensor =>
      tf.tidy(() => {
        if (!table) return zerosOnDevice([kvHeads * columns, headDim]);
        const cut = tf.reshape(table, [kvHeads, before, headDim]) as tf.Tensor3D;
        const padded = tf.pad(cut, [
          [0, 0],
          [0, columns - before],
          [0, 0],
        ]);
        return tf.reshape(padded, [kvHeads * columns, headDim]);
      });
    const old = this.cache;
    this.cache = Array.from({ length: 2 * layers }, (_, at) => wider(old[at]));
    tf.dispose(old);
    this.columns = columns;
    // A chunk's padding may reach beyond the last position; it is never read.
    this.angles = ropeAngles(this.config, columns);
  }

  /** What a chunk is told of where it stands. */
  private placed(chunk: readonly number[], { past, size }: { past: number; size: number }) {
    const { heads, kvHeads, headDim } = this.config;
    const [C, group] = [this.columns, heads / kvHeads];
    const ids = new Int32Array(size);
    ids.set(chunk);
    const mask = new Float32Array(size * group * C);
    for (let row = 0; row < size * group; row++) {
      mask.fill(MASKED, row * C + past + Math.floor(row / group) + 1, (row + 1) * C);
    }
    const slots = Int32Array.from({ length: kvHeads * size }, (_, i) => Math.floor(i / size) * C + past + (i % size));
    const scale = 1 / Math.sqrt(headDim);
    const half = headDim / 2;
    const spread = (table: Float32Array): tf.Tensor => {
      const values = new Float32Array(size * (heads + kvHeads) * headDim);
      for (let at = 0; at < values.length; at++) {
        const head = Math.floor(at / headDim) % (heads + kvHeads);
        const t = past + Math.floor(at / headDim / (heads + kvHeads));
        values[at] = (table[t * half + (at % half)] as number) * (head < heads ? scale : 1);
      }
      return tf.tensor3d(values, [size, heads + kvHeads, headDim]);
    };
    return {
      ids: tf.tensor1d(ids, 'int32'),
      cos: spread(this.angles.cos),
      sin: spread(this.angles.sin),
      swap: swapMatrix(headDim),
      mask: tf.tensor2d(mask, [size * group, C]),
      slots: tf.tensor1d(slots, 'int32'),
    };
  }
}
