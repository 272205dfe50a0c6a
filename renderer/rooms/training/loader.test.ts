import { describe, expect, it } from 'vitest';
import type { Series } from '../../../preload/contract/metrics.js';
import { series } from '../../../test/support/series.js';
import { CurveLoader, POINTS, type SeriesAnswer, type SeriesQuestion } from './loader.js';
import { grown, lineOf } from './curve.js';

describe('curves that grow', () => {
  it('would catch a point that is drawn twice or lost where replies overlap', () => {
    const joined = grown(series([1, 2, 3]), series([3, 4]), 100);
    expect(joined).toMatchObject({ seq: [1, 2, 3, 4], value: [0.1, 0.2, 0.3, 0.4], total: 4 });
    const known = series([1, 2]);
    expect(grown(known, series([]), 100)).toBe(known);
  });

  it('would catch thinned points taken for all points, and a curve that grows without end', () => {
    expect(grown(series([1, 2]), series([3], { thinned: true }), 100)).toBeNull();
    expect(grown(series([1, 2, 3]), series([4]), 3)).toBeNull();
  });

  it('would catch steps counted from 0, and a clock that is not known for all points', () => {
    const line = lineOf(series([0, 1], { time: [null, 5] }), { role: 'solver', name: 'KL' });
    expect(line).toMatchObject({ steps: [1, 2], active: [0, 2], hue: 'solver', iterations: [1, 1] });
    expect(line.clock).toBeUndefined();
  });
});

describe('the loader', () => {
  const reward = { phase: 'solver', name: 'reward' } as const;
  const kl = { phase: 'solver', name: 'kl' } as const;

  function lab(answer: (question: SeriesQuestion) => SeriesAnswer | Promise<SeriesAnswer>) {
    const asked: SeriesQuestion[] = [];
    const curves = new Map<string, Series | null>();
    const takenBack: string[] = [];
    const loader = new CurveLoader(
      'r',
      async (question) => {
        asked.push(question);
        return await answer(question);
      },
      { curves, points: POINTS, takenBack: () => takenBack.push('r') },
    );
    return { asked, curves, loader, takenBack };
  }
  const named = (name: string, seqs: readonly number[], more: Partial<Series> = {}): Series =>
    series(seqs, { name, ...more });

  it('would catch curves asked for one by one, or again, or when nobody looks', async () => {
    const { asked, curves, loader } = lab(({ names }) => ({
      series: names.map(({ name }) => named(name, [1])),
      until: { r: 1 },
    }));
    const leave = loader.want(reward);
    loader.want(kl);
    await loader.refresh({ grow: false });
    await loader.refresh({ grow: false });
    expect(asked.map(({ names }) => names.length)).toEqual([2]);
    leave();
    leave();
    await loader.refresh({ grow: true });
    expect(asked.at(-1)).toMatchObject({ names: [kl], after: { r: 1 } });
    expect([...curves.keys()]).toEqual(['solver reward', 'solver kl']);
  });

  it('would catch points of a run that was taken back, which stay on the screen', async () => {
    let until = 9;
    const { curves, loader, takenBack } = lab(({ after }) => ({
      series: (after['r'] ?? -1) < 0 ? [named('kl', until === 9 ? [1, 9] : [1])] : [],
      until: { r: until },
    }));
    loader.want(kl);
    await loader.refresh({ grow: true });
    expect(takenBack).toEqual([]);
    until = 4;
    await loader.refresh({ grow: true });
    expect(curves.get('solver kl')?.seq).toEqual([1]);
    // Also what is known of a stretch.
    expect(takenBack).toEqual(['r']);
  });

  it('would catch growth that was thinned and is put to what is known', async () => {
    let count = 1;
    const { asked, curves, loader } = lab(({ after }) => ({
      series: [
        named('kl', (after['r'] ?? -1) < 0 ? Array.from({ length: count }, (_, i) => i) : [count - 1], {
          thinned: count > 1,
        }),
      ],
      until: { r: count },
    }));
    loader.want(kl);
    await loader.refresh({ grow: true });
    count = 5;
    await loader.refresh({ grow: true });
    expect(asked.map(({ after }) => after['r'])).toEqual([-1, 1, -1]);
    expect(curves.get('solver kl')?.seq).toEqual([0, 1, 2, 3, 4]);
  });

  it('would catch a curve that stays as it was left, because the run has ended since', async () => {
    let last = 3;
    const { asked, curves, loader } = lab(({ after }) => ({
      series: [
        named(
          'kl',
          [1, 2, 3, 4, 5].filter((seq) => seq > (after['r'] ?? -1) && seq <= last),
        ),
      ],
      until: { r: last },
    }));
    const leave = loader.want(kl);
    await loader.refresh({ grow: false });
    leave();
    last = 5;
    loader.want(kl);
    expect(loader.missing).toBe(true);
    await loader.refresh({ grow: false });
    expect([loader.missing, curves.get('solver kl')?.seq]).toEqual([false, [1, 2, 3, 4, 5]]);
    await loader.refresh({ grow: false });
    expect(asked.map(({ after }) => after['r'])).toEqual([-1, 3]);
  });

  it('would catch an answer that comes after somebody left, and passes for what the next one needs', async () => {
    let last = 3;
    let answered = (): void => undefined;
    const { curves, loader } = lab(async ({ after }) => {
      const until = last;
      await new Promise<void>((resolve) => (answered = resolve));
      const seqs = [1, 2, 3, 4, 5].filter((seq) => seq > (after['r'] ?? -1) && seq <= until);
      return { series: [named('kl', seqs)], until: { r: until } };
    });
    const leave = loader.want(kl);
    const first = loader.refresh({ grow: false });
    leave();
    answered();
    await first;
    last = 5;
    loader.want(kl);
    expect(loader.missing).toBe(true);
    const second = loader.refresh({ grow: false });
    answered();
    await second;
    expect(curves.get('solver kl')?.seq).toEqual([1, 2, 3, 4, 5]);
  });

  it('would catch a failed question that counts as asked', async () => {
    let broken = true;
    const { curves, loader } = lab(() => {
      if (broken) throw new Error('no connection');
      return { series: [named('kl', [1])], until: { r: 1 } };
    });
    loader.want(kl);
    await expect(loader.refresh({ grow: false })).rejects.toThrow('no connection');
    expect(loader.missing).toBe(true);
    broken = false;
    await loader.refresh({ grow: false });
    expect([loader.missing, curves.get('solver kl')?.seq]).toEqual([false, [1]]);
  });

  it('would catch a curve nobody recorded that is waited for for ever', async () => {
    const { curves, loader } = lab(() => ({ series: [], until: { r: 3 } }));
    loader.want(kl);
    expect(loader.missing).toBe(true);
    await loader.refresh({ grow: false });
    expect([loader.missing, curves.get('solver kl')]).toEqual([false, null]);
  });
});
