/**
 * Batched sampling with a key-value cache. A prompt is prefilled once for all its samples; rows decode together in
 * blocks of S tokens that run, sampling included, as one compiled step; between blocks finished rows leave and
 * waiting sequences enter.
 *
 * What is drawn depends on the request's key, the sample and the position alone. The composition of batches depends
 * on the list of requests alone, never on timing, so equal calls give equal bits.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Compute } from '../compute/compute.js';
import { disposing } from '../compute/steps.js';
import { LabError } from '../lib/errors.js';
import type { DecodingBatch, Entrants, Lane } from './batch.js';
import type { ModelConfig } from './config.js';
import { decoderFor, type Decoder, type DecodeSet } from './decoder.js';
import { lanesFor } from './lanes.js';
import { planFor, type GenerationPlan } from './generation-plan.js';
import type { Weights } from './parameters.js';
import type { SamplingOptions } from './sampler.js';
import { Sequence, type Finish, type GenerationRequest } from './sequence.js';

export type { GenerationRequest } from './sequence.js';

export interface GenerationSampling extends SamplingOptions {
  readonly maxNewTokens: number;
  readonly stopTokens: readonly number[];
}

export interface GenerationProgress {
  readonly finished: number;
  readonly total: number;
  readonly tokens: number;
  /** A sequence that was finished and not given yet, or else the longest at work. */
  readonly latest: () => SequenceSoFar | null;
}

export interface SequenceSoFar {
  readonly request: number;
  readonly tokens: readonly number[];
  readonly finish: Finish | null;
}

export interface GenerationOptions {
  /** Checked between blocks; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: GenerationProgress) => void;
  /** Everything written so far, after each block; what is handed over goes on growing. */
  readonly onTokens?: (completions: readonly Unfinished[]) => void;
  /** Rows decoded together at most; by default what fits in memory and is fast. */
  readonly maxBatch?: number;
}

/** A completion in the making. */
export type Unfinished = Readonly<Pick<Sequence, 'place' | 'finish'>> & { readonly tokens: readonly number[] };

export interface Generated {
  /** The stop token included when there was one. */
  readonly tokens: number[];
  /** Log-probability of each token under the model's own softmax: temperature 1, nothing cut off. */
  readonly logprobs: Float32Array;
  /** `length` when maxNewTokens or the model's maximal position cut it off. */
  readonly finish: Finish;
}

export class TextGenerator {
  private readonly decoder: Decoder;

  constructor(
    private readonly compute: Compute,
    private readonly config: ModelConfig,
  ) {
    this.decoder = decoderFor(compute, config);
  }

  /** Completions of every request, in the order of requests and samples. */
  async generate(
    parameters: Weights,
    requests: readonly GenerationRequest[],
    sampling: GenerationSampling,
    options: GenerationOptions = {},
  ): Promise<Generated[][]> {
    const sequences = this.sequencesOf(requests, sampling);
    const lanes = lanesFor(this.compute, this.config);
    const plan = planFor(this.config, { sequences, lanes, maxBatch: options.maxBatch });
    // Longest prompts first: like lengths stand together, and what tends to run longest does not start last.
    const waiting = sequences.filter((s) => s.finish === null).sort((a, b) => b.prompt.length - a.prompt.length);
    const stops = new Set(sampling.stopTokens);
    const batch = this.decoder.batch();
    const shown = new Set<Sequence>();
    try {
      for (;;) {
        options.signal?.throwIfAborted();
        this.admit(parameters, batch, waiting, plan);
        if (batch.active.length === 0) break;
        await this.decodeBlock(parameters, batch, { sampling, stops, plan });
        options.onProgress?.(progressOf(sequences, () => latestOf(batch, shown)));
        options.onTokens?.(sequences);
        // Lets signals and other work of this thread in.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      batch.dispose();
    }
    return gather(requests, sequences);
  }

  private sequencesOf(requests: readonly GenerationRequest[], { maxNewTokens }: GenerationSampling): Sequence[] {
    const { maxPositions, vocabSize } = this.config;
    return requests.flatMap(({ prompt, samples, key }, request) => {
      const where = `Request ${request}`;
      if (prompt.length === 0) throw new LabError('usage', `${where} has an empty prompt.`);
      const strange = prompt.find((id) => !(id >= 0 && id < vocabSize));
      if (strange !== undefined) {
        throw new LabError('usage', `${where} has token ${strange}; the vocabulary ends at ${vocabSize - 1}.`);
      }
      const room = maxPositions - prompt.length;
      if (room < 0) {
        throw new LabError('usage', `${where} has ${prompt.length} tokens; the model reads ${maxPositions}.`, {
          remedy: 'Shorten the prompt.',
        });
      }
      const limit = Math.min(maxNewTokens, room);
      return Array.from({ length: samples }, (_, sample) => new Sequence(prompt, { request, sample }, key, limit));
    });
  }

  /** Lets waiting sequences in when enough rows are free, and lays the batch out for the next block. */
  private admit(parameters: Weights, batch: DecodingBatch, waiting: Sequence[], plan: GenerationPlan): void {
    const active = batch.active;
    const room = plan.maxBatch - active.length;
    const refill = waiting.length > 0 && active.length <= plan.refillAt;
    const entering = refill ? waiting.splice(0, room) : [];
    const all = [...active, ...entering];
    if (all.length === 0) return;
    const layout = plan.layout(
      all.length,
      all.reduce((longest, sequence) => Math.max(longest, batch.columnsOf(sequence)), 0),
    );
    const { lanes, rows, columns } = batch.layout;
    if (entering.length === 0 && layout.lanes * layout.rows >= lanes * rows && layout.columns <= columns) return;
    const entrants = this.prefillAll(parameters, entering, plan);
    batch.relayout(entrants, layout);
    tf.dispose(entrants.cache as tf.Tensor[]);
  }

  /** Prefills each distinct request once, all but its last token, which the first step of decoding feeds. */
  private prefillAll(parameters: Weights, entering: readonly Sequence[], plan: GenerationPlan): Entrants {
    const distinct = [...new Map(entering.map((s) => [s.place.request, s.prompt])).entries()];
    const rowOf = new Map(distinct.map(([request], row) => [request, row]));
    const source = entering.map((s) => rowOf.get(s.place.request) as number);
    if (distinct.length === 0) return { sequences: [], source: [], cache: [] };
    const prompts = distinct.map(([, prompt]) => prompt.slice(0, -1));
    const chunks = plan.prefillChunks(prompts).map((chunk) => {
      const ids = tf.tensor2d(chunk.ids, [chunk.rows, chunk.columns], 'int32');
      const cache = this.decoder.prefill(ids, parameters.tensors);
      ids.dispose();
      return { cache, used: chunk.used };
    });
    return { sequences: entering, source, cache: joinChunks(chunks) };
  }

  private async decodeBlock(
    parameters: Weights,
    batch: DecodingBatch,
    run: { sampling: GenerationSampling; stops: ReadonlySet<number>; plan: GenerationPlan },
  ): Promise<void> {
    const { steps } = run.plan;
    const live = batch.lanes.map(({ sequences }) =>
      sequences.map((row) => (row !== null && row.finish === null ? row : null)),
    );
    const fed = live.map((rows) =>
      feed(rows, { steps, sampling: run.sampling, columnsOf: (row) => batch.columnsOf(row) }),
    );
    const made = disposing(fed, () =>
      this.decoder.decode(
        batch.lanes.map((lane, i) => decodeSet(fed[i] as tf.Tensor[], lane)),
        parameters.tensors,
        run.sampling,
      ),
    );
    batch.replaceCaches(made.map(({ cache }) => cache));
    const drawn = made.map(({ tokens, logprobs }) => [tokens, logprobs] as [tf.Tensor, tf.Tensor]);
    const read = await Promise.all(drawn.map((pair) => Promise.all([pair[0].data(), pair[1].data()])));
    tf.dispose(drawn);
    for (const [lane, [ids, scores]] of read.entries()) {
      const rows = live[lane] as (Sequence | null)[];
      rows.forEach((row, at) => {
        for (let i = at; row !== null && i < ids.length; i += rows.length) {
          const score = scores[i] as number;
          if (!Number.isFinite(score)) throw brokenScore(row, score);
          if (!row.push(ids[i] as number, score, run.stops)) return;
        }
      });
    }
  }
}

function decodeSet([tokens, lengths, uniforms]: readonly tf.Tensor[], { cache, prompts }: Lane): DecodeSet {
  return {
    tokens: tokens as tf.Tensor1D,
    lengths: lengths as tf.Tensor1D,
    uniforms: uniforms as tf.Tensor2D,
    cache,
    prompts,
  };
}

/** What a block is told of a lane's rows: last tokens (B), lengths (B) and uniform numbers (S, B). */
function feed(
  rows: readonly (Sequence | null)[],
  {
    steps,
    sampling,
    columnsOf,
  }: {
    readonly steps: number;
    readonly sampling: SamplingOptions;
    readonly columnsOf: (row: Sequence) => number;
  },
): tf.Tensor[] {
  const uniforms = new Float32Array(steps * rows.length);
  if (sampling.temperature !== 0) {
    rows.forEach((row, at) => {
      for (let step = 0; row !== null && step < steps; step++) uniforms[step * rows.length + at] = row.uniform();
    });
  }
  const numbers = (of: (row: Sequence) => number): tf.Tensor =>
    tf.tensor1d(
      Int32Array.from(rows, (row) => (row === null ? 0 : of(row))),
      'int32',
    );
  return [numbers((row) => row.lastToken), numbers(columnsOf), tf.tensor2d(uniforms, [steps, rows.length])];
}

/** NaN logits draw a token all the same: unnoticed, a broken model would answer in gibberish. */
function brokenScore({ place, tokens }: Sequence, score: number): LabError {
  return new LabError(
    'numeric',
    `The log-probability of token ${tokens.length} of request ${place.request}, sample ${place.sample}, is ${score}.`,
    { remedy: 'The weights are broken: go back to an earlier checkpoint, or lower the learning rate.' },
  );
}

/** One cache of all chunks' used rows; chunks share their number of columns. */
function joinChunks(chunks: readonly { cache: readonly tf.Tensor[]; used: number }[]): tf.Tensor[] {
  const first = chunks[0] as (typeof chunks)[number];
  if (chunks.length === 1) return [...first.cache];
  const joined = first.cache.map((_, at) =>
    tf.tidy(() =>
      tf.concat(
        chunks.map(({ cache, used }) => {
          const tensor = cache[at] as tf.Tensor;
          return tf.slice(tensor, [0, 0, 0, 0], [used, ...tensor.shape.slice(1)] as [number, number, number, number]);
        }),
        0,
      ),
    ),
  );
  for (const { cache } of chunks) tf.dispose(cache as tf.Tensor[]);
  return joined;
}

function progressOf(sequences: readonly Sequence[], latest: GenerationProgress['latest']): GenerationProgress {
  let finished = 0;
  let tokens = 0;
  for (const sequence of sequences) {
    tokens += sequence.tokens.length;
    if (sequence.finish !== null) finished++;
  }
  return { finished, total: sequences.length, tokens, latest };
}

/** Each finished sequence at most once; `shown` are those that were. */
function latestOf({ lanes }: DecodingBatch, shown: Set<Sequence>): SequenceSoFar | null {
  const rows = lanes.flatMap(({ sequences }) => sequences.filter((row) => row !== null));
  const ended = rows.find((row) => row.finish !== null && !shown.has(row));
  if (ended) shown.add(ended);
  const atWork = rows.filter((row) => row.finish === null);
  const sequence =
    ended ?? atWork.reduce<Sequence | null>((a, b) => (a && a.tokens.length >= b.tokens.length ? a : b), null);
  return sequence && { request: sequence.place.request, tokens: sequence.tokens, finish: sequence.finish };
}

function gather(requests: readonly GenerationRequest[], sequences: readonly Sequence[]): Generated[][] {
  const results = requests.map((): Generated[] => []);
  for (const { place, tokens, logprobs, finish } of sequences) {
    const samples = results[place.request] as Generated[];
    samples[place.sample] = { tokens, logprobs: Float32Array.from(logprobs), finish: finish ?? 'length' };
  }
  return results;
}
