/** Numbers as people read them in a terminal. A value that is not there is an en dash, never an empty hole. */
import type { Estimate } from '../../../preload/contract/events.js';

export const NONE = '–';

export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NONE;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${String(whole % 60).padStart(2, '0')}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${String(minutes % 60).padStart(2, '0')}m`;
  return `${Math.floor(hours / 24)}d ${String(hours % 24).padStart(2, '0')}h`;
}

export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || !Number.isFinite(share) ? NONE : `${(share * 100).toFixed(digits)} %`;
}

/** "61.2 % [58.9, 63.4]": a share with its 95 % interval. */
export function estimate(value: Estimate | null | undefined): string {
  // Of nothing decided there is no share.
  if (!value || value.n === 0) return NONE;
  return `${percent(value.value)} [${(value.low * 100).toFixed(1)}, ${(value.high * 100).toFixed(1)}]`;
}

/** "+12.8 [10.1, 15.5]": a difference of shares in points, with its interval. */
export function points({ value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

/** "+12.8", in points; a minus sign as people write it. */
export function signed(share: number): string {
  const text = (Math.abs(share) * 100).toFixed(1);
  return `${share < 0 && Number(text) > 0 ? '−' : '+'}${text}`;
}

/** A p-value as papers write it: what is smaller than a ten-thousandth is only said to be. */
export function pValue(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`;
}

export function decimal(value: number | null | undefined, digits = 2): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : value.toFixed(digits);
}

/** Digits in groups of three, parted by thin spaces that every terminal shows: 12 345. */
export function grouped(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** "1 pair", "12 pairs" */
export function counted(value: number, word: string): string {
  return `${grouped(value)} ${word}${value === 1 ? '' : 's'}`;
}

export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A point in time in the reader's own zone: 2026-11-22 21:35. */
export function moment(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16).replace('T', ' ');
}

/** Text from a recipe, a model or a file name, made harmless for a terminal: no control or bidirectional characters. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
