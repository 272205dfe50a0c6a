/**
 * Words and sentences of word problems, twice: what a model is fine-tuned on and what it is measured on share no name, no
 * thing, no place and no sentence. `{a}` is the one the story is about, `{b}` somebody else, `{t}` things, `{p}` a place,
 * `{n}` and `{k}` numbers.
 */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly things: readonly string[];
  readonly places: readonly string[];
  /** How a story begins: with so many things, or with `{k}` groups of `{n}`. */
  readonly starts: readonly string[];
  readonly groups: readonly string[];
  readonly gains: readonly string[];
  readonly losses: readonly string[];
  /** An equal split into `{k}` parts, and what is asked after it; without one, what is asked. */
  readonly shares: readonly (readonly [split: string, question: string])[];
  readonly questions: readonly string[];
}

export const TRAINING: Vocabulary = {
  names: ['Mia', 'Tom', 'Ana', 'Leo', 'Sara', 'Ben', 'Zoe', 'Max', 'Eva', 'Sam', 'Lily', 'Jack', 'Ella', 'Noah'],
  things: ['apples', 'pencils', 'books', 'coins', 'cards', 'shells', 'stickers', 'marbles', 'cookies', 'flowers'],
  places: [],
  starts: ['{a} has {n} {t}.'],
  groups: ['{a} has {k} boxes with {n} {t} in each box.', '{a} has {k} bags with {n} {t} in each bag.'],
  gains: ['{a} buys {n} more {t}.', '{a} finds {n} {t}.', '{b} gives {a} {n} {t}.'],
  losses: ['{a} gives {n} {t} to {b}.', '{a} loses {n} {t}.', '{a} sells {n} {t}.'],
  shares: [['{a} shares the {t} equally among {k} friends.', 'How many {t} does each friend get?']],
  questions: ['How many {t} does {a} have now?'],
};

export const HELD_OUT: Vocabulary = {
  names: ['Oliver', 'Hannah', 'Victor', 'Nadia', 'Peter', 'Ruth', 'Diego', 'Clara', 'Felix', 'Iris'],
  things: ['lemons', 'bottles', 'chairs', 'candles', 'bricks', 'tickets', 'plates', 'tomatoes', 'lamps', 'towels'],
  places: ['store', 'kitchen', 'garage', 'hall', 'warehouse', 'cellar'],
  starts: ['There are {n} {t} in the {p}.', 'The {p} starts with {n} {t}.'],
  groups: ['The {p} has {k} shelves, and each shelf holds {n} {t}.', 'In the {p} stand {k} rows of {n} {t}.'],
  gains: ['{a} brings in {n} {t}.', 'Then {n} {t} are added.', '{n} more {t} arrive.'],
  losses: ['{a} takes away {n} {t}.', 'Then {n} {t} are thrown out.', '{n} of the {t} break.'],
  shares: [['The {t} are packed equally into {k} crates.', 'How many {t} are in each crate?']],
  questions: ['How many {t} are in the {p} in the end?', 'How many {t} are left in the {p}?'],
};
