/** Small plots out of characters, each in one row. Pure. */
const LEVELS = '▁▂▃▄▅▆▇█';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The span of the finite values; widened where all are equal, so that a flat curve lies in the middle. */
function rangeOf(values: readonly number[]): Range | null {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return null;
  const min = finite.reduce((a, b) => Math.min(a, b));
  const max = finite.reduce((a, b) => Math.max(a, b));
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}

/** At most `width` values: each the mean of the values that share its place. */
export function resample(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, i) => {
    const from = Math.floor((i * values.length) / width);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / width));
    const part = values.slice(from, to);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
}

/** One row; a value that is not finite is a gap. */
export function sparkline(values: readonly number[], width: number, range: Range | null = rangeOf(values)): string {
  if (!range) return '';
  const top = LEVELS.length - 1;
  return resample(values, width)
    .map((value) => {
      if (!Number.isFinite(value)) return ' ';
      const level = Math.round(((value - range.min) / (range.max - range.min)) * top);
      return LEVELS[Math.min(top, Math.max(0, level))] ?? ' ';
    })
    .join('');
}

/** A bar of `width` cells; the last cell shows eighths. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width * 8);
  const full = Math.floor(eighths / 8);
  const rest = eighths % 8;
  const partial = rest === 0 ? '' : (' ▏▎▍▌▋▊▉'[rest] ?? '');
  return ('█'.repeat(full) + partial).padEnd(width, '░');
}
