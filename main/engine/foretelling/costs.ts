/** What a model was measured to take here, and what work of any size takes by it. Pure but for the layout of micro-batches. */
import type { Compute } from '../../compute/compute.js';
import { RandomKey } from '../../lib/random.js';
import type { ModelConfig } from '../../model/config.js';
import { planFor } from '../../model/generation-plan.js';
import { lanesFor } from '../../model/lanes.js';
import { Sequence } from '../../model/sequence.js';
import type { WorkSize } from '../../sizes/work-size.js';
import type { TokenSample } from '../../training/batches.js';
import { stepsFor } from '../../training/steps-for.js';
import { type CutLimits, disposeBatch } from '../../training/steps.js';

/** Seconds of something of size x: `fixed` and `each` for one of x. */
export interface Line {
  readonly fixed: number;
  readonly each: number;
}

export interface Costs {
  /** One call of decoding, by the rows at work. */
  readonly decoding: Line;
  /** A token of a prompt that is read before anything is written. */
  readonly reading: number;
  /** An update, and each padded token that is learnt from, the reference's log-probabilities included. */
  readonly learning: Line;
}

export interface Machine {
  readonly compute: Compute;
  readonly config: ModelConfig;
}

/** A prompt, and how long what is written behind it becomes. */
export interface Writing {
  readonly promptTokens: number;
  readonly lengths: readonly number[];
}

/** The line through two measurements. Noise may make it fall: then it is flat. */
export function lineThrough(a: readonly [size: number, seconds: number], b: readonly [number, number]): Line {
  const each = Math.max(0, (b[1] - a[1]) / (b[0] - a[0]));
  return { each, fixed: Math.max(0, a[1] - each * a[0]) };
}

export const on = ({ fixed, each }: Line, size: number): number => fixed + each * size;

const ANY = RandomKey.of(0, 'foretelling');

/** Seconds to write all of it, in the waves and buckets in which the generator would (`generate.ts`). */
export function writingSeconds(
  { compute, config }: Machine,
  writings: readonly Writing[],
  limit: number,
  costs: Costs,
): number {
  const prompts = writings.map(({ promptTokens }) => new Array<number>(Math.max(1, promptTokens)).fill(0));
  const sequences = writings.flatMap(({ lengths }, request) =>
    lengths.map((_, sample) => new Sequence(prompts[request] as number[], { request, sample }, ANY, limit)),
  );
  if (sequences.length === 0) return 0;
  const plan = planFor(config, { sequences, lanes: lanesFor(compute, config) });
  const waiting = [...sequences].sort((a, b) => b.prompt.length - a.prompt.length);
  const left = (one: Sequence): number => writings[one.place.request]?.lengths[one.place.sample] ?? 0;
  let seconds = 0;
  let rows = 0;
  let active: { one: Sequence; left: number }[] = [];
  for (;;) {
    const entering = active.length <= plan.refillAt ? waiting.splice(0, plan.maxBatch - active.length) : [];
    active.push(...entering.map((one) => ({ one, left: left(one) })));
    if (active.length === 0) return seconds;
    const layout = plan.layout(active.length, 1);
    rows = entering.length > 0 ? layout.lanes * layout.rows : Math.min(rows, layout.lanes * layout.rows);
    const read = new Map(entering.map((one) => [one.place.request, one.prompt.length]));
    seconds += costs.reading * [...read.values()].reduce((sum, tokens) => sum + tokens, 0);
    seconds += on(costs.decoding, rows);
    active = active.map((row) => ({ ...row, left: row.left - plan.steps })).filter((row) => row.left > 0);
  }
}

/** Tokens that go through the model when it learns from these, padding included. */
export function paddedTokens(
  { compute, config }: Machine,
  samples: readonly TokenSample[],
  { size, ...limits }: Omit<CutLimits, 'padToken'> & { readonly size: WorkSize },
): number {
  if (samples.length === 0) return 0;
  const batches = stepsFor(compute, config, size).cut(samples, { ...limits, padToken: config.padTokenId ?? 0 });
  batches.forEach(disposeBatch);
  return batches.reduce((sum, { plan }) => sum + plan.padded, 0);
}
