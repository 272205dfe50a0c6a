/** Reads a tidied answer: what it is made of, part by part. Never computes. */
import { isWords, meaningOf } from '../words.js';
import { type Answer, NOTHING, REALS, type Relation } from './answer.js';
import { Unreadable } from './expression.js';
import { bracketOf, membershipOf, regionOf } from './read-brackets.js';
import { listOf } from './read-lists.js';
import { matrixOf } from './read-matrix.js';
import { specialOf } from './read-special.js';
import { labelled } from './phrases.js';
import { splitAt } from './split.js';
import { quantityOf, unitName } from './unit-text.js';

const MAX_DEPTH = 6;

const CHOICE = /^\(?([A-J])\)?(?:[.:)]|\)[.:])?$/;
/** Not `(B) and (C)`. */
const CHOICE_WITH_TEXT = /^(?:\(([A-J])\)|([A-J])[).:])\s+(?!(?:and|or|&)(?![a-z]))\S.*$/s;
const NAMED_CHOICE = /^(?:option|choice|answer)\s*:?\s*\(?([A-Ja-j])\)?[.:]?$/;
const RELATIONS = /\\(?:leq|geq|neq|le|ge)(?![a-zA-Z])|[=<>]/y;
const RELATION_OF: Readonly<Record<string, Relation>> = {
  ...{ '=': '=', '<': '<', '>': '>', '\\leq': '<=', '\\le': '<=', '\\geq': '>=', '\\ge': '>=', '\\neq': '!=' },
};

export function readAnswer(text: string, depth = 0): Answer {
  if (depth > MAX_DEPTH) throw new Unreadable('nested too deeply');
  const read = (part: string): Answer => readAnswer(part, depth + 1);
  const found =
    choiceOf(text, depth) ??
    (text.includes('\\begin') ? matrixOf(text) : null) ??
    specialOf(text) ??
    listOf(text, read) ??
    membershipOf(text, read) ??
    relationOf(text) ??
    regionOf(text, read) ??
    bracketOf(text, read);
  if (found) return found;
  if (/^[^\\]*\p{L}{2}/u.test(text) && isWords(text)) return asQuantity(text) ?? wordsAnswer(text);
  return asQuantity(text) ?? { kind: 'formula', latex: text, percent: false, unit: '' };
}

function wordsAnswer(text: string): Answer {
  const meaning = meaningOf(text);
  switch (meaning.says) {
    case 'number':
      return { kind: 'formula', latex: meaning.value, percent: false, unit: unitName(meaning.counts) };
    case 'nothing':
      return NOTHING;
    case 'reals':
      return REALS;
    case 'words':
    case 'date':
    case 'undefined':
      return { kind: 'words', words: meaning.words };
  }
}

function choiceOf(text: string, depth: number): Answer | null {
  if (depth > 1) return null;
  const letter = CHOICE.exec(text)?.[1] ?? NAMED_CHOICE.exec(text)?.[1];
  if (letter) return { kind: 'choice', letter: letter.toUpperCase() };
  const match = depth === 0 ? CHOICE_WITH_TEXT.exec(text) : null;
  return match ? { kind: 'choice', letter: (match[1] ?? match[2]) as string } : null;
}

function relationOf(text: string): Answer | null {
  const { parts, signs } = splitAt(text, RELATIONS);
  if (signs.length === 0) return null;
  if (parts.length > 5 || parts.includes('')) throw new Unreadable('a relation with a side missing');
  return { kind: 'relation', sides: parts, signs: signs.map((sign) => RELATION_OF[sign] as Relation) };
}

function asQuantity(text: string): Answer | null {
  const numbered = labelled(text);
  if (numbered) return { kind: 'formula', latex: numbered.value, percent: false, unit: `no. ${numbered.label}` };
  const { value, unit, percent } = quantityOf(text);
  if (value === text && unit === '' && !percent) return null;
  if (/\p{L}{3}/u.test(value.replace(/\\[a-zA-Z]+/g, ''))) return null;
  return { kind: 'formula', latex: value, percent, unit };
}
