import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../preload/contract/recipe.js';
import { challengerReward, type RewardRecipe } from './reward.js';
import { uncertaintyReward } from './uncertainty.js';

const paper: RewardRecipe = recipeSchema.shape.challenger.shape.reward.parse({});
const code: RewardRecipe = { ...paper, uncertainty: 'code', malformed: -1 };

describe("the Challenger's reward", () => {
  it('peaks where the Solver is divided, in both published forms', () => {
    const shares = [0, 0.1, 0.3, 0.5, 0.7, 1];
    [0, 0.2, 0.6, 1, 0.6, 0].forEach((r, i) => expect(uncertaintyReward('paper', shares[i] as number)).toBeCloseTo(r));
    [0, 0.1, 0.3, 0.5, 0.3, 0].forEach((r, i) => expect(uncertaintyReward('code', shares[i] as number)).toBeCloseTo(r));
  });

  it('takes the cluster share of the whole batch off, never below 0 in the paper', () => {
    expect(challengerReward({ share: 0.5, clusterSize: 24, batchSize: 96 }, paper)).toEqual({
      reward: 0.75,
      uncertainty: 1,
      repetition: 0.25,
    });
    expect(challengerReward({ share: 1, clusterSize: 24, batchSize: 96 }, paper)).toEqual({
      reward: 0,
      uncertainty: 0,
      repetition: 0.25,
    });
    expect(challengerReward({ share: 1, clusterSize: 24, batchSize: 96 }, code).reward).toBe(-0.25);
    const weighted = { ...paper, repetition_weight: 2 };
    expect(challengerReward({ share: 0.5, clusterSize: 24, batchSize: 96 }, weighted).reward).toBe(0.5);
  });

  it('gives a malformed question the recipe’s value and no parts', () => {
    expect(challengerReward(null, paper)).toEqual({ reward: 0, uncertainty: 0, repetition: 0 });
    expect(challengerReward(null, code).reward).toBe(-1);
  });

  it('refuses uncertainty below the vote cut-off, but not at it (3/10 + 2/10 is not exactly 0.5 in floating point)', () => {
    const cut = { ...paper, min_vote_share: 0.3 };
    const at = (share: number): number => challengerReward({ share, clusterSize: 0, batchSize: 10 }, cut).uncertainty;
    expect(at(0.2)).toBe(0);
    expect(at(0.1 + 0.2)).toBeGreaterThan(0.5);
    expect(at(0.3 - 1e-9)).toBeGreaterThan(0.5);
  });
});
