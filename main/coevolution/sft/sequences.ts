/**
 * From examples to what is learnt: without questions of a benchmark, as tokens within the limit, and parted by prompt into
 * those that are learnt and those that are held out. Everything that is left out is counted.
 */
import type { SftRecipe } from '../../../preload/contract/recipe-sft.js';
import { LabError } from '../../lib/errors.js';
import type { RandomKey } from '../../lib/random.js';
import type { Learner, LearnerSequence } from '../executor.js';
import type { Example } from './examples.js';
import { sha256 } from '../../lib/sha256.js';

export interface Sequences {
  readonly train: readonly LearnerSequence[];
  readonly heldOut: readonly LearnerSequence[];
  /** Examples the file has. */
  readonly examples: number;
  /** How many of them are not used, by reason. */
  readonly leftOut: { readonly benchmark: number; readonly tooLong: number };
  /** Cut off at the limit. */
  readonly truncated: number;
  /** SHA-256 of both parts: what the run learns from is this and nothing else. */
  readonly digest: string;
}

export interface SequencesOptions {
  readonly file: string;
  readonly recipe: Pick<SftRecipe, 'max_length' | 'too_long' | 'held_out'>;
  readonly learner: Pick<Learner, 'encode' | 'maxLength'>;
  readonly isHeldOut: (question: string) => boolean;
  readonly key: RandomKey;
}

interface Grouped extends LearnerSequence {
  readonly group: string;
}

export function sequencesOf(examples: readonly Example[], options: SequencesOptions): Sequences {
  const free = examples.filter(({ questions }) => !questions.some(options.isHeldOut));
  const limit = Math.min(options.recipe.max_length, options.learner.maxLength);
  const kept: Grouped[] = [];
  let [tooLong, truncated] = [0, 0];
  for (const example of free) {
    const { prompt, completion } = options.learner.encode(example);
    const room = limit - prompt.length;
    const fits = completion.length <= room;
    if (!fits && (options.recipe.too_long === 'leave_out' || room < 1)) {
      tooLong++;
      continue;
    }
    if (!fits) truncated++;
    kept.push({ prompt, completion: fits ? completion : completion.slice(0, room), group: example.group });
  }
  const leftOut = { benchmark: examples.length - free.length, tooLong };
  if (kept.length === 0) throw nothingLeft(options.file, examples.length, { ...leftOut, limit });
  const { train, heldOut } = split(kept, options);
  const digest = sha256(JSON.stringify([train, heldOut]));
  return { train, heldOut, examples: examples.length, leftOut, truncated, digest };
}

function nothingLeft(
  file: string,
  examples: number,
  { benchmark, tooLong, limit }: Sequences['leftOut'] & { readonly limit: number },
): LabError {
  return new LabError(
    'usage',
    `${file}: nothing is left of its ${examples} examples: ${benchmark} are questions of a benchmark, ${tooLong} are longer than ${limit} tokens.`,
    { remedy: 'Raise sft.max_length, set sft.too_long=truncate, or give other data.' },
  );
}

/** By prompt, drawn by the seed: one prompt never stands on both sides, wherever in the file it is repeated. */
function split(
  sequences: readonly Grouped[],
  { recipe, key, file }: SequencesOptions,
): { train: LearnerSequence[]; heldOut: LearnerSequence[] } {
  const groups = [...new Set(sequences.map(({ group }) => group))];
  const wanted = recipe.held_out === 0 ? 0 : Math.max(1, Math.round(recipe.held_out * groups.length));
  if (wanted > 0 && wanted >= groups.length) {
    throw new LabError(
      'usage',
      `${file}: its ${groups.length} ${groups.length === 1 ? 'prompt' : 'distinct prompts'} cannot be parted into ${recipe.held_out} held out and a rest to learn from.`,
      { remedy: 'Give more prompts, or turn holding out off: sft.held_out=0 and sft.weights=last.' },
    );
  }
  const drawn = new Map(groups.map((group) => [group, key.child(group).stream().uniform()]));
  const order = groups.sort((a, b) => (drawn.get(a) as number) - (drawn.get(b) as number) || (a < b ? -1 : 1));
  const held = new Set(order.slice(0, wanted));
  const side = (out: boolean): LearnerSequence[] =>
    sequences.flatMap(({ group, prompt, completion }) => (held.has(group) === out ? [{ prompt, completion }] : []));
  return { train: side(false), heldOut: side(true) };
}
