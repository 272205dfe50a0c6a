/** The grader against the pairs: would catch a rule that helps one kind of answer and spoils another. */
import { describe, expect, it } from 'vitest';
import { expectedPairs } from './pairs.js';
import { wholeVerdict } from './whole-verdict.js';

const pairs = expectedPairs();
const AGREEMENT = 0.99;

describe('the pairs', () => {
  it('are of all kinds, equal ones and different ones', () => {
    const kinds = new Set(pairs.map(({ kind }) => kind));
    expect(pairs.length).toBeGreaterThan(1200);
    expect(kinds.size).toBe(31);
    for (const kind of kinds) {
      const verdicts = new Set(pairs.filter((pair) => pair.kind === kind).map(({ verdict }) => verdict));
      expect(verdicts.size, kind).toBe(kind === 'near-miss' ? 1 : 2);
    }
  });

  it('get the expected verdict in 99 of 100, and never "equal" where they differ', () => {
    const wrong = pairs.filter(({ gold, pred, verdict }) => wholeVerdict(gold, pred) !== verdict);
    const told = wrong.map(
      ({ gold, pred, verdict }) => `${gold} | ${pred}: ${wholeVerdict(gold, pred)}, not ${verdict}`,
    );
    expect(wrong.length / pairs.length, told.join('\n')).toBeLessThanOrEqual(1 - AGREEMENT);
    const false_ = wrong.filter(({ gold, pred }) => wholeVerdict(gold, pred) === 'equal');
    expect(false_).toEqual([]);
  });

  // Would catch: a verdict that depends on which of the two is the gold one.
  it('get no contrary verdict the other way round', () => {
    const contrary = pairs.filter(({ kind, gold, pred, verdict }) => {
      if (kind === 'full-output' || kind === 'choice') return false;
      const turned = wholeVerdict(pred, gold);
      return turned !== 'undecided' && turned !== verdict;
    });
    expect(contrary.map(({ gold, pred }) => `${gold} | ${pred}`)).toEqual([]);
  });
});
