/** What is said of studies: how far they are, how long they take. Pure. */
import type { StudyArm, StudyColumn, StudyInfo } from '../../../preload/contract/studies.js';
import { duration, NONE } from '../../format.js';

export interface Progress {
  readonly finished: number;
  readonly failed: number;
  readonly total: number;
  /** Share of the work, arms under way counted in part. */
  readonly share: number;
  /** Seconds; null where that is not known. */
  readonly left: number | null;
}

export function progressOf({ arms }: Pick<StudyInfo, 'arms'>): Progress {
  const of = (state: StudyArm['state']): number => arms.filter((arm) => arm.state === state).length;
  const open = arms.filter(({ state }) => state !== 'finished' && state !== 'failed' && state !== 'blocked');
  const known = open.every(({ likely }) => likely !== null);
  return {
    finished: of('finished'),
    failed: of('failed') + of('blocked'),
    total: arms.length,
    share: arms.length === 0 ? 0 : arms.reduce((sum, { done }) => sum + done, 0) / arms.length,
    left: known ? open.reduce((sum, { likely }) => sum + (likely ?? 0), 0) : null,
  };
}

export function standing(study: StudyInfo): string {
  const { finished, failed, total, left } = progressOf(study);
  const parts = [
    `${finished} of ${total} arms finished`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(finished + failed < total ? [left === null ? 'time left not known yet' : `about ${duration(left)} left`] : []),
  ];
  return parts.join(', ');
}

/** What a study is doing, in a word. */
export function stateOf(study: StudyInfo): string {
  const { finished, failed, total } = progressOf(study);
  if (study.arms.some(({ state }) => state === 'running')) return 'running';
  if (study.going) return study.reason === null ? 'waiting' : 'held';
  if (finished === total) return 'finished';
  return finished + failed === total ? 'failed' : 'paused';
}

export function figure(value: number | null, unit: StudyColumn['unit']): string {
  if (value === null) return NONE;
  if (unit === 'share') return (100 * value).toFixed(1);
  if (unit === 'seconds') return duration(value);
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
}

const points = (share: number): string => (100 * share).toFixed(1).replace('-', '−');

export function range(low: number | null, high: number | null): string {
  return low === null || high === null ? '' : `[${points(low)}, ${points(high)}]`;
}

export const signed = (share: number): string => `${share > 0 ? '+' : ''}${points(share)}`;
