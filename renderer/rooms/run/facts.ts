/** A line for each station of the loop: what it did last. Pure. */
import { shareOf, type RunView } from '../../../preload/contract/run-state.js';
import type { RunInfo } from '../../../preload/contract/runs.js';
import type { Series } from '../../../preload/contract/metrics.js';
import type { Station } from '../../charts/loop.js';
import { shortText } from '../../charts/numbers.js';
import { percent } from '../../format.js';

type Curve = Pick<Series, 'value'> | null | undefined;

export function stationFacts(
  { summaries }: Pick<RunInfo, 'summaries'>,
  view: Pick<RunView, 'funnels' | 'evaluations'> | null,
  rewards: { readonly challenger: Curve; readonly solver: Curve },
): Partial<Record<Station, string>> {
  const funnel = view?.funnels.at(-1)?.funnel ?? summaries.findLast((s) => s.funnel)?.funnel;
  const measured = summaries.findLast((s) => s.evaluation)?.evaluation;
  const reward = (curve: Curve): string | undefined => {
    const last = curve?.value.at(-1) ?? null;
    return last === null ? undefined : `reward ${shortText(last, 'number')}`;
  };
  const facts: Partial<Record<Station, string | null | undefined>> = {
    challenger: reward(rewards.challenger),
    curriculum: funnel && `${count(funnel.kept)} of ${count(funnel.generated)} kept`,
    solver: reward(rewards.solver),
    evaluation: measured && `${percent(shareOf(measured.greedy))} greedy`,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, text]) => typeof text === 'string'));
}

const count = (n: number): string => n.toLocaleString('en-US');
