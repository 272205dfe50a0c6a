/** Graded pairs as text. */
import { GRADER_VERSION } from '../../grading/canonical.js';
import type { Graded } from '../../grading/grade.js';
import type { Verdict } from '../../grading/verdict.js';
import { cut } from '../../lib/text.js';
import { wilson } from '../../lib/statistics.js';
import { counted, estimate, grouped, printable } from './format.js';

const SHOWN = 40;
const shown = (answer: { readonly text: string } | null): string =>
  answer === null ? '(none)' : printable(cut(answer.text, SHOWN));

/** A line of the output: an object in JSON, or text. */
export function gradedText(line: number, graded: Graded, json: boolean): string {
  if (!json) return gradedLine(line, graded);
  const { verdict, reason } = graded;
  const [gold, pred] = [graded.gold?.text ?? null, graded.pred?.text ?? null];
  return JSON.stringify({ line, verdict, gold, pred, reason, grader: GRADER_VERSION });
}

function gradedLine(number: number, { verdict, gold, pred, reason }: Graded): string {
  const answers = `${shown(gold)} | ${shown(pred)}`;
  return `${String(number).padStart(4)}  ${verdict.padEnd(9)}  ${answers}${verdict === 'equal' ? '' : `  (${printable(reason)})`}`;
}

/** The share of equal ones is of those that were decided: what is undecided counts as neither. */
export function gradedSummary({ equal, different, undecided }: Readonly<Record<Verdict, number>>): string {
  const [all, decided] = [equal + different + undecided, equal + different];
  const counts = `${counted(all, 'pair')}: ${grouped(equal)} equal, ${grouped(different)} different, ${grouped(undecided)} undecided`;
  if (decided === 0) return counts;
  return `${counts}; of those decided ${estimate(wilson(equal, decided))} are equal (95 % interval)`;
}
