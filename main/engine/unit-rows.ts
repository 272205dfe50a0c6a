/** Writes a unit of the loop into the record: the loop's words on the left, the tables' on the right. */
import type { QuestionRecord, Unit, UseRecord } from '../coevolution/unit.js';
import type { Answer } from '../store/answers.js';
import { questionKey, type QuestionPhase } from '../store/keys.js';
import type { NewQuestion } from '../store/questions.js';
import type { RunRecorder } from '../store/record.js';

/** Call inside the transaction that also records the unit's cursor. */
export function writeUnitRows(recorder: RunRecorder, unit: Unit): void {
  const { iteration, phase, step, rows, events } = unit;
  if (rows.questions) writeQuestions(recorder, unit, rows.questions);
  if (rows.uses) writeUses(recorder, unit, rows.uses);
  if (rows.metrics) recorder.metrics({ iteration, phase, step, values: rows.metrics });
  writeEvaluations(recorder, unit);
  for (const event of events) {
    if (event.type === 'alarm') recorder.alarm(event);
    if (event.type === 'iteration.finished') recorder.summary(event.summary);
  }
}

interface QuestionSpace {
  readonly iteration: number;
  readonly phase: QuestionPhase;
  readonly step: number;
}

function writeQuestions(recorder: RunRecorder, unit: Unit, questions: readonly QuestionRecord[]): void {
  const phase: QuestionPhase = unit.phase === 'challenger' ? 'challenger' : 'curriculum';
  // A curriculum's items are numbered through all its chunks.
  const space = { iteration: unit.iteration, phase, step: phase === 'challenger' ? unit.step : 0 };
  recorder.questions(questions.map((q) => newQuestion(q, space)));
  const answers = questions.flatMap((q) => {
    const key = questionKey({ ...space, item: q.item });
    return q.answers.map((a): Answer => ({ ...a, key, iteration: unit.iteration, step: 0, extracted: a.answer }));
  });
  recorder.answers(numbered(answers));
}

function newQuestion(q: QuestionRecord, space: QuestionSpace): NewQuestion {
  return {
    generated: {
      ...space,
      item: q.item,
      raw: q.raw,
      tokens: q.tokens,
      finish: q.finish,
      valid: q.invalidReason === null,
      invalidReason: q.invalidReason,
      text: q.question,
      normalForm: q.normalForm,
      difficulty: q.difficulty,
      claimedAnswer: q.claimedAnswer,
      oracleAnswer: q.oracle,
    },
    ...(q.pHat !== null && {
      votes: { votes: q.answers.filter((a) => a.source === 'vote').length, pHat: q.pHat, majority: q.label },
      label: {
        rewrite: q.rewrite,
        label: q.label,
        labelShare: q.labelShare,
        labelMethod: q.labelMethod ?? 'majority',
        labelCorrect: q.labelCorrect,
      },
    }),
    decision: {
      cluster: q.cluster,
      clusterSize: q.clusterSize,
      uncertainty: q.uncertainty,
      repetition: q.repetition,
      reward: q.reward,
      advantage: q.advantage,
      kept: q.kept,
      dropReason: q.dropReason,
    },
  };
}

function writeUses(recorder: RunRecorder, { iteration, step }: Unit, uses: readonly UseRecord[]): void {
  const keyOf = (use: UseRecord): number => questionKey({ iteration, phase: 'curriculum', step: 0, item: use.item });
  recorder.uses([...new Set(uses.map(keyOf))].map((key) => ({ key, iteration, step })));
  const answers = uses.flatMap((use) =>
    use.rollouts.map((r): Answer => ({ ...r, key: keyOf(use), iteration, step, extracted: r.answer })),
  );
  recorder.answers(numbered(answers));
}

/** A small curriculum may give one step a question twice; its samples are then counted through. */
function numbered(answers: readonly Answer[]): Answer[] {
  const next = new Map<string, number>();
  return answers.map((answer) => {
    const group = `${answer.key} ${answer.source}`;
    const sample = next.get(group) ?? 0;
    next.set(group, sample + 1);
    return { ...answer, sample };
  });
}

function writeEvaluations(recorder: RunRecorder, { iteration, rows }: Unit): void {
  const answered = rows.evaluationAnswers ?? [];
  for (const benchmark of new Set(answered.map((a) => a.benchmark))) {
    const of = answered.filter((a) => a.benchmark === benchmark);
    recorder.evaluationQuestions({
      benchmark,
      questions: of.map((a) => ({ item: a.index, text: a.question, truth: a.answer, difficulty: a.difficulty })),
    });
    recorder.evaluationAnswers({
      iteration,
      benchmark,
      answers: of.flatMap((a) => [a.greedy, ...a.samples].map((g, sample) => ({ ...g, item: a.index, sample }))),
    });
  }
  for (const evaluation of rows.evaluations ?? []) {
    recorder.evaluation({ iteration, evaluation, questions: [], answers: [] });
  }
}
