/** An estimate of the most a run writes: checkpoints, and the record of its questions and answers. Pure. */
import type { Recipe } from '../../../preload/contract/recipe.js';
import type { Part } from './memory.js';

/** Of a checkpoint within a phase, besides the roles: the reference, two moments. */
const OF_A_PHASE = 3;
/** A row without its text, and how much of the allowed length an answer fills. */
const [ROW_BYTES, FILLED] = [150, 0.5];
/** A token of a tokenizer of characters, and of a usual one. */
const [LETTER, WORD_PIECE, FEW_TOKENS] = [1, 4, 1000];

export function diskParts(recipe: Recipe, model: { readonly weights: number; readonly vocabulary: number }): Part[] {
  const { checkpoint, iterations } = recipe;
  const roles = recipe.roles === 'one' ? 1 : 2;
  const copies = checkpoint.keep_last * (roles + OF_A_PHASE) + (iterations + 1) * roles;
  return [
    { what: `checkpoints: the last ${checkpoint.keep_last}, and one of each iteration`, bytes: copies * model.weights },
    { what: 'the record of questions and answers', bytes: recordBytes(recipe, model.vocabulary) },
  ];
}

function recordBytes(recipe: Recipe, vocabulary: number): number {
  const { challenger, curriculum, solver, iterations } = recipe;
  const perToken = vocabulary < FEW_TOKENS ? LETTER : WORD_PIECE;
  const texts = (count: number, tokens: number): number => count * (ROW_BYTES + FILLED * tokens * perToken);
  const trained = challenger.train
    ? challenger.steps * challenger.prompts_per_step * challenger.rollouts_per_prompt
    : 0;
  const learnt = solver.steps * solver.questions_per_step * solver.rollouts_per_question;
  const iteration =
    texts(trained, challenger.sampling.max_new_tokens) +
    texts(trained * challenger.votes, challenger.vote_sampling.max_new_tokens) +
    texts(curriculum.questions, curriculum.sampling.max_new_tokens) +
    texts(curriculum.questions * curriculum.votes, curriculum.vote_sampling.max_new_tokens) +
    texts(learnt, solver.sampling.max_new_tokens);
  return iterations * iteration;
}
