/**
 * Draws one token from its logits on the host, by inverting the cumulative distribution. Temperature first, then top-k, then
 * top-p among what is left, as the sampler of whole batches (main/model/sampler.ts) does. Pure.
 */
import type { SamplingOptions } from '../../model/sampler.js';

/** @param uniform in [0, 1) */
export function drawToken(logits: Float32Array, uniform: number, sampling: SamplingOptions): number {
  const { temperature, topK, topP } = sampling;
  const best = highest(logits);
  if (temperature === 0) return best;
  const weights = new Float64Array(logits.length);
  let total = 0;
  for (let id = 0; id < logits.length; id++) {
    total += weights[id] = Math.exp(((logits[id] as number) - (logits[best] as number)) / temperature);
  }
  const restricted = (topK > 0 && topK < logits.length) || topP < 1;
  if (!restricted) return invert(weights, null, uniform * total);
  const ranked = ranking(weights);
  const ids = topK > 0 ? ranked.subarray(0, topK) : ranked;
  const whole = sum(weights, ids);
  let kept = 0;
  let mass = 0;
  // A token stays when those before it do not yet reach topP; the likeliest always does.
  while (kept < ids.length && (kept === 0 || mass / whole < topP)) mass += weights[ids[kept++] as number] as number;
  return invert(weights, ids.subarray(0, kept), uniform * mass);
}

function highest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if ((logits[id] as number) > (logits[best] as number)) best = id;
  return best;
}

/** The first whose cumulative weight exceeds the target; rounding may leave none, then the last with weight. */
function invert(weights: Float64Array, ids: Uint32Array | null, target: number): number {
  let cumulative = 0;
  let last = 0;
  const count = ids?.length ?? weights.length;
  for (let i = 0; i < count; i++) {
    const id = ids ? (ids[i] as number) : i;
    const weight = weights[id] as number;
    if (weight === 0) continue;
    cumulative += weight;
    if (cumulative > target) return id;
    last = id;
  }
  return last;
}

/** Ids by weight, the heaviest first; those too light to matter (below a billionth of the heaviest) come last, unsorted. */
function ranking(weights: Float64Array): Uint32Array {
  const [near, far]: [number[], number[]] = [[], []];
  weights.forEach((weight, id) => (weight >= 1e-9 ? near : far).push(id));
  near.sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
  return Uint32Array.from([...near, ...far]);
}

function sum(weights: Float64Array, ids: Uint32Array): number {
  return ids.reduce((total, id) => total + (weights[id] as number), 0);
}
