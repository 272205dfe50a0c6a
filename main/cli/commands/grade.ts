/** `rzero grade FILE.jsonl`: says of each pair of answers whether they are the same. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AnswerKind } from '../../../preload/contract/answers.js';
import { ANSWER_MARKS, type AnswerMark } from '../../grading/final-answer.js';
import type { Graded } from '../../grading/grade.js';
import type { Verdict } from '../../grading/verdict.js';
import { LabError } from '../../lib/errors.js';
import { nearest } from '../../lib/text.js';
import { jsonOption } from '../options.js';

const REMEDY = 'Name a file of JSON Lines with "gold" and "pred", or - for standard input.';
/** Pairs that are read ahead of the one whose verdict is printed next. */
const AHEAD = 256;

interface Options {
  readonly json?: boolean;
  readonly kind: AnswerKind;
  readonly extract?: readonly AnswerMark[];
  readonly deadline: number;
}

export function registerGrade(program: Command): void {
  program
    .command('grade')
    .summary('whether answers are right')
    .description(
      'Grades pairs of answers: for each line a verdict (equal, different, undecided), then a summary. A line that is no pair is undecided and named.',
    )
    .argument(
      '<file>',
      'JSON Lines with "gold" and "pred", each an answer or a whole model output; - is standard input',
    )
    .addOption(
      new Option('--kind <kind>', 'what the answers are: formulas, letters A to J, or a few words')
        .choices(['math', 'choice', 'text'])
        .default('math'),
    )
    .addOption(
      new Option(
        '--extract <marks>',
        `what marks the final answer in "pred", with commas between: ${ANSWER_MARKS.join(', ')} (for math; default: all, in this order)`,
      ).argParser(marksIn),
    )
    .addOption(
      new Option('--deadline <ms>', 'how long algebra may take for one pair, in milliseconds')
        .argParser(millisecondsIn)
        .default(1000),
    )
    .addOption(jsonOption('print one JSON object per line, in order, with verdict, answers and reason'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero grade pairs.jsonl
  $ echo '{"gold": "1/2", "pred": "so it is \\\\boxed{0.5}"}' | rzero grade - --json
  $ rzero grade outputs.jsonl --extract box      only what stands in \\boxed{} counts
  $ rzero grade letters.jsonl --kind choice`,
    )
    .action(async (file: string, options: Options) => grade(file, options));
}

function marksIn(text: string): AnswerMark[] {
  return text.split(',').map((given) => {
    const mark = ANSWER_MARKS.find((known) => known === given.trim());
    if (mark) return mark;
    const near = nearest(given.trim(), ANSWER_MARKS);
    throw new InvalidArgumentError(
      `"${given.trim()}" is no mark of an answer${near === null ? '' : ` (did you mean ${near}?)`}. There are ${ANSWER_MARKS.join(', ')}.`,
    );
  });
}

function millisecondsIn(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 3_600_000) return value;
  throw new InvalidArgumentError('It takes whole milliseconds, from 1 to 3600000.');
}

async function grade(file: string, { json = false, kind, extract, deadline }: Options): Promise<void> {
  const { Judge } = await import('../../judging/judge.js');
  const { pairOf } = await import('../../grading/pair-line.js');
  const { gradedText, gradedSummary } = await import('../view/graded-text.js');
  const counts: Record<Verdict, number> = { equal: 0, different: 0, undecided: 0 };
  const judge = new Judge({ deadlineMs: deadline });
  const print = async (line: number, graded: Graded): Promise<void> => {
    counts[graded.verdict] += 1;
    const text = gradedText(line, graded, json);
    if (!process.stdout.write(`${text}\n`)) await new Promise((drained) => process.stdout.once('drain', drained));
  };
  const ahead: { readonly line: number; readonly graded: Graded | Promise<Graded> }[] = [];
  const printFirst = async (): Promise<void> => {
    const first = ahead.shift();
    if (first) await print(first.line, first.graded instanceof Promise ? await first.graded : first.graded);
  };
  try {
    let number = 0;
    for await (const line of linesOf(file)) {
      number += 1;
      if (line.trim() === '') continue;
      const pair = pairOf(line);
      const graded =
        'fault' in pair
          ? { verdict: 'undecided' as const, gold: null, pred: null, reason: pair.fault }
          : judge.grade(pair.gold, pair.pred, { kind, ...(extract && { marks: extract }) });
      // Awaited when its turn comes; a failure before that is no unhandled one.
      if (graded instanceof Promise) graded.catch(() => undefined);
      ahead.push({ line: number, graded });
      while (ahead.length > AHEAD || (ahead[0] && !(ahead[0].graded instanceof Promise))) await printFirst();
    }
    while (ahead.length > 0) await printFirst();
  } finally {
    await judge.close();
  }
  if (counts.equal + counts.different + counts.undecided === 0) {
    throw new LabError('usage', `${file === '-' ? 'Standard input' : file} holds no pairs.`, { remedy: REMEDY });
  }
  // Beside JSON Lines there is no room for another line on standard output.
  (json ? process.stderr : process.stdout).write(`${gradedSummary(counts)}\n`);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const { createReadStream } = await import('node:fs');
  const { createInterface } = await import('node:readline');
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    let first = true;
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield first ? line.replace(/^\uFEFF/, '') : line;
      first = false;
    }
  } catch (cause) {
    throw new LabError('usage', `${file} cannot be read.`, {
      cause,
      remedy: REMEDY,
    });
  }
}
