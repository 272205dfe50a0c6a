/** The task that lets a model write: a text of anybody's, or a recipe's own prompt and what its domain makes of the result. */
import type { SamplingRecipe } from '../../preload/contract/recipe.js';
import type { Reading, TaskInput, TaskOutput, TaskPartial } from '../../preload/contract/tasks.js';
import { drawTopic } from '../coevolution/topics.js';
import { openCompute } from '../compute/open.js';
import type { Domain } from '../domains/domain.js';
import { LabError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import { TextGenerator, type GenerationSampling, type Unfinished } from '../model/generate.js';
import type { LanguageModel } from '../model/language-model.js';
import { piecesOf } from '../model/pieces.js';
import { CharacterCheck } from '../model/unknown-characters.js';
import { askedBy } from './asked-by.js';
import { type OpenedModel, openModel } from './open-model.js';
import { promptText } from './prompt-text.js';
import type { TaskHooks } from './serve.js';

const DEFAULT_NEW_TOKENS = 256;
/** Between two tellings of what is written so far. */
const PARTIAL_MS = 100;

type Input = TaskInput<'generate'>;
type Finish = 'stop' | 'length';

export async function generateTask(
  input: Input,
  { signal, onProgress, onPartial }: TaskHooks,
): Promise<TaskOutput<'generate'>> {
  const compute = await openCompute(input.backend);
  const opened = await openModel(input);
  const { model } = opened;
  const asked = questionOf(input, opened);
  const prompt = model.tokenizer.encode(asked.text);
  const start = performance.now();
  const [group = []] = await new TextGenerator(compute, model.config).generate(
    model.parameters,
    [{ prompt, samples: input.samples, key: RandomKey.of(input.seed, 'generate') }],
    samplingOf(input, model, asked.sampling),
    {
      signal,
      onProgress: ({ finished, total }) => onProgress(finished, total),
      onTokens: teller(model, onPartial),
    },
  );
  const seconds = (performance.now() - start) / 1000;
  const completions = group.map(({ tokens, logprobs, finish }) => {
    const text = textOf(model, tokens, finish);
    return {
      text,
      tokens: [...tokens],
      pieces: piecesOf({ decode: (ids) => model.tokenizer.decode(ids) }, tokens),
      logprobs: [...logprobs],
      finish,
      reading: asked.read(text, finish),
    };
  });
  const unknown = new CharacterCheck(model.tokenizer).unknownIn(asked.text);
  const backend = compute.description;
  return { completions, prompt: asked.text, promptTokens: prompt.length, unknown, seconds, backend };
}

interface Asked {
  readonly text: string;
  readonly sampling: SamplingRecipe | null;
  read(text: string, finish: Finish): Reading | null;
}

function questionOf({ ask, model: reference, seed }: Input, opened: OpenedModel): Asked {
  const { model } = opened;
  if (ask.kind === 'text') return { text: plainText(model, ask), sampling: null, read: () => null };
  const { recipe, domain } = askedBy(opened, ask.recipe, reference);
  if (ask.kind === 'challenger') {
    return {
      text: promptText(model, domain.challengerPrompt(drawTopic(domain, RandomKey.of(seed, 'topic')))),
      sampling: recipe.curriculum.sampling,
      read: (text, finish) => readQuestion(domain, text, finish),
    };
  }
  return {
    text: promptText(model, domain.solverPrompt(ask.question)),
    sampling: recipe.curriculum.vote_sampling,
    read: (text, finish) => readAnswer(domain, ask.question, { text, finish }),
  };
}

function readQuestion(domain: Domain, text: string, finish: Finish): Reading {
  const parsed = domain.parseQuestion(text, finish);
  return parsed.valid
    ? { value: parsed.question, problem: null, claimed: parsed.answer ?? null, correct: null }
    : { value: null, problem: parsed.reason, claimed: null, correct: null };
}

function readAnswer(domain: Domain, question: string, { text, finish }: { text: string; finish: Finish }): Reading {
  const value = domain.extractAnswer(text, finish);
  if (value === null) {
    return { value, problem: finish === 'length' ? 'cut off' : 'no final answer', claimed: null, correct: null };
  }
  // The oracle knows questions of its own form alone; what a person typed may be any text.
  const known = domain.oracle && domain.isQuestion(question) ? domain.oracle(question) : null;
  const truth = known === null ? null : domain.canonicalAnswer(known);
  return {
    value,
    problem: null,
    claimed: null,
    correct: truth === null ? null : domain.canonicalAnswer(value) === truth,
  };
}

function samplingOf(input: Input, { generation }: LanguageModel, recipe: SamplingRecipe | null): GenerationSampling {
  const advised = generation.sample ? (generation.temperature ?? 1) : 0;
  return {
    temperature: input.temperature ?? recipe?.temperature ?? advised,
    topP: input.topP ?? recipe?.top_p ?? generation.topP ?? 1,
    topK: input.topK ?? recipe?.top_k ?? generation.topK ?? 0,
    maxNewTokens: input.maxNewTokens ?? recipe?.max_new_tokens ?? generation.maxNewTokens ?? DEFAULT_NEW_TOKENS,
    stopTokens: generation.eosTokenIds,
  };
}

function plainText({ chatTemplate }: LanguageModel, { text, chat }: { text: string; chat: boolean }): string {
  if (!chat) return text;
  if (chatTemplate) return chatTemplate.render([{ role: 'user', content: text }], { addGenerationPrompt: true });
  throw new LabError('usage', 'This model has no chat template.', {
    remedy: 'Give the prompt as it is (on the command line: leave out --chat).',
  });
}

function textOf({ tokenizer }: LanguageModel, tokens: readonly number[], finish: Finish | null): string {
  return tokenizer.decode(finish === 'stop' ? tokens.slice(0, -1) : tokens);
}

/** Tells what is written so far, a few times a second. */
function teller(model: LanguageModel, tell: (partial: TaskPartial<'generate'>) => void) {
  let last = 0;
  return (completions: readonly Unfinished[]): void => {
    const now = performance.now();
    if (now - last < PARTIAL_MS) return;
    last = now;
    tell(
      completions.map(({ tokens, finish }) => ({ text: textOf(model, tokens, finish), tokens: tokens.length, finish })),
    );
  };
}
