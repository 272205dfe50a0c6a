/**
 * An estimate of the most memory a run's engine takes at once, from the model's shape and the recipe. It counts what grows:
 * weights, the cache of generation, what a training step keeps for its backward pass. Its factors are measured on the nano
 * model and TensorFlow: 1.40 GB told, 1.44 GB taken (highest resident size of the engine, recipe nano, one iteration).
 */
import type { DomainPrompts } from '../../../preload/contract/domain-file.js';
import type { Recipe } from '../../../preload/contract/recipe.js';
import { readDomain } from '../../coevolution/domain-folder.js';
import { withPrompts } from '../../domains/prompts.js';
import type { ModelShape } from './model-shape.js';

export interface Part {
  readonly what: string;
  readonly bytes: number;
}

const FLOAT = 4;
/** Node.js and the backend before a model is there. */
const PROCESS_BYTES = 350e6;
/** The roles, the reference, two moments, gradients, and new weights and moments beside the old. */
const weightCopies = ({ roles }: Pick<Recipe, 'roles'>): number => (roles === 'one' ? 8 : 9);
/** What `auto` comes to where memory is no matter: main/training/work-size.ts. */
const AUTO_TOKENS = 2048;
/** As generation cuts its batches: main/model/generation-plan.ts. */
const CACHE_BYTES = 2 ** 30;
const LARGEST_BATCH = 1024;
/** A block of decoding holds its caches as they came in, as they go out, and while they are laid out anew. */
const CACHE_COPIES = 4;
/** What TensorFlow's allocator keeps of a step besides what the step needs. */
const TRAINING_COPIES = 2;
/** English has more characters a token; other languages and formulas have fewer. */
const CHARACTERS_PER_TOKEN = 3;
/** Of a template, and of a question that the Solver is asked. */
const ROOM_TOKENS = { chat: 256, text: 64 };

/** Of what a role has for itself: the whole model's, or an adapter's. */
export function roleBytes(shape: ModelShape, { lora }: Pick<Recipe, 'lora'>): number {
  return FLOAT * (lora ? adapterNumbers(shape, lora) : shape.parameters);
}

/** Of all weights a run holds at once, moments and gradients among them. */
export function heldBytes(shape: ModelShape, recipe: Pick<Recipe, 'roles' | 'lora'>): number {
  return baseBytes(shape, recipe.lora) + weightCopies(recipe) * roleBytes(shape, recipe);
}

/** Of frozen weights; those of bfloat16 are wide for a moment, the output matrix as the largest. */
function baseBytes({ parameters, vocabulary, hidden }: ModelShape, lora: Recipe['lora']): number {
  if (!lora) return 0;
  return lora.base_dtype === 'float32' ? FLOAT * parameters : (FLOAT / 2) * parameters + FLOAT * vocabulary * hidden;
}

function adapterNumbers(shape: ModelShape, { rank, targets }: NonNullable<Recipe['lora']>): number {
  const { layers, hidden, heads, kvHeads, headSize, intermediate } = shape;
  const sides: Record<(typeof targets)[number], number> = {
    q_proj: hidden + heads * headSize,
    k_proj: hidden + kvHeads * headSize,
    v_proj: hidden + kvHeads * headSize,
    o_proj: hidden + heads * headSize,
    gate_proj: hidden + intermediate,
    up_proj: hidden + intermediate,
    down_proj: hidden + intermediate,
  };
  return layers * rank * targets.reduce((sum, target) => sum + sides[target], 0);
}

function weightsPart(shape: ModelShape, recipe: Recipe): Part {
  const copies = `${weightCopies(recipe)} copies of the ${recipe.lora ? 'adapter' : 'weights'}`;
  const base = recipe.lora ? `the base in ${recipe.lora.base_dtype}, and ` : '';
  return { what: `${base}${copies}: roles, reference, optimiser`, bytes: heldBytes(shape, recipe) };
}

/** Tokens of the longest prompt, about. */
function promptTokens({ chat, challenger, solver }: DomainPrompts): number {
  const longest = Math.max(...[challenger, solver].map(({ system, text }) => (system ?? '').length + text.length));
  return Math.ceil(longest / CHARACTERS_PER_TOKEN) + (chat ? ROOM_TOKENS.chat : ROOM_TOKENS.text);
}

export function memoryParts(shape: ModelShape, recipe: Recipe): Part[] {
  const { challenger, curriculum, solver, evaluation, sft } = recipe;
  const samplings = [
    ...[challenger.sampling, challenger.vote_sampling, curriculum.sampling, curriculum.vote_sampling],
    ...[solver.sampling, evaluation.sampling],
  ];
  const prompts = withPrompts(readDomain(recipe.domain).description.prompts, recipe.prompts);
  const longest = Math.max(...samplings.map((sampling) => sampling.max_new_tokens));
  const tokens = Math.min(shape.positions, longest + promptTokens(prompts));
  const wished = [challenger.grpo.micro_batch_tokens, solver.grpo.micro_batch_tokens, sft?.micro_batch_tokens ?? 0];
  const micro = Math.max(...wished.map((bound) => (bound === 'auto' ? AUTO_TOKENS : bound)), tokens);
  return [
    { what: 'the program and its backend', bytes: PROCESS_BYTES },
    weightsPart(shape, recipe),
    { what: 'keys and values while sampling', bytes: CACHE_COPIES * cacheBytes(shape, tokens) },
    {
      what: `a training step of ${micro} tokens`,
      bytes: TRAINING_COPIES * FLOAT * micro * keptPerToken(shape, tokens),
    },
  ];
}

/** Of the largest batch that is sampled together. */
function cacheBytes({ layers, kvHeads, headSize }: ModelShape, tokens: number): number {
  const row = 2 * layers * kvHeads * headSize * tokens * FLOAT;
  const fitting = Math.max(1, Math.floor(CACHE_BYTES / row));
  return Math.min(LARGEST_BATCH, 2 ** Math.floor(Math.log2(fitting))) * row;
}

/** Numbers a layer's backward pass needs of each token, the attention to `tokens` others among them, and the logits. */
function keptPerToken(shape: ModelShape, tokens: number): number {
  const { layers, hidden, heads, kvHeads, headSize, intermediate, vocabulary } = shape;
  const layer = 10 * hidden + 4 * (heads + 2 * kvHeads) * headSize + 6 * intermediate + 3 * heads * tokens;
  return layers * layer + 4 * vocabulary;
}
