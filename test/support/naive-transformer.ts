/**
 * The decoder once more, as loops over JavaScript doubles, one sequence at a time: slow, obvious, and sharing no code
 * with the product beyond the parameter layout. Tests hold the tensor code against it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { RandomKey } from '../../main/lib/random.js';
import type { ModelConfig } from '../../main/model/config.js';
import { layerParameters, Parameters, parameterSpecs } from '../../main/model/parameters.js';

export const TINY: ModelConfig = {
  family: 'qwen3',
  vocabSize: 17,
  hiddenSize: 12,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  intermediateSize: 20,
  ropeTheta: 10000,
  ropeScaling: null,
  rmsNormEpsilon: 1e-6,
  tieWordEmbeddings: true,
  qkvBias: false,
  oBias: false,
  mlpBias: false,
  qkNorm: true,
  maxPositions: 128,
  bosTokenId: 1,
  eosTokenIds: [2],
  padTokenId: 0,
  lora: null,
};

/** Every branch of the configuration that changes the computation. */
export const VARIANTS: Readonly<Record<string, ModelConfig>> = {
  'qwen3, grouped queries': TINY,
  'qwen3, one key head, as nano': { ...TINY, heads: 3, kvHeads: 1 },
  'qwen2, biases on q, k and v alone': { ...TINY, family: 'qwen2', qkNorm: false, qkvBias: true },
  'llama, untied, biases': {
    ...TINY,
    family: 'llama',
    qkNorm: false,
    tieWordEmbeddings: false,
    qkvBias: true,
    oBias: true,
    mlpBias: true,
    rmsNormEpsilon: 1e-5,
  },
  'llama, scaled RoPE, no grouping': {
    ...TINY,
    family: 'llama',
    qkNorm: false,
    heads: 2,
    kvHeads: 2,
    ropeScaling: { factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 32 },
  },
};

/** Random weights large enough that every mistake shows. */
export function randomParameters(c: ModelConfig, seed: number): Parameters {
  const specs = parameterSpecs(c);
  const tensors = specs.map((spec) => {
    const stream = RandomKey.of(seed, spec.name).stream();
    const size = spec.shape.reduce((a, b) => a * b, 1);
    const vector = spec.shape.length === 1;
    const deviation = vector ? 0.3 : (spec.shape[0] as number) ** -0.5;
    const offset = /Norm$/.test(spec.name) ? 1 : 0;
    const values = Float32Array.from({ length: size }, () => offset + deviation * stream.normal());
    return tf.tensor(values, [...spec.shape]);
  });
  return new Parameters(specs, tensors);
}

type Named = Readonly<Record<string, Float32Array>>;

/** Logits (T rows of V) of one sequence. */
export function naiveLogits(c: ModelConfig, parameters: Parameters, ids: readonly number[]): number[][] {
  const values: Named = Object.fromEntries(
    parameters.specs.map((spec, i) => [spec.name, Float32Array.from((parameters.tensors[i] as tf.Tensor).dataSync())]),
  );
  const embed = at(values, 'embed');
  const d = c.hiddenSize;
  let rows = ids.map((id) => Array.from(embed.subarray(id * d, (id + 1) * d)));
  for (let layer = 0; layer < c.layers; layer++) {
    const names = layerParameters(c).map((spec) => spec.name);
    const w = Object.fromEntries(names.map((name) => [name, at(values, `layers.${layer}.${name}`)]));
    rows = naiveBlock(c, w, rows);
  }
  const head = at(values, c.tieWordEmbeddings ? 'embed' : 'lmHead');
  return rows.map((row) => {
    const h = norm(row, at(values, 'finalNorm'), c.rmsNormEpsilon);
    return Array.from({ length: c.vocabSize }, (_, v) =>
      h.reduce((sum, x, i) => sum + x * (head[v * d + i] as number), 0),
    );
  });
}

function naiveBlock(c: ModelConfig, w: Named, rows: number[][]): number[][] {
  const attended = naiveAttention(
    c,
    w,
    rows.map((row) => norm(row, at(w, 'inputNorm'), c.rmsNormEpsilon)),
  );
  return rows.map((row, t) => {
    const x = add(row, attended[t] as number[]);
    const h = norm(x, at(w, 'postNorm'), c.rmsNormEpsilon);
    const both = linear(h, at(w, 'gateUp'), w['gateUpBias']);
    const f = c.intermediateSize;
    const gated = both.slice(0, f).map((gate, i) => (gate / (1 + Math.exp(-gate))) * (both[f + i] as number));
    return add(x, linear(gated, at(w, 'down'), w['downBias']));
  });
}

function naiveAttention(c: ModelConfig, w: Named, rows: number[][]): number[][] {
  const { heads, kvHeads, headDim } = c;
  const projected = rows.map((row) => linear(row, at(w, 'qkv'), w['qkvBias']));
  const piece = (t: number, index: number): number[] =>
    (projected[t] as number[]).slice(index * headDim, (index + 1) * headDim);
  const prepared = (t: number, index: number, weight: Float32Array | undefined): number[] => {
    const x = piece(t, index);
    return turn(c, weight === undefined ? x : norm(x, weight, c.rmsNormEpsilon), t);
  };
  return rows.map((_, t) => {
    const out: number[] = [];
    for (let head = 0; head < heads; head++) {
      const kv = Math.floor(head / (heads / kvHeads));
      const q = prepared(t, head, w['qNorm']);
      const scores = Array.from({ length: t + 1 }, (_unused, s) => {
        const k = prepared(s, heads + kv, w['kNorm']);
        return q.reduce((sum, x, i) => sum + x * (k[i] as number), 0) / Math.sqrt(headDim);
      });
      const top = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - top));
      const total = weights.reduce((a, b) => a + b, 0);
      for (let i = 0; i < headDim; i++) {
        out.push(weights.reduce((sum, x, s) => sum + (x / total) * (piece(s, heads + kvHeads + kv)[i] as number), 0));
      }
    }
    return linear(out, at(w, 'o'), w['oBias']);
  });
}

/** RoPE of one head, written from the formulas, Llama 3's scaling by wavelength. */
function turn(c: ModelConfig, x: number[], position: number): number[] {
  const half = c.headDim / 2;
  const out = [...x];
  for (let i = 0; i < half; i++) {
    let frequency = Math.pow(c.ropeTheta, (-2 * i) / c.headDim);
    const s = c.ropeScaling;
    if (s !== null) {
      const wavelength = (2 * Math.PI) / frequency;
      if (wavelength > s.originalMaxPositions / s.lowFrequencyFactor) frequency /= s.factor;
      else if (wavelength >= s.originalMaxPositions / s.highFrequencyFactor) {
        const smooth =
          (s.originalMaxPositions / wavelength - s.lowFrequencyFactor) / (s.highFrequencyFactor - s.lowFrequencyFactor);
        frequency = (1 - smooth) * (frequency / s.factor) + smooth * frequency;
      }
    }
    const [a, b] = [x[i] as number, x[i + half] as number];
    out[i] = a * Math.cos(position * frequency) - b * Math.sin(position * frequency);
    out[i + half] = b * Math.cos(position * frequency) + a * Math.sin(position * frequency);
  }
  return out;
}

function norm(x: readonly number[], weight: Float32Array, epsilon: number): number[] {
  const r = 1 / Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length + epsilon);
  return x.map((v, i) => v * r * (weight[i] as number));
}

function linear(x: readonly number[], matrix: Float32Array, bias: Float32Array | undefined): number[] {
  const width = matrix.length / x.length;
  return Array.from({ length: width }, (_, j) =>
    x.reduce((sum, v, i) => sum + v * (matrix[i * width + j] as number), bias?.[j] ?? 0),
  );
}

function add(a: readonly number[], b: readonly number[]): number[] {
  return a.map((v, i) => v + (b[i] as number));
}

function at(values: Named, name: string): Float32Array {
  const found = values[name];
  if (found === undefined) throw new Error(`no parameter ${name}`);
  return found;
}
