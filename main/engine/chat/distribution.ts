/**
 * A model's distribution over its next token, read off the logits on the host in double precision: temperature 1, nothing
 * cut off, whatever is drawn by. Pure.
 */

export interface Distribution {
  /** log Σ exp(logits): a token's log-probability is its logit less this. */
  readonly logTotal: number;
  /** In nats. */
  readonly entropy: number;
  /** The likeliest first; of equals the smaller id. */
  readonly top: readonly { readonly id: number; readonly logprob: number }[];
}

/** @param logits (V) */
export function distributionOf(logits: Float32Array, count: number): Distribution {
  let highest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > highest) highest = logit;
  let total = 0;
  let weighted = 0;
  for (const logit of logits) {
    const shifted = logit - highest;
    const weight = Math.exp(shifted);
    total += weight;
    // A logit of −∞ has weight 0 and adds nothing.
    if (weight > 0) weighted += weight * shifted;
  }
  const log = Math.log(total);
  const logTotal = highest + log;
  const top = likeliest(logits, count).map((id) => ({ id, logprob: (logits[id] as number) - logTotal }));
  return { logTotal, entropy: Math.max(0, log - weighted / total), top };
}

/** By insertion into a short sorted list: most logits are only compared with its last. */
function likeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length && count > 0; id++) {
    const logit = logits[id] as number;
    if (best.length === count && !(logit > least)) continue;
    let at = best.length;
    while (at > 0 && (logits[best[at - 1] as number] as number) < logit) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
    least = logits[best.at(-1) as number] as number;
  }
  return best;
}
