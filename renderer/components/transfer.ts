/** Scores on a run's own benchmark and on others, iteration by iteration. Pure. */
import type { ComparedBenchmark } from '../../preload/contract/evaluations.js';
import type { Estimate, Evaluation, IterationSummary } from '../../preload/contract/events.js';
import { gainsSince } from '../../preload/contract/run-state.js';

export interface TransferRow {
  readonly benchmark: string;
  /** 'mean@8', or 'greedy' where nothing was sampled. */
  readonly measure: string;
  readonly questions: number;
  /** In the order of the measured iterations; null where this benchmark was not measured. */
  readonly scores: readonly ({ readonly estimate: Estimate; readonly undecided: number } | null)[];
  /** Newest against base, or against the model before fine-tuning where the run does nothing else. */
  readonly gain: { readonly value: number; readonly low: number | null; readonly high: number | null } | null;
}

const measuredBy = (evaluation: Evaluation): Estimate => evaluation.mean ?? evaluation.greedy;

/** The run's own benchmark first. Nothing before anything is measured. */
export function transferRows(
  summaries: readonly IterationSummary[],
  gains: readonly ComparedBenchmark[],
): TransferRow[] {
  const iterations = summaries.flatMap(({ iteration, evaluation }) => (evaluation ? [iteration] : []));
  const measured = summaries.flatMap(({ evaluation, others }) => (evaluation ? [[evaluation, ...(others ?? [])]] : []));
  const from = Math.max(0, iterations.indexOf(gainsSince(iterations)));
  const names = [...new Set(measured.flatMap((of) => of.map(({ benchmark }) => benchmark)))];
  return names.flatMap((name): TransferRow[] => {
    const found = measured.map((of) => of.find(({ benchmark }) => benchmark === name));
    const any = found.find((one) => one !== undefined);
    if (!any) return [];
    return [
      {
        benchmark: name,
        measure: any.mean ? `mean@${any.k}` : 'greedy',
        questions: any.greedy.n + (any.undecided?.greedy ?? 0),
        scores: found.map((one) => (one ? { estimate: measuredBy(one), undecided: undecidedOf(one) } : null)),
        gain: gainOf(
          found.slice(from),
          gains.find(({ benchmark }) => benchmark === name),
        ),
      },
    ];
  });
}

const undecidedOf = ({ mean, undecided }: Evaluation): number => (mean ? undecided?.sampled : undecided?.greedy) ?? 0;

function gainOf(found: readonly (Evaluation | undefined)[], gain: ComparedBenchmark | undefined): TransferRow['gain'] {
  const [base, last] = [found[0], found.length > 1 ? found.at(-1) : undefined];
  if (!base || !last) return null;
  const value = measuredBy(last).value - measuredBy(base).value;
  const exact = (last.mean ? gain?.mean : gain?.greedy)?.difference;
  return { value, low: exact?.low ?? null, high: exact?.high ?? null };
}

/** "+12.8"; a minus sign as people write it. */
export function signedPoints(share: number): string {
  const text = (Math.abs(share) * 100).toFixed(1);
  return `${share < 0 && Number(text) > 0 ? '−' : '+'}${text}`;
}
