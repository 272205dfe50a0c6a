/** A judge's work on a run, by subject: which items, which of them are decided already, what is asked, what is recorded. */
import type { JudgeRequest, JudgeSubject } from '../../preload/contract/oracles.js';
import type { Database } from '../store/database.js';
import {
  answerDecisions,
  answerItems,
  answerKey,
  labelDecisions,
  labelItems,
  type AnswerItem,
  type Decision,
  type Drawn,
  type LabelItem,
} from '../store/oracles/judge-items.js';
import {
  enterJudge,
  knownJudge,
  recordAnswerVerdict,
  recordLabelVerdict,
  type JudgeIdentity,
  type Recording,
} from '../store/oracles/judge-rows.js';
import { filled, type JudgePrompt } from './prompt.js';
import type { Outcome, Question } from './work.js';

type Use = <T>(work: (db: Database) => T) => T;

export interface TaskOf {
  readonly use: Use;
  /** Of the run. */
  readonly run: number;
  readonly request: JudgeRequest;
  readonly judge: JudgeIdentity;
  readonly prompt: JudgePrompt;
}

export interface JudgeTask {
  readonly items: number;
  readonly frame: number;
  readonly decided: number;
  /** What is left to ask; whatever is recorded of them is told. */
  readonly open: readonly { readonly prompt: string; question(told: (outcome: Outcome) => void): Question }[];
}

/** What a subject needs beyond what subjects share. */
interface Kind<T, K> {
  draw(db: Database, run: number, request: JudgeRequest): Drawn<T>;
  decisions(db: Database, run: number, judge: number): Map<K, Decision>;
  key(item: T): K;
  values(item: T): Readonly<Record<string, string>>;
  record(db: Database, recording: Recording, of: { item: T; row: Outcome }): void;
}

const LABELS: Kind<LabelItem, number> = {
  draw: labelItems,
  decisions: labelDecisions,
  key: ({ question }) => question,
  values: ({ text, label }) => ({ question: text, label }),
  record: recordLabelVerdict,
};
const ANSWERS: Kind<AnswerItem, string> = {
  draw: answerItems,
  decisions: answerDecisions,
  key: answerKey,
  values: ({ question, truth, text }) => ({ question, truth, answer: text }),
  record: recordAnswerVerdict,
};

export function judgeTask(of: TaskOf): JudgeTask {
  return BY_SUBJECT[of.request.subject](of);
}

const BY_SUBJECT: Readonly<Record<JudgeSubject, (of: TaskOf) => JudgeTask>> = {
  labels: (of) => taskOf(LABELS, of),
  answers: (of) => taskOf(ANSWERS, of),
};

function taskOf<T, K>(kind: Kind<T, K>, { use, run, request, judge, prompt }: TaskOf): JudgeTask {
  const { drawn, decisions } = use((db) =>
    db.snapshot(() => {
      const known = knownJudge(db, judge);
      return {
        drawn: kind.draw(db, run, request),
        decisions: known === null ? new Map<K, Decision>() : kind.decisions(db, run, known),
      };
    }),
  );
  const isOpen = (item: T): boolean => {
    const decision = decisions.get(kind.key(item));
    return !decision?.answered || (request.retryUndecided && decision.verdict === 'undecided');
  };
  const open = drawn.items.filter(isOpen).map((item) => {
    const text = filled(prompt, kind.values(item));
    const seed = request.sample === null ? null : request.seed;
    const question = (told: (outcome: Outcome) => void): Question => ({
      prompt: text,
      record: (outcome) => {
        use((db) => kind.record(db, { run, judge: enterJudge(db, judge), seed }, { item, row: outcome }));
        told(outcome);
      },
    });
    return { prompt: text, question };
  });
  return { items: drawn.items.length, frame: drawn.frame, decided: drawn.items.length - open.length, open };
}
