/** Numbers as the page shows them. */
import type { Estimate } from '../preload/contract/events.js';

export const NONE = '–';

export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined ? NONE : `${(share * 100).toFixed(digits)} %`;
}

export function interval(estimate: Estimate | null | undefined): string {
  return estimate && estimate.n > 0 ? `${(estimate.low * 100).toFixed(1)} – ${(estimate.high * 100).toFixed(1)}` : '';
}

export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
