/** What has several values: lists, ±. */
import { type Answer, MAX_PARTS, type Read } from './answer.js';
import { isWords } from '../words.js';
import { Unreadable } from './expression.js';
import { between, splitAt, splitAtCommas } from './split.js';

const OR = /\s+(?:or|and)\s+|,\s*(?:or|and)\s+|\\text\s*\{\s*(?:or|and)\s*\}/y;

export function listOf(text: string, read: Read): Answer | null {
  const either = splitAt(text, OR).parts;
  const around = either.length === 1 ? between(text) : null;
  if (around) return around.open === '(' && around.inside.includes(',') ? plusMinusOf(text, read) : null;
  const words = !/[=<>\\\d]/.test(text) && isWords(text);
  const parts = either.flatMap((part) => (between(part) ? [part] : splitAtCommas(part))).filter((part) => part !== '');
  if (parts.length > MAX_PARTS) throw new Unreadable('too many parts');
  if (parts.length < 2 || words) return plusMinusOf(text, read);
  const answers = parts.map(read);
  const regions = answers.filter((a) => a.kind === 'relation' && a.signs.some((sign) => sign !== '='));
  if (regions.length === answers.length && regions.length > 0) {
    const joint = /\s(?:and)\s|,/.test(text) && !/\sor\s/.test(text);
    return { kind: 'region', parts: answers, signs: answers.slice(1).map(() => (joint ? '\\cap' : '\\cup')), name: '' };
  }
  return { kind: 'set', parts: answers, braces: false };
}

const PM = /\\(?:pm|mp)(?![a-zA-Z])/g;

/** `3 \pm 2i` is two numbers; of two signs in one formula both change together. */
function plusMinusOf(text: string, read: Read): Answer | null {
  if (text.match(PM)?.length !== 1) return null;
  const around = between(text);
  if (around && !(around.open === '(' && around.inside.includes(','))) return null;
  const parts = ['+', '-'].map((sign) => text.replace(PM, sign).replace(/(^|[=(,{])\s*\+/, '$1'));
  return { kind: 'set', parts: parts.map(read), braces: false };
}
