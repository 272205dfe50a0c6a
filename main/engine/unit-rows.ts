/** Writes a unit of the loop into the record: the loop's words on the left, the tables' on the right. */
import type { QuestionRecord, Unit, UseRecord } from '../coevolution/unit.js';
import { insertCorrectionRounds, insertCorrections } from '../store/corrections.js';
import { type Answer, insertAnswers } from '../store/answers.js';
import { insertEvaluationAnswers, insertEvaluationQuestions, insertEvaluationSummary } from '../store/evaluations.js';
import { questionKey, type QuestionPhase } from '../store/keys.js';
import { insertAlarm, insertMetrics, insertSummary } from '../store/metrics.js';
import { insertQuestions, insertUses, type NewQuestion } from '../store/questions.js';
import type { RowTarget } from '../store/record.js';

/** Call inside the transaction that also records the unit's cursor. */
export function writeUnitRows(target: RowTarget, unit: Unit): void {
  const { iteration, phase, step, rows, events } = unit;
  if (rows.questions) writeQuestions(target, unit, rows.questions);
  if (rows.uses) writeUses(target, unit, rows.uses);
  writeCorrections(target, unit);
  if (rows.metrics) insertMetrics(target.db, target.run, target.seq, { iteration, phase, step, values: rows.metrics });
  writeEvaluations(target, unit);
  for (const event of events) {
    if (event.type === 'alarm') insertAlarm(target.db, target.run, target.seq, event);
    if (event.type === 'iteration.finished') insertSummary(target.db, target.run, target.seq, event.summary);
  }
}

interface QuestionSpace {
  readonly iteration: number;
  readonly phase: QuestionPhase;
  readonly step: number;
}

function writeQuestions(target: RowTarget, unit: Unit, questions: readonly QuestionRecord[]): void {
  const phase: QuestionPhase = unit.phase === 'challenger' ? 'challenger' : 'curriculum';
  // A curriculum's items are numbered through all its chunks.
  const space = { iteration: unit.iteration, phase, step: phase === 'challenger' ? unit.step : 0 };
  insertQuestions(
    target.db,
    target.run,
    target.seq,
    questions.map((q) => newQuestion(q, space)),
  );
  const answers = questions.flatMap((q) => {
    const key = questionKey({ ...space, item: q.item });
    return q.answers.map((a): Answer => ({ ...a, key, iteration: unit.iteration, step: 0, extracted: a.answer }));
  });
  insertAnswers(target.db, target.run, target.seq, numbered(answers));
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
      heldOut: q.overlap,
      text: q.question,
      normalForm: q.normalForm,
      difficulty: q.difficulty,
      topic: q.topic,
      claimedAnswer: q.claimedAnswer,
      oracleAnswer: q.oracle,
      sameAs: q.sameAs === null ? null : questionKey({ ...space, item: q.sameAs }),
    },
    ...(q.pHat !== null && {
      votes: { votes: q.votes ?? 0, pHat: q.pHat, majority: q.majority },
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

function writeUses(target: RowTarget, { iteration, step }: Unit, uses: readonly UseRecord[]): void {
  const keyOf = (use: UseRecord): number => questionKey({ iteration, phase: 'curriculum', step: 0, item: use.item });
  insertUses(
    target.db,
    target.run,
    target.seq,
    [...new Set(uses.map(keyOf))].map((key) => ({ key, iteration, step })),
  );
  const answers = uses.flatMap((use) =>
    use.rollouts.map((r): Answer => ({ ...r, key: keyOf(use), iteration, step, extracted: r.answer })),
  );
  insertAnswers(target.db, target.run, target.seq, numbered(answers));
}

function writeCorrections({ db, run, seq }: RowTarget, { iteration, rows }: Unit): void {
  const corrections = (rows.corrections ?? []).map((c) => ({
    ...c,
    key: questionKey({ iteration, phase: 'curriculum', step: 0, item: c.item }),
    effect: c.newLabel === null ? ('removed' as const) : ('relabelled' as const),
  }));
  insertCorrections(db, run, seq, corrections);
  const rounds = (rows.correctionRounds ?? []).map((round) => ({ ...round, iteration }));
  insertCorrectionRounds(db, run, seq, rounds);
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

function writeEvaluations(target: RowTarget, { iteration, rows }: Unit): void {
  const answered = rows.evaluationAnswers ?? [];
  for (const benchmark of new Set(answered.map((a) => a.benchmark))) {
    const of = answered.filter((a) => a.benchmark === benchmark);
    insertEvaluationQuestions(target.db, target.run, target.seq, {
      benchmark,
      questions: of.map((a) => ({ item: a.index, text: a.question, truth: a.answer, difficulty: a.difficulty })),
    });
    insertEvaluationAnswers(target.db, target.run, target.seq, {
      iteration,
      benchmark,
      answers: of.flatMap((a) => [a.greedy, ...a.samples].map((g, sample) => ({ ...g, item: a.index, sample }))),
    });
  }
  for (const evaluation of rows.evaluations ?? []) {
    insertEvaluationSummary(target.db, target.run, target.seq, { iteration, evaluation });
  }
}
