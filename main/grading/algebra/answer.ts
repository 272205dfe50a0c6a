/** What an answer is made of, before anything is computed. */

export type Relation = '=' | '<' | '>' | '<=' | '>=' | '!=';

export type Answer =
  | { readonly kind: 'formula'; readonly latex: string; readonly percent: boolean; readonly unit: string }
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'choice'; readonly letter: string }
  /** Round, square or mixed brackets with at least two parts: a point, a vector, an interval. */
  | { readonly kind: 'tuple'; readonly open: string; readonly close: string; readonly parts: readonly Answer[] }
  /** In any order, each once; none: the empty set. `braces`: written as a set, not as a list. */
  | {
      readonly kind: 'set';
      readonly parts: readonly Answer[];
      readonly braces: boolean;
      /** What it is, too, where several ± may be meant to change together. */
      readonly together?: readonly Answer[];
    }
  /** `a < x <= b`, `x = 3`: one more side than signs. */
  | { readonly kind: 'relation'; readonly sides: readonly string[]; readonly signs: readonly Relation[] }
  /** Sets of real numbers, joined by signs of \cup, \cap and \setminus. `name` where it was said which variable lies in it. */
  | {
      readonly kind: 'region';
      readonly parts: readonly Answer[];
      readonly signs: readonly string[];
      readonly name: string;
    }
  /** `factor` stands before it; `determinant` for bars instead of brackets. */
  | {
      readonly kind: 'matrix';
      readonly rows: readonly (readonly string[])[];
      readonly factor: string;
      readonly determinant: boolean;
    }
  | { readonly kind: 'based'; readonly digits: string; readonly base: number }
  | { readonly kind: 'residue'; readonly value: string; readonly modulus: string }
  | { readonly kind: 'clock'; readonly parts: readonly number[]; readonly half: string };

export type Of<K extends Answer['kind']> = Extract<Answer, { readonly kind: K }>;

export const REALS: Answer = { kind: 'region', parts: [], signs: [], name: '' };
export const NOTHING: Answer = { kind: 'set', parts: [], braces: true };

/** Of an answer, one beside another. */
export const MAX_PARTS = 60;

/** Reads a part of an answer. */
export type Read = (part: string) => Answer;
