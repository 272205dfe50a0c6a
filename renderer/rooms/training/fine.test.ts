import { describe, expect, it } from 'vitest';
import { series } from '../../../test/support/series.js';
import { grown, knownCurve, laidOver, type KnownCurve } from './curve.js';
import { FineCurves, inView, unitsOf, type FinePoints, type Zoomed } from './fine.js';
import type { SeriesQuestion } from './loader.js';

describe('what is zoomed to', () => {
  /** Of units 0 to `last` every tenth, as a lab that thins gives them. */
  const coarse = (last: number): KnownCurve =>
    knownCurve(
      series(
        Array.from({ length: last / 10 + 1 }, (_, i) => 10 * i),
        { thinned: true, total: last + 1 },
      ),
    );
  const stretch = (from: number, to: number, every = 1): FinePoints => {
    const seqs = Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + every * i);
    return { from, to, series: series(seqs, { thinned: every > 1 }) };
  };
  const step = (from: number, to: number): Zoomed => ({ axis: 'step', zoom: [from, to] });

  it('would catch a stretch that is too narrow for its ends, on any axis, and points asked for that are known', () => {
    // Steps are counted from 1, the fixture's seconds are two and its clock a thousand to a unit.
    for (const [axis, factor, first] of [
      ['step', 1, 1],
      ['active', 2, 0],
      ['clock', 1000, 0],
    ] as const) {
      const zoom = [factor * 105 + first, factor * 125 + first] as const;
      expect(unitsOf(coarse(1000), { axis, zoom })).toEqual({ from: 100, to: 140 });
    }
    const untimed = { ...coarse(1000), time: coarse(1000).seq.map((seq) => (seq === 500 ? null : seq)) };
    expect(unitsOf(untimed, { axis: 'clock', zoom: [1, 9] })).toBeNull();
    // What has come since is not thinned.
    const known = grown(coarse(100), series([101, 102, 103]), 1000) as KnownCurve;
    expect(unitsOf(known, step(96, 104))).toEqual({ from: 90, to: 100 });
    expect(unitsOf(known, step(102, 104))).toBeNull();
    expect(unitsOf(series([1, 2, 3]), step(1, 2))).toBeNull();
  });

  it('would catch finer points drawn beside those of the whole, or lost at a seam', () => {
    const drawn = laidOver(coarse(50), stretch(20, 30), 'step');
    expect(drawn.seq).toEqual([0, 10, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 40, 50]);
    expect([drawn.value.length, drawn.time.length, drawn.total]).toEqual([15, 15, 51]);
    // One unit that was not timed would take the curve off that axis.
    const { series: whole, ...units } = stretch(20, 22);
    const untimed = { ...units, series: { ...whole, time: [20_000, null, 22_000] } };
    expect(laidOver(coarse(50), untimed, 'clock').seq).toEqual([0, 10, 20, 22, 30, 40, 50]);
    expect(laidOver(coarse(50), untimed, 'step').seq).toContain(21);
  });

  it('would catch a count of points that is not what can be seen', () => {
    expect(inView(coarse(1000), stretch(100, 140), step(106, 126))).toEqual({ count: 21, all: true });
    expect(inView(coarse(1000), stretch(100, 140, 2), step(106, 126))).toEqual({ count: 10, all: false });
    // Further out than what is known.
    expect(inView(coarse(1000), stretch(100, 140), step(106, 206)).all).toBe(false);
  });

  function closer(zoomed: () => Zoomed | null, { thins = (_width: number): number => 1, until = 1000 } = {}) {
    const asked: SeriesQuestion[] = [];
    const fine = new Map<string, FinePoints>();
    const curves = new Map<string, KnownCurve | null>([
      ['solver kl', { ...coarse(1000), name: 'kl' }],
      ['solver short', series([1, 2], { name: 'short' })],
      ['challenger kl', { ...coarse(1000), phase: 'challenger' }],
    ]);
    const loader = new FineCurves(
      'r',
      (question) => {
        asked.push(question);
        const { from, to } = question.within?.['r'] ?? { from: 0, to: 0 };
        const found = question.names.map((name) => ({ ...stretch(from, to, thins(to - from)).series, ...name }));
        return Promise.resolve({ series: found, until: { r: until } });
      },
      { curves, fine, points: 100, closeUp: (role) => (role === 'solver' ? zoomed() : null) },
    );
    const looked = [...curves.values()].map((curve) => ({ phase: curve?.phase ?? 'solver', name: curve?.name ?? '' }));
    return { asked, fine, refine: () => loader.refine(looked), loader };
  }

  it('would catch charts asked for one by one, again at every refresh, or though nobody zoomed to them', async () => {
    let zoom: Zoomed | null = step(106, 126);
    const { asked, fine, refine, loader } = closer(() => zoom);
    await refine();
    await refine();
    expect(asked).toEqual([
      {
        runs: ['r'],
        names: [{ phase: 'solver', name: 'kl' }],
        points: 100,
        after: {},
        within: { r: { from: 100, to: 140 } },
      },
    ]);
    // Within what is known; then beyond it.
    zoom = step(110, 120);
    await refine();
    expect(asked).toHaveLength(1);
    zoom = step(206, 226);
    await refine();
    expect([asked.length, fine.get('solver kl')?.from]).toEqual([2, 200]);
    loader.forget('challenger');
    expect(fine.size).toBe(1);
    loader.forget('solver');
    zoom = null;
    await refine();
    expect([asked.length, fine.size]).toEqual([2, 0]);
  });

  it('would catch a deep zoom that stays coarse, and one that asks for ever', async () => {
    const { asked, fine, refine } = closer(() => step(503, 505), { thins: () => (asked.length > 1 ? 1 : 5) });
    await refine();
    expect(asked.map(({ within }) => within?.['r'])).toEqual([
      { from: 500, to: 520 },
      { from: 500, to: 510 },
    ]);
    expect(fine.get('solver kl')?.series.thinned).toBe(false);
    const never = closer(() => step(503, 505), { thins: (width: number) => Math.max(2, width) });
    await never.refine();
    expect(never.asked.length).toBeLessThanOrEqual(3);
  });

  it('would catch points of a run that was taken back, and those that come after somebody has zoomed out', async () => {
    const back = closer(() => step(106, 126), { until: 120 });
    await back.refine();
    expect(back.fine.size).toBe(0);
    let looks = 0;
    const out = closer(() => (looks++ === 0 ? step(106, 126) : null));
    await out.refine();
    expect([out.asked.length, out.fine.size]).toEqual([1, 0]);
  });
});
