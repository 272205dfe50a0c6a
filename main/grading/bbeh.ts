/**
 * Right and wrong as BIG-Bench Extra Hard's authors define it (their evaluate.py, arXiv 2502.19187): texts are compared,
 * not values. A rule of its own, because it is no equality: `(a)` and `[(a)]` both equal `a` and not each other. Differs in one point:
 * a boxed answer is taken wherever it stands.
 */
import { lastBoxed } from './extract.js';

/** In this order: the last that occurs in what is left decides. */
const PREFIXES = ['The answer is:', 'The final answer is ', 'The final answer is: ', 'The answer is '];
const WRAPPERS = ['boxed{', 'text{', 'texttt{'];
/** What Python's float() takes as a number. */
const FLOAT = /^\s*[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?\s*$/i;
const INFINITE = /^\s*([+-]?)inf(?:inity)?\s*$/i;

/** The final answer as written; null where a text was cut off before it. An unmarked text is the answer itself. */
export function bbehAnswer(completion: string, finish: 'stop' | 'length'): string | null {
  const boxed = lastBoxed(completion)?.trim();
  if (boxed) return boxed;
  const marked = PREFIXES.some((prefix) => completion.includes(prefix));
  if (!marked && finish === 'length') return null;
  return afterPrefix(completion.trim()).split('\n')[0]?.trim() || null;
}

export function bbehRight(given: string, truth: string): boolean {
  return matches(formOfGiven(given), truth.trim().toLowerCase().replaceAll(', ', ','));
}

function afterPrefix(text: string): string {
  let answer = text;
  for (const prefix of PREFIXES) {
    if (answer.includes(prefix)) answer = (answer.split(prefix).at(-1) ?? '').trim();
  }
  return answer;
}

function formOfGiven(given: string): string {
  const answer = unwrapped(afterPrefix(given.trim()).replace(/\.$/, ''));
  const line = answer.toLowerCase().replaceAll(', ', ',').replaceAll('**', '').split('\n')[0] ?? '';
  return line.replace(/\.$/, '');
}

function unwrapped(answer: string): string {
  let text = answer.length > 1 && answer.startsWith('$') && answer.endsWith('$') ? answer.slice(1, -1) : answer;
  for (const wrapper of WRAPPERS) {
    if (text.includes(wrapper) && text.endsWith('}')) text = text.slice(0, -1).split(wrapper)[1] ?? '';
  }
  return text;
}

function inParentheses(text: string): boolean {
  return [...text].length === 3 && text.startsWith('(') && text.endsWith(')');
}

function matches(given: string, truth: string): boolean {
  if (given === truth) return true;
  if (inParentheses(given)) return given.slice(1, -1) === truth;
  if (inParentheses(truth)) return truth.slice(1, -1) === given;
  const [a, b] = [numberOf(given), numberOf(truth)];
  if (a !== null && a === b) return true;
  if (given.replaceAll("'", '') === truth.replaceAll("'", '')) return true;
  if (`[${truth}]` === given || `[${given}]` === truth) return true;
  return given.endsWith('?') && given.slice(0, -1) === truth;
}

function numberOf(text: string): number | null {
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const infinite = INFINITE.exec(text);
  if (infinite === null) return null;
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
