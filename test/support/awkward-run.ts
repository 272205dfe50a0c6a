/** A unit of work whose texts are hard to write down: quotes, commas, line ends, other scripts, empty against missing. */
import { insertAnswers } from '../../main/store/answers.js';
import { insertEvaluationAnswers, insertEvaluationQuestions } from '../../main/store/evaluations.js';
import { questionKey } from '../../main/store/keys.js';
import { insertMetrics } from '../../main/store/metrics.js';
import { insertQuestions, insertUses } from '../../main/store/questions.js';
import type { RowTarget } from '../../main/store/record.js';

const TEXTS = [
  'plain',
  'a "quoted" word',
  'comma, semicolon; tab\there',
  'two\nlines',
  'windows\r\nlines\r',
  'żółć — 数学 😀 \u202eabc',
  ' leading and trailing ',
  '"',
  "'; DROP TABLE runs; --",
  '=1+1',
  'NULL',
  '0012',
  '\\frac{1}{2} \\boxed{\\text{"x"}}',
];

export function recordAwkwardRun({ db, run, seq }: RowTarget): void {
  const places = TEXTS.map((_, item) => ({ iteration: 1, phase: 'curriculum', step: 0, item }) as const);
  const rows = TEXTS.map((text, item) => ({
    generated: {
      ...(places[item] as (typeof places)[number]),
      raw: `<question>${text}</question>`,
      tokens: item,
      finish: 'stop' as const,
      valid: true,
      text,
      normalForm: item % 2 ? '' : null,
      difficulty: item % 3 ? item / 7 : null,
    },
    votes: { votes: 10, pHat: item / 13, majority: text },
    label: {
      label: text,
      labelShare: item / 13,
      labelMethod: 'majority',
      labelCorrect: item % 2 ? item % 3 === 0 : null,
    },
    decision: { kept: item % 4 !== 3, dropReason: item % 4 === 3 ? 'too easy, or not' : null },
  }));
  insertQuestions(db, run, seq, rows);
  const benchmark = 'odd "ones", two';
  const questions = TEXTS.map((text, item) => ({ item, text, truth: text, difficulty: item % 2 ? item / 7 : null }));
  insertEvaluationQuestions(db, run, seq, { benchmark, questions });
  const verdicts = ['equal', 'different', 'undecided'] as const;
  const given = TEXTS.map((text, item) => {
    const verdict = verdicts[item % 3] ?? 'equal';
    const reason = verdict === 'undecided' ? 'too long, or not' : null;
    const extracted = verdict === 'equal' ? text : item % 2 ? '' : null;
    return { ...{ item, sample: item % 2, text, extracted, verdict, reason, tokens: item }, finish: 'stop' as const };
  });
  insertEvaluationAnswers(db, run, seq, { iteration: 1, benchmark, answers: given });
  const answers = places.flatMap((place, item) =>
    [0, 1].map((sample) => ({
      key: questionKey(place),
      source: 'vote' as const,
      iteration: 1,
      step: 0,
      sample,
      text: `${TEXTS[item]}${sample}`,
      extracted: sample ? '' : null,
      canonical: sample ? '1/3' : null,
      tokens: 4,
      finish: 'length' as const,
    })),
  );
  insertAnswers(db, run, seq, answers);
  insertUses(db, run, seq, [
    { key: questionKey({ iteration: 1, phase: 'curriculum', step: 0, item: 0 }), iteration: 1, step: 2 },
  ]);
  const values = {
    reward: 0.1 + 0.2,
    tiny: 1e-300,
    large: 1.2345678901234567e300,
    whole: 3,
    missing: NaN,
    endless: Infinity,
  };
  insertMetrics(db, run, seq, { iteration: 1, phase: 'solver', step: 0, values });
}
