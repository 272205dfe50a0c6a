/**
 * An executor without a neural network: the Challenger draws chains around a level, the Solver errs more on longer
 * ones, and updates move two numbers. Everything follows from the keys of the requests, as with a real model, so the
 * loop's own behaviour can be tested exactly and in milliseconds.
 */
import { readFile, writeFile } from 'node:fs/promises';
import type {
  Completion,
  Executor,
  Policy,
  SampleRequest,
  Snapshot,
  TrainingSample,
  UpdateMetrics,
} from '../../main/coevolution/executor.js';
import { plainText } from '../../main/domains/prompts.js';
import { formatSolution } from '../../main/domains/chains/question.js';
import type { RandomStream } from '../../main/lib/random.js';

const questionIn = /<question>(.*)<\/question>/;

export abstract class ScriptedPolicy implements Policy {
  skill: number;
  updates = 0;
  readonly batches: TrainingSample[][] = [];
  protected inPhase = false;

  constructor(skill: number) {
    this.skill = skill;
  }

  sample(requests: readonly SampleRequest[]): Promise<Completion[][]> {
    return Promise.resolve(
      requests.map(({ prompt, samples, key }) => {
        const text = plainText(prompt);
        return Array.from({ length: samples }, (_, j): Completion => {
          const written = this.write(text, key.child(j).stream());
          return { text: written, tokens: Array.from(written, (c) => c.charCodeAt(0)), finish: 'stop' };
        });
      }),
    );
  }

  protected abstract write(prompt: string, stream: RandomStream): string;

  beginPhase(): Promise<void> {
    this.inPhase = true;
    return Promise.resolve();
  }

  update(batch: readonly TrainingSample[]): Promise<UpdateMetrics> {
    if (!this.inPhase) throw new Error('update outside a phase');
    this.batches.push([...batch]);
    // Any dependence on the whole batch will do, as long as a different batch gives a different skill.
    const push = batch.reduce((sum, s, i) => sum + s.advantage * (1 + (s.completion.tokens.length % 7)) * (i + 1), 0);
    this.skill += Math.tanh(push / (1 + batch.length ** 2)) * 0.05 + 0.01;
    this.updates += 1;
    const metrics = { loss: 0, kl: 0.01, entropy: 1, clippedFraction: 0, gradientNorm: 1, learningRate: 1e-3 };
    return Promise.resolve({ ...metrics, tokens: batch.length, trainedSamples: batch.length });
  }

  endPhase(): void {
    this.inPhase = false;
  }
}

class ScriptedChallenger extends ScriptedPolicy {
  protected write(_: string, stream: RandomStream): string {
    if (stream.uniform() < 0.1) return '<question>3+</question>';
    const terms = 2 + Math.min(10, Math.floor(stream.uniform() * 4 + this.skill * 3));
    const digit = (): number => stream.int(10);
    let question = String(digit());
    for (let i = 1; i < terms; i++) question += (stream.uniform() < 0.5 ? '+' : '-') + String(digit());
    return `<question>${question}</question>`;
  }
}

class ScriptedSolver extends ScriptedPolicy {
  protected write(prompt: string, stream: RandomStream): string {
    const question = questionIn.exec(prompt)?.[1] ?? '0+0';
    const terms = question.split(/[+-]/).length;
    const right = stream.uniform() < 1 / (1 + Math.exp(terms - 6 - this.skill));
    const solution = formatSolution(question);
    return right ? solution : `${solution.slice(0, solution.lastIndexOf('#'))}#${stream.int(5)}`;
  }
}

export class ScriptedExecutor implements Executor {
  /** Without policies of one's own: chains. */
  constructor(
    readonly challenger: ScriptedPolicy = new ScriptedChallenger(0),
    readonly solver: ScriptedPolicy = new ScriptedSolver(0),
  ) {}

  snapshot(): Snapshot {
    const part = (name: string, policy: ScriptedPolicy) => ({
      name,
      version: `${name}-${policy.updates}`,
      write: async (path: string): Promise<number> => {
        const text = JSON.stringify({ skill: policy.skill, updates: policy.updates });
        await writeFile(path, text);
        return text.length;
      },
    });
    return { parts: [part('challenger', this.challenger), part('solver', this.solver)], state: null };
  }

  async restore(parts: ReadonlyMap<string, string>): Promise<void> {
    for (const [name, policy] of [
      ['challenger', this.challenger],
      ['solver', this.solver],
    ] as const) {
      const saved = JSON.parse(await readFile(parts.get(name) as string, 'utf8')) as { skill: number; updates: number };
      policy.skill = saved.skill;
      policy.updates = saved.updates;
    }
  }

  dispose(): void {
    // Nothing is held.
  }
}
