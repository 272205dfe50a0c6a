/** `rzero grade FILE.jsonl`: says of each pair of answers whether they are the same. */
import type { Command } from 'commander';
import type { Graded } from '../../grading/grade.js';
import type { Verdict } from '../../grading/verdict.js';
import { LabError } from '../../lib/errors.js';
import { jsonOption } from '../options.js';

const REMEDY = 'Name a file of JSON Lines with "gold" and "pred", or - for standard input.';

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
    .addOption(jsonOption('print one JSON object per line, in order, with verdict, answers and reason'))
    .addHelpText(
      'after',
      `
Examples:
  $ rzero grade pairs.jsonl
  $ echo '{"gold": "1/2", "pred": "so it is \\\\boxed{0.5}"}' | rzero grade - --json`,
    )
    .action(async (file: string, { json = false }: { readonly json?: boolean }) => {
      const { gradePair } = await import('../../grading/grade.js');
      const { GRADER_VERSION } = await import('../../grading/canonical.js');
      const { pairOf } = await import('../../grading/pair-line.js');
      const { gradedLine, gradedSummary } = await import('../view/graded-text.js');
      const counts: Record<Verdict, number> = { equal: 0, different: 0, undecided: 0 };
      let number = 0;
      for await (const line of linesOf(file)) {
        number += 1;
        if (line.trim() === '') continue;
        const pair = pairOf(line);
        const graded: Graded =
          'fault' in pair
            ? { verdict: 'undecided', gold: null, pred: null, reason: pair.fault }
            : gradePair(pair.gold, pair.pred);
        counts[graded.verdict] += 1;
        const { verdict, reason } = graded;
        const [gold, pred] = [graded.gold?.text ?? null, graded.pred?.text ?? null];
        const object = { line: number, verdict, gold, pred, reason, grader: GRADER_VERSION };
        const text = json ? JSON.stringify(object) : gradedLine(number, graded);
        if (!process.stdout.write(`${text}\n`)) await new Promise((drained) => process.stdout.once('drain', drained));
      }
      if (counts.equal + counts.different + counts.undecided === 0) {
        throw new LabError('usage', `${file === '-' ? 'Standard input' : file} holds no pairs.`, { remedy: REMEDY });
      }
      // Beside JSON Lines there is no room for another line on standard output.
      (json ? process.stderr : process.stdout).write(`${gradedSummary(counts)}\n`);
    });
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
