/**
 * Answers to the same questions held against each other: pairs of questions, and what they come to. Whence the answers
 * are, from the record or from files, is the same here. Pure.
 */
import type { ComparedBenchmark, Comparison } from '../../../preload/contract/evaluations.js';
import type { Estimate } from '../../../preload/contract/events.js';
import { LabError } from '../../lib/errors.js';
import { mcnemarExact, pairedDifference, pairedShares } from '../../lib/paired.js';
import { RandomKey } from '../../lib/random.js';
import { clusteredShare, wilson } from '../../lib/statistics.js';
import type { MeasuredQuestion } from './measured-answers.js';

export interface Pair {
  readonly a: MeasuredQuestion;
  readonly b: MeasuredQuestion;
}

/** The benchmarks of two measurements, and the answers to each of those they have in common. */
interface TwoMeasurements {
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** Benchmarks that must be compared; none: all in common. */
  readonly wanted: readonly string[];
  pairsOf(benchmark: string): readonly Pair[] | string;
  /** @param missing the one that was asked for; null: they have none in common */
  remedy(missing: string | null): string;
}

/** @throws LabError('usage') where nothing, or not all that is wanted, can be compared */
export function compareCommon({
  a,
  b,
  wanted,
  pairsOf,
  remedy,
}: TwoMeasurements): Pick<Comparison, 'benchmarks' | 'refused'> {
  const common = a.filter((name) => b.includes(name));
  const missing = wanted.find((name) => !common.includes(name)) ?? null;
  if (missing !== null || common.length === 0) throw notCommon({ a, b, remedy }, missing);
  const benchmarks: ComparedBenchmark[] = [];
  const refused: { benchmark: string; reason: string }[] = [];
  for (const benchmark of wanted.length > 0 ? wanted : common) {
    const pairs = pairsOf(benchmark);
    if (typeof pairs === 'string') refused.push({ benchmark, reason: pairs });
    else benchmarks.push(compared(benchmark, pairs));
  }
  const [first] = refused;
  if (first && (benchmarks.length === 0 || wanted.length > 0)) throw otherQuestions(first);
  return { benchmarks, refused };
}

export function notCommon(
  { a, b, remedy }: Pick<TwoMeasurements, 'a' | 'b' | 'remedy'>,
  missing: string | null,
): LabError {
  const what = missing === null ? 'A and B have no benchmark in common' : `"${missing}" was not measured in both`;
  return new LabError('usage', `${what}: A has ${a.join(', ')}; B has ${b.join(', ')}.`, { remedy: remedy(missing) });
}

export function otherQuestions({ benchmark, reason }: { benchmark: string; reason: string }): LabError {
  return new LabError('usage', `"${benchmark}" does not compare: ${reason}`, {
    remedy: 'Measure both on the same questions.',
  });
}

/** Or why they are no pairs. */
export function pairQuestions(
  first: readonly MeasuredQuestion[],
  second: readonly MeasuredQuestion[],
): Pair[] | string {
  if (first.length !== second.length) return `it has ${first.length} questions in A, ${second.length} in B.`;
  const pairs = first.map((one, i): Pair => ({ a: one, b: second[i] as MeasuredQuestion }));
  const other = pairs.filter(
    (pair) => pair.a.item !== pair.b.item || pair.a.question !== pair.b.question || pair.a.truth !== pair.b.truth,
  ).length;
  return other > 0 ? `${other} of its ${pairs.length} questions or their answers are not the same in A and B.` : pairs;
}

function compared(benchmark: string, pairs: readonly Pair[]): ComparedBenchmark {
  const samples = Math.min(...pairs.map(({ a, b }) => Math.min(a.samples, b.samples)));
  const undecided = (of: (pair: Pair) => MeasuredQuestion): number =>
    pairs.reduce((sum, pair) => {
      const { verdict, samples: asked, decided } = of(pair);
      return sum + (verdict === 'undecided' ? 1 : 0) + asked - decided;
    }, 0);
  return {
    ...{ benchmark, questions: pairs.length, k: samples },
    undecided: { a: undecided(({ a }) => a), b: undecided(({ b }) => b) },
    greedy: greedyOf(pairs),
    mean: samples === 0 ? null : meanOf(benchmark, pairs),
  };
}

function greedyOf(pairs: readonly Pair[]): ComparedBenchmark['greedy'] {
  const decided = pairs.filter(({ a, b }) => a.verdict !== 'undecided' && b.verdict !== 'undecided');
  const right = (of: (pair: Pair) => MeasuredQuestion): Estimate => {
    const all = pairs.map(of).filter(({ verdict }) => verdict !== 'undecided');
    return wilson(all.filter(({ verdict }) => verdict === 'equal').length, all.length);
  };
  const won = decided.filter(({ a, b }) => a.verdict === 'different' && b.verdict === 'equal').length;
  const lost = decided.filter(({ a, b }) => a.verdict === 'equal' && b.verdict === 'different').length;
  return {
    ...{ a: right(({ a }) => a), b: right(({ b }) => b) },
    difference: pairedShares({ won, lost }, decided.length),
    ...{ won, lost, p: mcnemarExact({ won, lost }) },
  };
}

function meanOf(benchmark: string, pairs: readonly Pair[]): ComparedBenchmark['mean'] {
  const key = RandomKey.of(0, 'comparison', benchmark);
  const decided = pairs.filter(({ a, b }) => a.decided > 0 && b.decided > 0);
  if (decided.length === 0) return null;
  const estimate = (of: (pair: Pair) => MeasuredQuestion): Estimate =>
    clusteredShare(
      pairs.map(of).flatMap((one) => (one.decided > 0 ? [{ sum: one.right, count: one.decided }] : [])),
      { key },
    );
  const share = ({ right, decided: count }: MeasuredQuestion): number => right / count;
  return {
    ...{ a: estimate(({ a }) => a), b: estimate(({ b }) => b) },
    difference: pairedDifference(
      decided.map(({ a }) => share(a)),
      decided.map(({ b }) => share(b)),
      { key },
    ),
  };
}
