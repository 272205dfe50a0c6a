/** What a run has shown, one row an iteration: the table at its end, and in `rzero show`. Pure. */
import { BEFORE_SFT, type Evaluation, type IterationSummary } from '../../../preload/contract/events.js';
import { iterationName, NOT_ZERO_DATA } from '../../../preload/contract/run-state.js';
import { decimal, duration, estimate, NONE, percent } from './format.js';
import { table, type Column } from './text.js';

function row(summary: IterationSummary, sampled: boolean): string[] {
  const { iteration, evaluation, funnel, seconds } = summary;
  return [
    iterationName(iteration),
    estimate(evaluation?.greedy),
    ...(sampled ? [estimate(evaluation?.mean)] : []),
    estimate(funnel?.labelAccuracy),
    funnel && funnel.generated > 0 ? percent(funnel.kept / funnel.generated) : NONE,
    decimal(funnel?.meanDifficulty),
    duration(seconds),
  ];
}

/** "mean@8 +12.8 points, greedy +5.2 points": the last evaluated iteration against the base model, or that against what it was tuned from. */
function gain(summaries: readonly IterationSummary[]): string | null {
  const of = (wanted: number): Evaluation | null =>
    summaries.find(({ iteration }) => iteration === wanted)?.evaluation ?? null;
  const newest = summaries.findLast((s) => s.iteration > 0 && s.evaluation)?.evaluation;
  const [base, last] = newest ? [of(0), newest] : [of(BEFORE_SFT), of(0)];
  if (!base || !last) return null;
  const points = (to: number, from: number): string =>
    `${to >= from ? '+' : '−'}${(Math.abs(to - from) * 100).toFixed(1)} points`;
  const mean = base.mean && last.mean ? `mean@${last.k} ${points(last.mean.value, base.mean.value)}, ` : '';
  return `${mean}greedy ${points(last.greedy.value, base.greedy.value)} over ${newest ? 'the base model' : 'the model before fine-tuning'}`;
}

/** Held-out accuracy with 95 % intervals, pseudo-label accuracy, kept share, difficulty and time. */
export function finalTable(
  summaries: readonly IterationSummary[],
  { zeroData = true }: { readonly zeroData?: boolean | undefined } = {},
): string {
  if (summaries.length === 0) return 'No iteration is finished yet.';
  const measured = summaries.find((s) => s.evaluation)?.evaluation;
  const sampled = summaries.some((s) => s.evaluation?.mean);
  const columns: Column[] = [
    { title: 'iteration', align: 'right' },
    { title: 'greedy', align: 'right' },
    ...(sampled ? [{ title: `mean@${measured?.k ?? 'k'}`, align: 'right' as const }] : []),
    { title: 'labels right', align: 'right' },
    { title: 'kept', align: 'right' },
    { title: 'difficulty', align: 'right' },
    { title: 'time', align: 'right' },
  ];
  const head = measured ? [`Held out: ${measured.benchmark}, ${measured.greedy.n} questions, 95 % intervals`] : [];
  const tail = gain(summaries);
  return [
    ...head,
    ...table(
      columns,
      [...summaries].sort((a, b) => a.iteration - b.iteration).map((s) => row(s, sampled)),
    ),
    ...(tail ? [tail] : []),
    ...(zeroData ? [] : [`${NOT_ZERO_DATA}: reviews by people or data to learn from came in from outside`]),
  ].join('\n');
}
