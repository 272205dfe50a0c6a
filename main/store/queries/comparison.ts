/**
 * Two measurements compared question by question: how much better the second is, with intervals, and by which questions. Refuses
 * what was not measured on the same questions.
 */
import type { z } from 'zod';
import type { ChangedQuestion, Comparison, evaluationQueries } from '../../../preload/contract/evaluations.js';
import type { Database } from '../database.js';
import { findMeasurement, type MeasuredQuestion, measuredQuestions, type Measurement } from './measured-answers.js';
import { compareCommon, notCommon, otherQuestions, type Pair, pairQuestions } from './paired-questions.js';

type Input = z.output<typeof evaluationQueries.compare.input>;

/** A way to compare two models by what no run of theirs has measured. */
function measureIt(missing: string | null): string {
  const name = missing ?? 'NAME';
  return (
    `Measure each with "rzero eval MODEL --benchmark ${name} --out FILE.jsonl" (one of your own by its file), then "rzero compare A.jsonl B.jsonl". ` +
    `A run to come measures it itself with --set 'evaluation.others=[{benchmark: ${name}}]'.`
  );
}

export function compareEvaluations(db: Database, input: Input): Comparison {
  const [a, b] = [findMeasurement(db, input.a), findMeasurement(db, input.b)];
  const side = ({ run, name, iteration, zeroData }: Measurement) => ({ run, name, iteration, zeroData });
  const compared = compareCommon({
    ...{ a: a.benchmarks, b: b.benchmarks, wanted: input.benchmarks, remedy: measureIt },
    pairsOf: (benchmark) => pairsOf(db, { a, b, benchmark }),
  });
  return { a: side(a), b: side(b), ...compared };
}

export function changedQuestions(
  db: Database,
  { limit, benchmark, ...input }: z.output<typeof evaluationQueries.changed.input>,
): { won: ChangedQuestion[]; lost: ChangedQuestion[] } {
  const [a, b] = [findMeasurement(db, input.a), findMeasurement(db, input.b)];
  if (!a.benchmarks.includes(benchmark) || !b.benchmarks.includes(benchmark)) {
    throw notCommon({ a: a.benchmarks, b: b.benchmarks, remedy: measureIt }, benchmark);
  }
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

function pairsOf(
  db: Database,
  { a, b, benchmark }: { a: Measurement; b: Measurement; benchmark: string },
): Pair[] | string {
  return pairQuestions(measuredQuestions(db, a, benchmark), measuredQuestions(db, b, benchmark));
}
