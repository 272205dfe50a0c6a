/**
 * An estimate of the most memory a run's engine takes at once, from the model's shape, the recipe and what is free: the
 * arithmetic of `main/sizes`, by which the engine itself cuts its work, and what was measured besides. Narrow models (nano,
 * one iteration): 1.40 GB told, 1.44 GB taken. Wide ones: see docs/decisions/block-by-block.md.
 */
import type { DomainPrompts } from '../../../preload/contract/domain-file.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { readDomain } from '../../coevolution/domain-folder.js';
import { withPrompts } from '../../domains/prompts.js';
import { targetShape } from '../../sizes/adapters.js';
import { cacheBytes, rowsThatFit, type DecodingWork } from '../../sizes/decoding.js';
import { weightCopies } from '../../sizes/held.js';
import { isNarrow } from '../../sizes/network.js';
import { ALLOCATOR_SLACK, chosenSize, microBatchBytes, WIDENED_PIECE, type WorkSize } from '../../sizes/work-size.js';
import type { ModelShape } from './model-shape.js';

export interface Part {
  readonly what: string;
  readonly bytes: number;
}

/** Where a run would compute. */
export interface MemoryPlace {
  /** Free now; null: not known. */
  readonly available: number | null;
  readonly usesHostMemory: boolean;
}

const FLOAT = 4;
/** Node.js and the backend before a model is there. */
export const PROCESS_BYTES = 350e6;
/** What `auto` comes to where memory is no matter, for narrow models: main/sizes/work-size.ts goes further where it helps. */
const NARROW_TOKENS = 2048;
/** A narrow model's block of decoding holds its caches as they came in, as they go out, and while they are laid out anew. */
const NARROW_CACHE_COPIES = 4;
/** What TensorFlow's allocator keeps of a narrow model's step besides what the step needs. */
const NARROW_STEP_COPIES = 2;
/** Of a wide model's logits while tokens are drawn from them. */
const LOGITS_COPIES = 3;
/** Questions of a benchmark, about. */
const EVALUATED_TOGETHER = 256;
/** English has more characters a token; other languages and formulas have fewer. */
const CHARACTERS_PER_TOKEN = 3;
/** Of a template, and of a question that the Solver is asked. */
const ROOM_TOKENS = { chat: 256, text: 64 };

/** Of what a role has for itself: the whole model's, or an adapter's. */
export function roleBytes(shape: ModelShape, { lora }: Pick<Recipe, 'lora'>): number {
  return FLOAT * roleNumbers(shape, lora);
}

function roleNumbers(shape: ModelShape, lora: Recipe['lora']): number {
  return lora ? adapterNumbers(shape, lora) : shape.parameters;
}

/** Of all weights a run holds at once, moments and gradients among them. */
export function heldBytes(shape: ModelShape, recipe: Pick<Recipe, 'roles' | 'lora'>): number {
  return baseBytes(shape, recipe.lora) + copies(shape, recipe) * roleBytes(shape, recipe);
}

function copies(shape: ModelShape, { roles, lora }: Pick<Recipe, 'roles' | 'lora'>): number {
  return weightCopies(shape, { roles, adapters: lora !== null });
}

/** Of frozen weights. */
function baseBytes({ parameters }: ModelShape, lora: Recipe['lora']): number {
  if (!lora) return 0;
  return (lora.base_dtype === 'float32' ? FLOAT : FLOAT / 2) * parameters;
}

const keptNarrow = ({ lora }: Recipe): boolean => lora?.base_dtype === 'bfloat16';

function adapterNumbers(shape: ModelShape, { rank, targets }: NonNullable<Recipe['lora']>): number {
  const sides = targets.flatMap((target) => targetShape(shape, target));
  return shape.layers * rank * sides.reduce((sum, side) => sum + side, 0);
}

function weightsPart(shape: ModelShape, recipe: Recipe): Part {
  const many = `${copies(shape, recipe)} copies of the ${recipe.lora ? 'adapter' : 'weights'}`;
  const base = recipe.lora ? `the base in ${recipe.lora.base_dtype}, and ` : '';
  return { what: `${base}${many}: roles, reference, optimiser`, bytes: heldBytes(shape, recipe) };
}

/** Tokens of the longest prompt, about. */
function promptTokens({ chat, challenger, solver }: DomainPrompts): number {
  const longest = Math.max(...[challenger, solver].map(({ system, text }) => (system ?? '').length + text.length));
  return Math.ceil(longest / CHARACTERS_PER_TOKEN) + (chat ? ROOM_TOKENS.chat : ROOM_TOKENS.text);
}

export function totalBytes(parts: readonly Part[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function memoryParts(shape: ModelShape, recipe: Recipe, place: MemoryPlace): Part[] {
  const prompts = withPrompts(readDomain(recipe.domain).description.prompts, recipe.prompts);
  const tokens = promptTokens(prompts);
  const known = [{ what: 'the program and its backend', bytes: PROCESS_BYTES }, weightsPart(shape, recipe)];
  if (isNarrow(shape)) return [...known, ...narrowWork(shape, recipe, tokens)];
  const held = totalBytes(known);
  const sampling = samplingPart(shape, recipe, tokens);
  const training = trainingPart(shape, recipe, { prompt: tokens, held, place });
  // They follow one another, in memory that is used again.
  const work = training.bytes > sampling.bytes ? training : sampling;
  const gradients = recipe.lora ? 0 : roleBytes(shape, recipe);
  const slack = ALLOCATOR_SLACK * (work.bytes + gradients);
  return [...known, work, { what: 'what the allocator keeps of work that is done', bytes: slack }];
}

/** Every sampling of a recipe: how many sequences of how many prompts are asked for together. */
function samplings({
  challenger,
  curriculum,
  solver,
  evaluation,
}: Recipe): Omit<DecodingWork, 'promptTokens' | 'steps'>[] {
  const group = challenger.rollouts_per_prompt;
  const asked = challenger.prompts_per_step;
  return [
    { sequences: asked * group, prompts: asked, newTokens: challenger.sampling.max_new_tokens },
    {
      sequences: asked * group * challenger.votes,
      prompts: asked * group,
      newTokens: challenger.vote_sampling.max_new_tokens,
    },
    {
      sequences: curriculum.questions * curriculum.votes,
      prompts: curriculum.questions,
      newTokens: curriculum.vote_sampling.max_new_tokens,
    },
    {
      sequences: solver.questions_per_step * solver.rollouts_per_question,
      prompts: solver.questions_per_step,
      newTokens: solver.sampling.max_new_tokens,
    },
    { sequences: EVALUATED_TOGETHER, prompts: EVALUATED_TOGETHER, newTokens: evaluation.sampling.max_new_tokens },
  ];
}

/** The largest batch of a wide model that is sampled together. */
function samplingPart(shape: ModelShape, recipe: Recipe, prompt: number): Part {
  const bytes = samplings(recipe).map((sampling): number => {
    const work = { ...sampling, promptTokens: prompt, steps: 1 };
    const widened = keptNarrow(recipe) ? WIDENED_PIECE : 0;
    return cacheBytes(shape, work) + FLOAT * (LOGITS_COPIES * rowsThatFit(shape, work) * shape.vocabSize + widened);
  });
  return { what: 'keys and values while sampling', bytes: Math.max(...bytes) };
}

/** A training step of a wide model, of the size it would have here. */
function trainingPart(
  shape: ModelShape,
  recipe: Recipe,
  { prompt, held, place }: { readonly prompt: number; readonly held: number; readonly place: MemoryPlace },
): Part {
  const { challenger, solver, sft, lora } = recipe;
  const trained = roleNumbers(shape, lora);
  const available = place.available === null ? Infinity : Math.max(0, place.available - held + FLOAT * trained);
  const phases = [
    { wished: challenger.grpo.micro_batch_tokens, row: challenger.sampling.max_new_tokens },
    { wished: solver.grpo.micro_batch_tokens, row: solver.sampling.max_new_tokens },
    ...(sft ? [{ wished: sft.micro_batch_tokens, row: sft.max_length }] : []),
  ].map(({ wished, row }) => {
    const longest = Math.min(shape.positions, row + prompt);
    const narrowWeights = keptNarrow(recipe);
    const size = chosenSize(place, shape, { tokens: wished, trained, available, row: longest, narrowWeights });
    // A sample is never cut: what is longer than a micro-batch is one by itself.
    const whole: WorkSize = { ...size, tokens: Math.max(size.tokens, longest) };
    return { size: whole, bytes: microBatchBytes(shape, whole, { row: longest, narrowWeights }) };
  });
  const largest = phases.reduce((most, phase) => (phase.bytes > most.bytes ? phase : most));
  return { what: `a training step of ${largest.size.tokens} tokens`, bytes: largest.bytes };
}

/** Of a narrow model, whose allocator was measured to keep both. */
function narrowWork(shape: ModelShape, recipe: Recipe, prompt: number): Part[] {
  const { challenger, curriculum, solver, evaluation, sft } = recipe;
  const longest = Math.max(
    ...[challenger.sampling, challenger.vote_sampling, curriculum.sampling, curriculum.vote_sampling].map(
      (sampling) => sampling.max_new_tokens,
    ),
    ...[solver.sampling, evaluation.sampling].map((sampling) => sampling.max_new_tokens),
  );
  const tokens = Math.min(shape.positions, longest + prompt);
  const wished = [challenger.grpo.micro_batch_tokens, solver.grpo.micro_batch_tokens, sft?.micro_batch_tokens ?? 0];
  const micro = Math.max(...wished.map((bound) => (bound === 'auto' ? NARROW_TOKENS : bound)), tokens);
  const work = { sequences: Infinity, prompts: Infinity, promptTokens: 0, newTokens: tokens, steps: 0 };
  return [
    { what: 'keys and values while sampling', bytes: NARROW_CACHE_COPIES * cacheBytes(shape, work) },
    {
      what: `a training step of ${micro} tokens`,
      bytes: NARROW_STEP_COPIES * FLOAT * micro * narrowKeptPerToken(shape, tokens),
    },
  ];
}

/** Numbers a layer's backward pass needs of each token, the attention to `tokens` others among them, and the logits. */
function narrowKeptPerToken(shape: ModelShape, tokens: number): number {
  const { layers, hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize } = shape;
  const layer = 10 * hiddenSize + 4 * (heads + 2 * kvHeads) * headDim + 6 * intermediateSize + 3 * heads * tokens;
  return layers * layer + 4 * vocabSize;
}
