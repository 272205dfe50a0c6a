/** Matrices, vectors and determinants as LaTeX sets them. */
import type { Answer } from './answer.js';
import { ROW_END } from './tidy.js';

const ENVIRONMENT = /\\begin\{(p|b|v|V|B|small)?(?:matrix|array)\}/;

export function matrixOf(text: string): Answer | null {
  const begin = ENVIRONMENT.exec(text);
  const end = /\\end\{\w+\}/.exec(text);
  if (!begin || !end || text.indexOf('\\begin', begin.index + 1) >= 0) return null;
  const before = text
    .slice(0, begin.index)
    .replace(/[([|]\s*$/, (bar) => (bar.startsWith('|') ? '|' : ''))
    .trim();
  const behind = text
    .slice(end.index + end[0].length)
    .replace(/^\s*[)\]|]/, '')
    .trim();
  if (behind !== '') return null;
  const body = text.slice(begin.index + begin[0].length, end.index).replace(/^\s*\{[clr|\s]*\}/, '');
  const rows = body
    .replaceAll('\\cr', ROW_END)
    .split(ROW_END)
    .map((row) => row.replace(/^\s*\[[^\]]*\]|\\hline/g, '').trim());
  const cells = rows.filter((row) => row !== '').map((row) => row.split('&').map((cell) => cell.trim()));
  const determinant = begin[1] === 'v' || before.endsWith('|');
  const factor = before
    .replace(/\|$/, '')
    .replace(/^[A-Za-z](?:_\{?\w\}?|\^\{?[-\w]+\}?)*\s*=\s*/, '')
    .replace(/\\cdot\s*$/, '')
    .trim();
  return { kind: 'matrix', rows: cells, factor, determinant };
}
