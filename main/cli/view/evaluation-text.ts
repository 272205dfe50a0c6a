/** An evaluation as text, by difficulty where the benchmark tells it. */
import type { Evaluation } from '../../../preload/contract/events.js';
import { NOT_ZERO_DATA } from '../../../preload/contract/run-state.js';
import { duration, estimate, percent, printable } from './format.js';
import { table, type Column } from './text.js';

export interface EvaluationOutput {
  readonly evaluations: readonly Evaluation[];
  /** What was measured. */
  readonly model: string;
  readonly seconds: number;
  readonly backend: string;
  /** Of the run whose model it is, if it is one's. */
  readonly zeroData?: boolean | null;
}

export function evaluationText({ evaluations, model, seconds, backend, zeroData }: EvaluationOutput): string[] {
  return [
    printable(model),
    `${duration(seconds)} on ${printable(backend)}; 95 % intervals`,
    ...(zeroData === false ? [`${NOT_ZERO_DATA}: reviews by people or data to learn from came in from outside`] : []),
    ...evaluations.flatMap((evaluation) => ['', ...benchmarkText(evaluation)]),
  ];
}

function benchmarkText({ benchmark, greedy, mean, k, undecided, byDifficulty }: Evaluation): string[] {
  const columns: Column[] = ['difficulty', 'n', 'greedy', `mean@${k}`].map((title) => ({ title, align: 'right' }));
  const rows = byDifficulty.map((of) => [String(of.difficulty), String(of.n), percent(of.greedy), percent(of.mean)]);
  return [
    `${printable(benchmark)}, ${greedy.n + (undecided?.greedy ?? 0)} questions`,
    `greedy  ${estimate(greedy)}`,
    ...(mean ? [`mean@${k}  ${estimate(mean)}`] : []),
    ...(undecided ? [`undecided, in no share: ${undecided.greedy} greedy, ${undecided.sampled} sampled answers`] : []),
    ...(rows.length > 0 ? ['', ...table(columns, rows)] : []),
  ];
}

/** One line on a terminal that says how far the work is; nothing where there is no terminal. */
export function progressNote(stream: NodeJS.WriteStream): {
  show: (done: number, total: number) => void;
  clear: () => void;
} {
  let shown = false;
  return {
    show: (done, total) => {
      if (!stream.isTTY) return;
      shown = true;
      stream.write(`\r\u001b[K${done}/${total}`);
    },
    clear: () => {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
