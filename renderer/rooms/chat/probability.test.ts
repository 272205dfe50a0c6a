import { expect, it } from 'vitest';
import { lookOf, probabilityText, STEPS } from './probability.js';

it('would catch a probability on the wrong side of a step, or one that no step takes', () => {
  expect([1, 0.9, 0.89, 0.5, 0.2, 0.05, 0.0499, 0].map((p) => lookOf(Math.log(p)))).toEqual([
    ...['p0', 'p0', 'p1', 'p1', 'p2', 'p3', 'p4', 'p4'],
  ]);
  expect(STEPS.map(({ from }) => lookOf(Math.log(from + 1e-9)))).toEqual(STEPS.map(({ look }) => look));
});

it('would catch a small probability told as nothing, and a large one as certainty', () => {
  expect([0.123, 0.9999, 0.00001, 0].map((p) => probabilityText(Math.log(p)))).toEqual([
    ...['12.3 %', '> 99.9 %', '1.0e-3 %', '< 1e-6 %'],
  ]);
});
