import { describe, expect, it } from 'vitest';
import { sameMoment } from './links.js';
import { fits, pairs, wordsOf } from './metrics.js';
import { readPins, readSettings, readZooms } from './settings.js';

describe('what is shown', () => {
  const names = (phase: 'challenger' | 'solver', ...all: string[]) => all.map((name) => ({ phase, name }));

  it('would catch reward that is not first, roles torn apart, and a metric that is left out because nobody named it', () => {
    const found = pairs([
      ...names('challenger', 'zeta', 'kl', 'clusters', 'reward'),
      ...names('solver', 'kl', 'reward'),
    ]);
    expect(found.map(({ name, phases }) => [name, phases.length])).toEqual([
      ...[
        ['reward', 2],
        ['kl', 2],
        ['clusters', 1],
        ['zeta', 1],
      ],
    ]);
    expect(wordsOf('zeta_of_x')).toMatchObject({ title: 'Zeta of x', unit: 'number' });
    expect([wordsOf('kl').curve, wordsOf('reward').curve]).toEqual(['KL', 'reward']);
    expect(found.filter((pair) => fits(pair, 'RE wa')).map(({ name }) => name)).toEqual(['reward']);
    expect(found.filter((pair) => fits(pair, '')).length).toBe(4);
  });

  it('would catch settings from another version that break the room', () => {
    expect(readSettings({ axis: 'step', smoothing: 0.2, log: true, clip: 0 })).toEqual({
      ...{ axis: 'step', smoothing: 0.2, log: true, clip: 0 },
    });
    for (const wrong of [null, 3, {}, { axis: 'moon', smoothing: 0, clip: 0 }, { axis: 'step', smoothing: 7, clip: 0 }])
      expect(readSettings(wrong)).toBeNull();
    expect([readPins(['kl']), readPins([1]), readPins('kl')]).toEqual([['kl'], null, null]);
    expect(readZooms({ run: 'r', axis: 'step', solver: [3, 9] })).toMatchObject({ challenger: null, solver: [3, 9] });
    expect(readZooms({ run: 'r', axis: 'step', solver: [9, 3] })).toBeNull();
  });

  it('would catch a shared cursor that points to another moment of the run', () => {
    // The Challenger works until second 20, the Solver from there to 40, the Challenger again.
    const challenger = { steps: [1, 2, 3], active: [10, 20, 50] };
    const solver = { steps: [1, 2], active: [30, 40] };
    expect([1, 2].map((step) => sameMoment(step, solver, challenger))).toEqual([2, 2]);
    expect([1, 2, 3].map((step) => sameMoment(step, challenger, solver))).toEqual([1, 1, 2]);
    expect(sameMoment(1, challenger, { steps: [1], active: undefined })).toBeNull();
  });
});
