/**
 * Two measurements compared question by question: how much better the second is, with intervals, and by which questions. Refuses
 * what was not measured on the same questions.
 */
import type { z } from 'zod';
import type {
  ChangedQuestion,
  ComparedBenchmark,
  Comparison,
  evaluationQueries,
} from '../../../preload/contract/evaluations.js';
import type { Estimate } from '../../../preload/contract/events.js';
import { LabError } from '../../lib/errors.js';
import { mcnemarExact, pairedDifference, pairedShares } from '../../lib/paired.js';
import { RandomKey } from '../../lib/random.js';
import { clusteredShare, wilson } from '../../lib/statistics.js';
import type { Database } from '../database.js';
import { findMeasurement, type MeasuredQuestion, measuredQuestions, type Measurement } from './measured-answers.js';

type Input = z.output<typeof evaluationQueries.compare.input>;

interface Pair {
  readonly a: MeasuredQuestion;
  readonly b: MeasuredQuestion;
}

export function compareEvaluations(db: Database, input: Input): Comparison {
  const [a, b] = [findMeasurement(db, input.a), findMeasurement(db, input.b)];
  const common = a.benchmarks.filter((name) => b.benchmarks.includes(name));
  const missing = input.benchmarks.find((name) => !common.includes(name));
  if (missing !== undefined || common.length === 0) throw notCommon(a, b, missing);
  const benchmarks: ComparedBenchmark[] = [];
  const refused: { benchmark: string; reason: string }[] = [];
  for (const benchmark of input.benchmarks.length > 0 ? input.benchmarks : common) {
    const pairs = pairsOf(db, { a, b, benchmark });
    if (typeof pairs === 'string') refused.push({ benchmark, reason: pairs });
    else benchmarks.push(compared(benchmark, pairs));
  }
  const [first] = refused;
  if (first && (benchmarks.length === 0 || input.benchmarks.length > 0)) throw otherQuestions(first);
  const side = ({ run, name, iteration, zeroData }: Measurement) => ({ run, name, iteration, zeroData });
  return { a: side(a), b: side(b), benchmarks, refused };
}

export function changedQuestions(
  db: Database,
  { limit, benchmark, ...input }: z.output<typeof evaluationQueries.changed.input>,
): { won: ChangedQuestion[]; lost: ChangedQuestion[] } {
  const [a, b] = [findMeasurement(db, input.a), findMeasurement(db, input.b)];
  if (!a.benchmarks.includes(benchmark) || !b.benchmarks.includes(benchmark)) throw notCommon(a, b, benchmark);
  const pairs = pairsOf(db, { a, b, benchmark });
  if (typeof pairs === 'string') throw otherQuestions({ benchmark, reason: pairs });
  const of = (from: string, to: string): ChangedQuestion[] =>
    pairs
      .filter((pair) => pair.a.verdict === from && pair.b.verdict === to)
      .slice(0, limit)
      .map(changed);
  return { won: of('different', 'equal'), lost: of('equal', 'different') };
}

function changed({ a, b }: Pair): ChangedQuestion {
  const { item, question, truth, difficulty } = a;
  const answered = ({ verdict, extracted, right, decided }: MeasuredQuestion) => ({
    verdict,
    extracted,
    right,
    decided,
  });
  return { item, question, truth, difficulty, a: answered(a), b: answered(b) };
}

function notCommon(a: Measurement, b: Measurement, missing: string | undefined): LabError {
  const lists = `A has ${a.benchmarks.join(', ')}; B has ${b.benchmarks.join(', ')}.`;
  const what = missing === undefined ? 'A and B have no benchmark in common' : `"${missing}" was not measured in both`;
  return new LabError('usage', `${what}: ${lists}`, { remedy: 'Compare measurements of the same benchmark.' });
}

function otherQuestions({ benchmark, reason }: { benchmark: string; reason: string }): LabError {
  return new LabError('usage', `"${benchmark}" does not compare: ${reason}`, {
    remedy: 'Measure both on the same questions.',
  });
}

/** Or why they are no pairs. */
function pairsOf(
  db: Database,
  { a, b, benchmark }: { a: Measurement; b: Measurement; benchmark: string },
): Pair[] | string {
  const [first, second] = [measuredQuestions(db, a, benchmark), measuredQuestions(db, b, benchmark)];
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
