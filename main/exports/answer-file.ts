/** Every answer of an evaluation as a line of JSON, the greedy one of a question first (sample 0). What reads it is answer-reader.ts. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GradedAnswer } from '../../preload/contract/answers.js';
import { LabError } from '../lib/errors.js';

interface AnsweredQuestion {
  readonly index: number;
  readonly question: string;
  readonly answer: string;
  readonly greedy: GradedAnswer;
  readonly samples: readonly GradedAnswer[];
}

/** A file that is there is never written over. */
export class AnswerFile {
  private readonly file: number;

  constructor(private readonly path: string) {
    try {
      this.file = openSync(path, 'wx');
    } catch (cause) {
      const code = String((cause as NodeJS.ErrnoException).code);
      const folder = code === 'ENOENT' ? `The folder ${dirname(path)} does not exist.` : null;
      const there = code === 'EEXIST' ? `${path} is there already.` : null;
      throw new LabError('usage', folder ?? there ?? `${path} cannot be written (${code}).`, {
        cause,
        remedy: folder ? 'Make it first, or name a file elsewhere.' : 'Name a new file in a folder you may write to.',
      });
    }
  }

  write(benchmark: string, rows: readonly AnsweredQuestion[]): void {
    for (const { index, question, answer: truth, greedy, samples } of rows) {
      const lines = [greedy, ...samples].map((given, sample) =>
        JSON.stringify({ benchmark, item: index, sample, question, truth, ...given }),
      );
      writeSync(this.file, `${lines.join('\n')}\n`);
    }
  }

  close(): void {
    closeSync(this.file);
  }

  /** Half a measurement would be taken for a whole one. */
  discard(): void {
    try {
      closeSync(this.file);
    } catch {
      // It was closed when the measurement was whole.
    }
    rmSync(this.path, { force: true });
  }
}
