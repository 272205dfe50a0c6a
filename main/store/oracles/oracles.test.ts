import { describe, expect, it } from 'vitest';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import { oracleQueries, type JudgeVerdict } from '../../../preload/contract/oracles.js';
import { reviewQueries, type Verdict } from '../../../preload/contract/reviews.js';
import { databasePerTest } from '../../../test/support/database-per-test.js';
import { finishCurriculum, writeQuestions, type SmallQuestion } from '../../../test/support/question-fixtures.js';
import { testRecipe } from '../../../test/support/store-fixtures.js';
import { cohensKappa } from '../../lib/agreement.js';
import { wilson } from '../../lib/statistics.js';
import { copyRows } from '../copy-rows.js';
import type { Database } from '../database.js';
import { digestRun } from '../digest.js';
import { insertEvaluationAnswers, insertEvaluationQuestions } from '../evaluations.js';
import { countQuestions } from '../queries/questions-page.js';
import { removeRun } from '../remove-run.js';
import { createAudit } from '../review-audits.js';
import { actOnQuestion } from '../reviews.js';
import { rollbackTo } from '../rollback.js';
import { createRun, type RunRow } from '../runs.js';
import { answerItems, labelItems } from './judge-items.js';
import {
  enterJudge,
  recordAnswerVerdict,
  recordLabelVerdict,
  type JudgeIdentity,
  type VerdictRow,
} from './judge-rows.js';
import { oracleOverview, questionVerdicts } from './oracle-overview.js';

let db: Database;
let run: RunRow;
databasePerTest((opened) => {
  db = opened;
  run = createRun(db, { recipe: testRecipe() });
});

const JUDGE: JudgeIdentity = {
  ...{ subject: 'labels', host: 'host.test', model: 'small', promptVersion: 'label-1', promptHash: 'abc', prompt: '?' },
  sampling: { temperature: 0, maxTokens: 100, tokenField: 'max_tokens' },
};
const said = (verdict: JudgeVerdict, change: Partial<VerdictRow> = {}): VerdictRow => ({
  ...{ verdict, answered: true, reason: null, answer: null, reasoning: 'because', prompt: 'is it?', request: 'x' },
  ...{ cached: false, requests: 1, inputTokens: 10, outputTokens: 5 },
  ...change,
});
const DRAWING = { iteration: null, sample: null, seed: 0 };

/** Kept questions of an iteration, as unit `seq`. */
function kept(
  count: number,
  change: (item: number) => Partial<SmallQuestion>,
  { iteration = 1, seq = 1 } = {},
): number[] {
  const rows = Array.from({ length: count }, (_, item) => ({
    item,
    iteration,
    pHat: 0.5,
    kept: true,
    ...change(item),
  }));
  const keys = writeQuestions(db, run.number, seq, rows);
  finishCurriculum(db, run.number, seq, iteration);
  return keys;
}
/** The judge on all labels, in order. */
function judge(verdicts: readonly JudgeVerdict[], identity = JUDGE): number {
  const id = enterJudge(db, identity);
  const items = [...labelItems(db, run.number, DRAWING).items].sort((a, b) => a.question - b.question);
  verdicts.forEach((verdict, i) => {
    const item = items[i];
    if (item) recordLabelVerdict(db, { run: run.number, judge: id, seed: null }, { item, row: said(verdict) });
  });
  return id;
}
const person = (question: number, verdict: Verdict, audit: number | null = null): void =>
  void actOnQuestion(
    db,
    reviewQueries.act.input.parse({
      ...{ run: run.id, reviewer: 'ada', question, audit },
      actions: [{ kind: 'verdict', verdict }],
    }),
  );
const overview = (iteration: number | null = null) =>
  oracleQueries.overview.output.parse(oracleOverview(db, { run: run.id, iteration }));
const count = (filter: QuestionFilter): number => countQuestions(db, run.number, filter);

describe('label accuracy', () => {
  // Would catch: undecided ones counted as wrong, ambiguous ones as right, or the exact oracle's share for the judge's.
  it('is each oracle’s own share, per iteration, with what is undecided left out', () => {
    kept(8, (item) => ({ right: item < 6 }));
    kept(4, (item) => ({ right: item < 1 }), { iteration: 2, seq: 2 });
    const id = judge([
      ...(['correct', 'correct', 'correct', 'wrong', 'ambiguous', 'unsolvable', 'undecided'] as const),
    ]);
    const { accuracy, oracles } = overview();
    expect(oracles.map(({ key }) => key)).toEqual(['vote', 'exact', `judge-${id}`]);
    const of = (oracle: string, iteration: number) =>
      accuracy.find((a) => a.oracle === oracle && a.iteration === iteration);
    expect(of('exact', 1)).toMatchObject({ right: 6, wrong: 2, frame: 8, of: 'all', estimate: wilson(6, 8) });
    expect(of('exact', 2)).toMatchObject({ right: 1, wrong: 3, estimate: wilson(1, 4) });
    expect(of(`judge-${id}`, 1)).toMatchObject({
      ...{ right: 3, wrong: 1, ambiguous: 1, unsolvable: 1, undecided: 1, frame: 8, of: 'sample' },
      estimate: wilson(3, 6),
    });
    expect(of(`judge-${id}`, 2)).toBeUndefined();
    for (const { rightFilter, otherFilter, right, wrong, ambiguous, unsolvable } of accuracy) {
      expect(count(rightFilter)).toBe(right);
      expect(count(otherFilter)).toBe(wrong + ambiguous + unsolvable);
    }
  });

  // Would catch: reviews that somebody chose mixed into a share that claims to rest on a random draw, and an audit of all
  // iterations counted whole for each of them.
  it('by people rests on what an audit drew', () => {
    const first = kept(10, () => ({}));
    kept(10, () => ({}), { iteration: 2, seq: 2 });
    for (const question of first) person(question, 'wrong-label');
    expect(overview().accuracy.filter(({ oracle }) => oracle === 'human')).toEqual([]);
    const audit = createAudit(
      db,
      reviewQueries.createAudit.input.parse({ run: run.id, reviewer: 'ada', seed: 3, iteration: null, size: 20 }),
    );
    const drawn = db
      .all<{ question: number }>('SELECT question FROM review_audit_items WHERE audit = ? ORDER BY position', audit.id)
      .map(({ question }) => question);
    for (const question of drawn.slice(0, 12)) person(question, question < 2e13 ? 'correct' : 'ambiguous', audit.id);
    const inFirst = drawn.slice(0, 12).filter((question) => question < 2e13).length;
    const people = overview().accuracy.filter(({ oracle }) => oracle === 'human');
    expect(people).toMatchObject([
      { iteration: 1, right: inFirst, ambiguous: 0, estimate: wilson(inFirst, inFirst) },
      { iteration: 2, right: 0, ambiguous: 12 - inFirst },
    ]);
  });
});

describe('agreement', () => {
  const pair = (a: string, b: string) => overview().agreement.find((of) => of.a === a && of.b === b);

  // Would catch: a table turned round, pairs without a verdict of both, and filters that open other questions.
  it('compares two oracles where both have a verdict', () => {
    const keys = kept(12, (item) => ({ right: item % 2 === 0 }));
    const id = judge([
      ...(['correct', 'correct', 'correct', 'wrong', 'wrong', 'ambiguous', 'undecided', 'wrong'] as const),
    ]);
    const found = pair('exact', `judge-${id}`);
    expect(found).toMatchObject({
      ...{
        n: 7,
        table: [
          [2, 1],
          [1, 3],
        ],
        chosen: 0,
        note: 'few',
        observed: wilson(5, 7),
      },
      kappa: cohensKappa([
        [2, 1],
        [1, 3],
      ]).kappa,
    });
    expect(count(found?.aOnly ?? {})).toBe(1);
    expect(count(found?.bOnly ?? {})).toBe(1);
    person(keys[0] ?? 0, 'correct');
    person(keys[1] ?? 0, 'correct');
    person(keys[2] ?? 0, 'duplicate');
    expect(pair('exact', 'human')).toMatchObject({
      n: 2,
      chosen: 2,
      table: [
        [1, 0],
        [1, 0],
      ],
      note: 'constant',
    });
    expect(count(pair(`judge-${id}`, 'human')?.aOnly ?? {})).toBe(0);
  });

  // Would catch: κ = 1 from one question, or "perfect agreement" of two that call everything right.
  it('says where κ means little', () => {
    kept(30, (item) => ({ right: item < 20 }));
    const id = judge(Array.from({ length: 30 }, (_, i) => (i < 20 ? 'correct' : 'wrong')));
    expect(pair('exact', `judge-${id}`)).toMatchObject({ note: 'all-agree', kappa: { value: 1, low: 1, high: 1 } });
    expect(pair('vote', 'exact')).toMatchObject({ note: 'vote', kappa: { value: 0 }, observed: wilson(20, 30) });
    judge(Array.from({ length: 30 }, () => 'correct' as const));
    expect(pair('exact', `judge-${id}`)).toMatchObject({ note: 'constant', kappa: { value: 0 } });
    const other = judge(
      Array.from({ length: 30 }, () => 'correct' as const),
      { ...JUDGE, model: 'large' },
    );
    expect(pair(`judge-${id}`, `judge-${other}`)).toMatchObject({ note: 'one-category', kappa: null });
  });
});

describe('scores of answers', () => {
  function evaluate(): void {
    insertEvaluationQuestions(db, run.number, 1, {
      benchmark: 'b',
      questions: [0, 1, 2, 3].map((item) => ({ item, text: `q${item}`, truth: '1', difficulty: null })),
    });
    insertEvaluationAnswers(db, run.number, 1, {
      ...{ iteration: 1, benchmark: 'b' },
      answers: [0, 1, 2, 3].flatMap((item) =>
        [0, 1].map((sample) => ({
          ...{
            item,
            sample,
            text: `so #${item}`,
            extracted: null,
            verdict: item === 0 ? ('equal' as const) : item === 3 ? ('undecided' as const) : ('different' as const),
            reason: item === 3 ? 'took too long' : null,
            tokens: 1,
            finish: 'stop' as const,
          },
        })),
      ),
    });
  }

  // Would catch: an answer taken back by a later call of the same judge that got none, or none with a verdict.
  it('lose nothing to a call that was told less', () => {
    evaluate();
    const [question] = kept(1, () => ({ label: '1' }));
    const judgeId = enterJudge(db, JUDGE);
    const [label] = labelItems(db, run.number, DRAWING).items;
    const [answer] = answerItems(db, run.number, DRAWING).items;
    const of = { run: run.number, judge: judgeId, seed: null };
    const record = (row: VerdictRow): readonly (string | undefined)[] => {
      if (label) recordLabelVerdict(db, of, { item: label, row });
      if (answer) recordAnswerVerdict(db, of, { item: answer, row });
      return ['judge_verdicts', 'judge_answers'].map(
        (name) => db.get<{ verdict: string }>(`SELECT verdict FROM ${name} WHERE judge = ?`, judgeId)?.verdict,
      );
    };
    const silent = said('undecided', { answered: false, reason: 'a timeout' });
    expect(question).toBeDefined();
    expect(record(silent)).toEqual(['undecided', 'undecided']);
    expect(record(said('wrong'))).toEqual(['wrong', 'wrong']);
    expect(record(silent)).toEqual(['wrong', 'wrong']);
    expect(record(said('undecided'))).toEqual(['wrong', 'wrong']);
    expect(record(said('correct'))).toEqual(['correct', 'correct']);
  });

  // Would catch: a judge's word merged into the rules' score, a score of half of the misses, or sampled answers judged.
  it('stand beside each other, the second only when every miss has a verdict', () => {
    evaluate();
    const judgeId = enterJudge(db, { ...JUDGE, subject: 'answers' });
    const { items, frame } = answerItems(db, run.number, DRAWING);
    expect([items.length, frame]).toEqual([3, 3]);
    const record = (at: number, verdict: JudgeVerdict): void => {
      const item = items[at];
      if (item) recordAnswerVerdict(db, { run: run.number, judge: judgeId, seed: null }, { item, row: said(verdict) });
    };
    record(0, 'correct');
    record(1, 'wrong');
    record(2, 'undecided');
    expect(overview().answers).toMatchObject([
      {
        answers: 4,
        ruleRight: 1,
        ruleUndecided: 1,
        misses: 3,
        judged: 3,
        judgeRight: 1,
        undecided: 1,
        rule: wilson(1, 3),
        withJudge: null,
      },
    ]);
    record(2, 'wrong');
    expect(overview().answers).toMatchObject([{ rule: wilson(1, 3), withJudge: wilson(2, 4), undecided: 0 }]);
    // Would catch: answers of every iteration shown to somebody who asked about one.
    expect([1, 2].map((iteration) => overview(iteration).answers.length)).toEqual([1, 0]);
  });
});

describe('verdicts', () => {
  // Would catch: verdicts lost by a resume, or standing for a question that is another one now.
  it('outlive a rollback, and stand again when the same questions are made again', () => {
    const change = (item: number): Partial<SmallQuestion> => ({ right: item === 0 });
    const [question = 0] = kept(3, change, { seq: 5 });
    const id = judge(['correct', 'wrong', 'wrong']);
    const before = overview();
    const fingerprint = digestRun(db, run.number);
    rollbackTo(db, run.number, 4);
    expect(overview().judges).toEqual([]);
    kept(3, (item) => ({ ...change(item), text: `another ${item}` }), { seq: 5 });
    expect(questionVerdicts(db, { run: run.id, question })).toEqual([]);
    rollbackTo(db, run.number, 4);
    kept(3, change, { seq: 5 });
    expect(overview()).toEqual(before);
    expect(digestRun(db, run.number)).toEqual(fingerprint);
    expect(oracleQueries.verdicts.output.parse(questionVerdicts(db, { run: run.id, question }))).toMatchObject([
      { judge: { id, model: 'small', promptHash: 'abc' }, verdict: 'correct', reasoning: 'because', prompt: 'is it?' },
    ]);
  });

  // Would catch: a fork that has to pay for its verdicts again, or that takes those of questions it does not have.
  it('travel with a fork, as far as its questions go, and go with a run that is removed', async () => {
    kept(3, () => ({}), { seq: 5 });
    kept(3, () => ({}), { iteration: 2, seq: 9 });
    judge(Array.from({ length: 6 }, () => 'correct' as const));
    db.run('UPDATE runs SET seq = 9 WHERE number = ?', run.number);
    const fork = createRun(db, { recipe: testRecipe() });
    await copyRows(db, { from: run.number, to: fork.number, toId: fork.id, seq: 5 });
    const rowsOf = (of: RunRow): number =>
      Number(db.get<{ n: number }>('SELECT count(*) AS n FROM judge_verdicts_standing WHERE run = ?', of.number)?.n);
    expect([rowsOf(run), rowsOf(fork)]).toEqual([6, 3]);
    await removeRun(db, run);
    expect([rowsOf(run), rowsOf(fork)]).toEqual([0, 3]);
    db.check();
  });

  // Would catch: filters that find the verdicts of another judge, or nothing where nobody has judged.
  it('can be asked for in a list of questions', () => {
    kept(4, () => ({}));
    const id = judge(['correct', 'wrong', 'ambiguous']);
    judge(['wrong'], { ...JUDGE, model: 'large' });
    const judged = (as: NonNullable<QuestionFilter['judged']>['as'], by?: number): number =>
      count({ judged: { as, ...(by !== undefined && { by }) } });
    expect([judged('correct'), judged('wrong'), judged('not-correct'), judged('not-judged')]).toEqual([1, 2, 3, 1]);
    expect([judged('wrong', id), judged('not-correct', id), judged('not-judged', id)]).toEqual([1, 2, 1]);
  });
});
