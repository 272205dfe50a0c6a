/** Generation and training as questions, votes, length and the model grow. */
import type { Compute } from '../../../main/compute/compute.js';
import { RandomKey } from '../../../main/lib/random.js';
import type { ModelConfig } from '../../../main/model/config.js';
import { TextGenerator } from '../../../main/model/generate.js';
import type { Parameters } from '../../../main/model/parameters.js';
import { GrpoTrainer } from '../../../main/training/grpo.js';
import { grpoSchema, optimiserSchema } from '../../../preload/contract/recipe-parts.js';
import type { Cost, Work } from './cost.js';
import { randomParameters, shapedConfig, weightsOf } from './random-model.js';

const SMALL = { layers: 4, hiddenSize: 128, vocabSize: 1024 };
const PROMPT = 32;

interface Load {
  readonly questions: number;
  readonly votes: number;
  readonly length: number;
}

const LOAD: Load = { questions: 32, votes: 4, length: 64 };

export function generationCosts(compute: Compute): Cost[] {
  const generate = (load: Partial<Load>): Work => generation(compute, shapedConfig(SMALL), { ...LOAD, ...load });
  return [
    {
      part: 'generation',
      grows: 'questions N',
      sizes: [32, 64, 128, 256],
      prepare: (questions) => generate({ questions }),
    },
    { part: 'generation', grows: 'votes m', sizes: [2, 4, 8, 16], prepare: (votes) => generate({ votes }) },
    { part: 'generation', grows: 'new tokens', sizes: [64, 128, 256, 512], prepare: (length) => generate({ length }) },
  ];
}

export function trainingCosts(compute: Compute): Cost[] {
  const train = (load: Partial<Load>): Work => training(compute, shapedConfig(SMALL), { ...LOAD, ...load });
  return [
    { part: 'GRPO step', grows: 'questions', sizes: [16, 32, 64, 128], prepare: (questions) => train({ questions }) },
    {
      part: 'GRPO step',
      grows: 'tokens of an answer',
      sizes: [64, 128, 256, 512],
      prepare: (length) => train({ length, questions: 8 }),
    },
  ];
}

/** Weights double with layers, and grow fourfold with width. */
export function modelCosts(compute: Compute): Cost[] {
  const layered = (layers: number): ModelConfig => shapedConfig({ layers, hiddenSize: 256, vocabSize: 512 });
  const wide = (hiddenSize: number): ModelConfig => shapedConfig({ layers: 4, hiddenSize, vocabSize: 512 });
  const load = { ...LOAD, questions: 16 };
  return [
    {
      part: 'generation',
      grows: 'weights, by layers',
      sizes: [2, 4, 8, 16],
      prepare: (n: number) => generation(compute, layered(n), load),
    },
    {
      part: 'generation',
      grows: 'weights, by width',
      sizes: [192, 384, 768],
      prepare: (n: number) => generation(compute, wide(n), load),
    },
    {
      part: 'GRPO step',
      grows: 'weights, by layers',
      sizes: [2, 4, 8, 16],
      prepare: (n: number) => training(compute, layered(n), load),
    },
    {
      part: 'GRPO step',
      grows: 'weights, by width',
      sizes: [192, 384, 768],
      prepare: (n: number) => training(compute, wide(n), load),
    },
  ].map((cost) => ({
    ...cost,
    prepare: (size: number) => {
      const work = cost.prepare(size);
      return { ...work, size: work.weights };
    },
  }));
}

function generation(
  compute: Compute,
  config: ModelConfig,
  { questions, votes, length }: Load,
): Work & { weights: number } {
  const parameters = randomParameters(config);
  const generator = new TextGenerator(compute, config);
  const requests = promptsOf(config, questions).map((prompt, i) => ({
    prompt,
    samples: votes,
    key: RandomKey.of(1, 'sample', i),
  }));
  const sampling = { temperature: 1, topK: 0, topP: 1, maxNewTokens: length, stopTokens: [] };
  return {
    run: () => generator.generate(parameters, requests, sampling),
    close: () => release(compute, parameters),
    weights: weightsOf(parameters),
  };
}

function training(
  compute: Compute,
  config: ModelConfig,
  { questions, votes, length }: Load,
): Work & { weights: number } {
  const parameters = randomParameters(config);
  const random = RandomKey.of(1, 'answers').stream();
  const samples = promptsOf(config, questions).flatMap((prompt) =>
    Array.from({ length: votes }, (_, vote) => ({
      prompt,
      completion: Array.from({ length }, () => random.int(config.vocabSize)),
      advantage: vote % 2 === 0 ? 1 : -1,
    })),
  );
  const trainer = new GrpoTrainer({
    compute,
    config,
    parameters,
    reference: null,
    optimiser: optimiserSchema.parse({ learning_rate: 1e-6 }),
    grpo: grpoSchema.parse({ kl: 0, micro_batch_tokens: 4096 }),
    totalSteps: 1000,
  });
  return {
    run: () => trainer.step(samples),
    close: () => {
      trainer.dispose();
      release(compute, parameters);
    },
    weights: weightsOf(parameters),
  };
}

function release(compute: Compute, parameters: Parameters): void {
  parameters.dispose();
  compute.forget();
}

function promptsOf({ vocabSize }: ModelConfig, count: number): number[][] {
  const random = RandomKey.of(1, 'prompts').stream();
  return Array.from({ length: count }, () => Array.from({ length: PROMPT }, () => random.int(vocabSize)));
}
