/** An evaluation as text, by difficulty where the benchmark tells it. */
import {
  type AnswerCounts,
  type Asked,
  askedText,
  type MeasuredBenchmark,
} from '../../../preload/contract/measured.js';
import { NOT_ZERO_DATA } from '../../../preload/contract/run-state.js';
import { duration, estimate, percent, printable } from './format.js';
import { clip, table, type Column } from './text.js';

/** Of a prompt that is shown: enough to know it by. */
const PROMPT_WIDTH = 72;

export interface EvaluationOutput {
  readonly evaluations: readonly MeasuredBenchmark[];
  readonly asked: Asked;
  /** What was measured. */
  readonly model: string;
  readonly seconds: number;
  readonly backend: string;
  /** Of the run whose model it is, if it is one's. */
  readonly zeroData?: boolean | null;
}

export function evaluationText({ evaluations, asked, model, seconds, backend, zeroData }: EvaluationOutput): string[] {
  return [
    printable(model),
    printable(askedText(asked)),
    `${duration(seconds)} on ${printable(backend)}; 95 % intervals`,
    ...(zeroData === false ? [`${NOT_ZERO_DATA}: reviews by people or data to learn from came in from outside`] : []),
    ...evaluations.flatMap((evaluation) => ['', ...benchmarkText(evaluation)]),
  ];
}

function benchmarkText(measured: MeasuredBenchmark): string[] {
  const { benchmark, greedy, mean, k, undecided, prompt, answers, warnings, byDifficulty } = measured;
  const sampled = k > 0 ? [`mean@${k}`] : [];
  const columns = ['difficulty', 'n', 'greedy', ...sampled].map((title): Column => ({ title, align: 'right' }));
  const rows = byDifficulty.map((of) => [
    ...[String(of.difficulty), String(of.n), percent(of.greedy)],
    ...(k > 0 ? [percent(of.mean)] : []),
  ]);
  return [
    `${printable(benchmark)}, ${greedy.n + (undecided?.greedy ?? 0)} questions`,
    `greedy  ${estimate(greedy)}`,
    ...(mean ? [`mean@${k}  ${estimate(mean)}`] : []),
    ...(undecided ? [`undecided, in no share: ${undecided.greedy} greedy, ${undecided.sampled} sampled answers`] : []),
    ...answersText('greedy', answers.greedy),
    ...answersText('sampled', answers.sampled),
    ...(prompt === null ? [] : [`first prompt  ${clip(printable(prompt.replaceAll('\n', '⏎')), PROMPT_WIDTH)}`]),
    ...warnings.map(({ message, remedy }) => printable(`warning: ${message} ${remedy}`)),
    ...(rows.length > 0 ? ['', ...table(columns, rows)] : []),
  ];
}

function answersText(which: string, { asked, none, cutOff }: AnswerCounts): string[] {
  if (asked === 0) return [];
  return [`${which} answers: no answer in ${percent(none / asked)}, cut off ${percent(cutOff / asked)}`];
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
