/**
 * Group-relative advantages (GRPO, arXiv 2402.03300, section 4.1): a reward minus the mean of its group, divided, where
 * the recipe says so, by the group's deviation. The deviation is the population's, and 1e-4 is added to it.
 */
import { LabError } from '../lib/errors.js';

/** Keeps a group whose rewards differ by rounding only from being blown up to unit variance. */
const DEVIATION_EPSILON = 1e-4;

export interface GroupAdvantages {
  /** Same nesting as the rewards. A group whose rewards are all equal has exactly 0 everywhere. */
  readonly advantages: number[][];
  /** Groups that teach nothing because all their rewards are equal. */
  readonly zeroVarianceGroups: number;
}

/**
 * `rewards[group][sample]`. A reward that is missing or not finite is an error that names it: one such value would
 * otherwise make a whole group, and then every weight, NaN.
 */
export function groupAdvantages(
  rewards: readonly (readonly (number | null | undefined)[])[],
  normaliseByDeviation: boolean,
): GroupAdvantages {
  let zeroVarianceGroups = 0;
  const advantages = rewards.map((group, g) => {
    const values = group.map((reward, s) => checkedReward(reward, g, s));
    if (values.every((value) => value === values[0])) {
      zeroVarianceGroups++;
      return values.map(() => 0);
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const scale = normaliseByDeviation ? Math.sqrt(variance) + DEVIATION_EPSILON : 1;
    return values.map((value) => (value - mean) / scale);
  });
  return { advantages, zeroVarianceGroups };
}

function checkedReward(reward: number | null | undefined, group: number, sample: number): number {
  if (typeof reward === 'number' && Number.isFinite(reward)) return reward;
  const what = reward === null || reward === undefined ? 'is missing' : `is ${reward}`;
  throw new LabError('numeric', `The reward of sample ${sample} in group ${group} ${what}.`, {
    remedy: 'Every rollout needs a finite reward; look at that question and its answers in the run record.',
  });
}
