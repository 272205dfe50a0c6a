/** Whether a model can read what it is asked: a tokenizer without some characters makes another question of it, or none. */
import type { MeasuredBenchmark } from '../../preload/contract/measured.js';
import type { Benchmark } from '../benchmarks/benchmark.js';
import type { SolverTask } from '../domains/domain.js';
import type { LanguageModel } from '../model/language-model.js';
import { CharacterCheck } from '../model/unknown-characters.js';
import { promptText } from './prompt-text.js';

/** Characters that are named; all are counted. */
const MOST = 50;

export function readabilityOf(
  { questions }: Pick<Benchmark, 'questions'>,
  task: Pick<SolverTask, 'solverPrompt'>,
  model: Pick<LanguageModel, 'tokenizer' | 'chatTemplate'>,
): Pick<MeasuredBenchmark, 'prompt' | 'unreadable'> {
  const check = new CharacterCheck(model.tokenizer);
  const characters = new Set<string>();
  let unreadable = 0;
  for (const { question } of questions) {
    const unknown = check.unknownIn(question);
    if (unknown.length > 0) unreadable++;
    for (const one of unknown) if (characters.size < MOST) characters.add(one);
  }
  const [first] = questions;
  const prompt = first ? promptText(model, task.solverPrompt(first.question)) : null;
  const around = first && prompt !== null ? check.unknownIn(prompt.split(first.question).join('')) : [];
  return {
    prompt,
    unreadable: {
      ...{ questions: unreadable, of: questions.length },
      ...{ characters: [...characters], around: around.slice(0, MOST) },
    },
  };
}
