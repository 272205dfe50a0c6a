/** The funnel of one curriculum as stages, each with what was lost before it and the questions behind. Pure. */
import type { IterationCurriculum } from '../../../preload/contract/curriculum.js';
import type { QuestionFilter } from '../../../preload/contract/questions.js';
import type { FunnelStage } from '../../charts/funnel.js';

const STAGES = [
  { key: 'generated', name: 'Generated' },
  { key: 'valid', name: 'Valid' },
  { key: 'distinct', name: 'Distinct' },
  { key: 'kept', name: 'Kept' },
  { key: 'used', name: 'Used' },
] as const;
type StageKey = (typeof STAGES)[number]['key'];

/** What is found before anybody votes. */
const UNVOTED: readonly string[] = [
  ...['exact duplicate', 'same normal form', 'cluster duplicate'],
  ...['held-out', 'held-out, near'],
];

/** The stage before which a question with this reason was lost. */
function stageOf({ stage, reason }: IterationCurriculum['reasons'][number]): StageKey {
  if (stage === 'invalid') return 'valid';
  return UNVOTED.includes(reason) ? 'distinct' : 'kept';
}

export function funnelStages({ funnel, reasons }: IterationCurriculum): FunnelStage[] {
  return STAGES.map(({ key, name }) => ({
    ...{ key, name, count: funnel[key].count },
    lost: reasons
      .filter((reason) => stageOf(reason) === key)
      .map(({ reason, count }) => ({ key: reason, name: reason, count })),
  }));
}

export function funnelFilter(
  { funnel, reasons }: IterationCurriculum,
  at: { readonly stage: string; readonly lost: string | null },
): QuestionFilter | null {
  const stage = STAGES.find(({ key }) => key === at.stage);
  if (!stage) return null;
  if (at.lost === null) return funnel[stage.key].filter;
  return reasons.find((one) => one.reason === at.lost && stageOf(one) === stage.key)?.filter ?? null;
}
