/**
 * How a benchmark is put to a Solver: as the run's domain asks its own questions where the answers are of its kind, else with
 * a prompt that asks for the benchmark's kind of answer. Chat or plain text, and where instructions stand, is as in
 * the domain's prompts, so that what a model was given in training it is given here.
 */
import type { AnswerKind } from '../../preload/contract/answers.js';
import type { Prompt } from '../coevolution/executor.js';
import type { Domain, SolverTask } from '../domains/domain.js';
import { bbehAnswer, bbehRight } from '../grading/bbeh.js';
import { graderOf } from '../grading/grader.js';
import type { Benchmark } from './benchmark.js';

const INSTRUCTIONS: Readonly<Record<AnswerKind, string>> = {
  math: 'Reason step by step. End with the final answer in \\boxed{}.',
  choice: 'Reason step by step. End with the letter of the right option, and nothing else, in \\boxed{}.',
  text: 'Reason step by step. End with the final answer, as short as it can be written, in \\boxed{}.',
};

export function taskOf(
  { answers, rule }: Pick<Benchmark, 'answers' | 'rule'>,
  domain: SolverTask & Pick<Domain, 'answers'>,
): SolverTask {
  const solverPrompt = (question: string): Prompt => {
    const usual = domain.solverPrompt(question);
    return answers === null || answers === domain.answers ? usual : promptFor(answers, question, usual);
  };
  if (rule === 'bbeh') return { solverPrompt, ...BBEH };
  if (answers === null || answers === domain.answers) return domain;
  const { extract, canonical } = graderOf(answers);
  return { solverPrompt, extractAnswer: extract, canonicalAnswer: canonical, answers };
}

const BBEH: Omit<SolverTask, 'solverPrompt'> = {
  extractAnswer: bbehAnswer,
  canonicalAnswer: graderOf('text').canonical,
  isRight: bbehRight,
};

/** @param usual what the domain would have asked: its form is kept, its words are not */
function promptFor(kind: AnswerKind, question: string, usual: Prompt): Prompt {
  const instruction = INSTRUCTIONS[kind];
  // A text is continued, so it ends where the answer is to begin.
  if (usual.kind === 'text') return { kind: 'text', text: `${instruction}\n\nQuestion: ${question}\n\nAnswer:` };
  const hasSystem = usual.messages.some(({ role }) => role === 'system');
  return {
    kind: 'chat',
    messages: hasSystem
      ? [
          { role: 'system', content: instruction },
          { role: 'user', content: question },
        ]
      : [{ role: 'user', content: `${question}\n\n${instruction}` }],
  };
}
