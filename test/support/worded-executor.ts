/**
 * The scripted executor for domains in words: the Challenger writes a question about the topic it reads in its prompt, with
 * numbers that make questions differ, and the Solver errs more often the larger they are. Exact and fast, like scripted-executor.ts.
 */
import type { RandomStream } from '../../main/lib/random.js';
import { ScriptedExecutor, ScriptedPolicy } from './scripted-executor.js';

const SUBJECT = /about this topic: (.+)/;
const DEGREE = /of degree (\d+)/;

function chance(prompt: string, skill: number): number {
  return 1 / (1 + Math.exp(Number(DEGREE.exec(prompt)?.[1] ?? 0) / 4 - 2 - skill));
}

class FactChallenger extends ScriptedPolicy {
  protected write(prompt: string, stream: RandomStream): string {
    const topic = SUBJECT.exec(prompt)?.[1] ?? 'nothing';
    const question = `What is fact ${stream.int(50)} of degree ${stream.int(20)} about ${topic}?`;
    return stream.uniform() < 0.1 ? question : `<question>\n${question}\n</question>\n\n\\boxed{the fact}`;
  }
}

class FactSolver extends ScriptedPolicy {
  protected write(prompt: string, stream: RandomStream): string {
    const right = stream.uniform() < chance(prompt, this.skill);
    return `Let me think. \\boxed{${right ? (stream.int(2) === 0 ? 'The Fact.' : 'fact') : `guess ${stream.int(4)}`}}`;
  }
}

const WORDS = ['oxygen', 'nitrogen', 'helium', 'argon', 'neon', 'xenon'] as const;

class ChoiceChallenger extends ScriptedPolicy {
  protected write(_: string, stream: RandomStream): string {
    const letters = stream.uniform() < 0.1 ? 'ABC' : 'ABCD';
    const words = stream.shuffled(WORDS).slice(0, letters.length);
    const options = words.map((word, i) => `${letters.charAt(i)}) ${word}`).join('\n');
    const question = `Which gas of degree ${stream.int(20)} is number ${stream.int(50)}?\n\n${options}`;
    return `<question>\n${question}\n</question>\n\n\\boxed{${letters.charAt(stream.int(letters.length))}}`;
  }
}

/** Knows that the first gas of the alphabet is right, wherever it stands; else it says A, as models like to. */
class ChoiceSolver extends ScriptedPolicy {
  protected write(prompt: string, stream: RandomStream): string {
    const options = [...prompt.matchAll(/^([A-D])\) (.+)$/gm)].map(([, letter = '', word = '']) => ({ letter, word }));
    const best = options.toSorted((a, b) => (a.word < b.word ? -1 : 1))[0]?.letter ?? 'A';
    return `Let me think. \\boxed{${stream.uniform() < chance(prompt, this.skill) ? best : 'A'}}`;
  }
}

export const factExecutor = (): ScriptedExecutor => new ScriptedExecutor(new FactChallenger(0), new FactSolver(0));
export const choiceExecutor = (): ScriptedExecutor =>
  new ScriptedExecutor(new ChoiceChallenger(0), new ChoiceSolver(0));
