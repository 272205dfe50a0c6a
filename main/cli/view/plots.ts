/** Small plots out of characters: a sparkline in one row, a curve in braille dots (2 × 4 per character). Pure. */
const LEVELS = '▁▂▃▄▅▆▇█';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The span of the finite values; widened where all are equal, so that a flat curve lies in the middle. */
export function rangeOf(values: readonly number[]): Range | null {
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

const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** `height` rows of `width` braille characters; neighbouring values are joined. A short series is stretched over the width. */
export function brailleCurve(
  values: readonly number[],
  size: { readonly width: number; readonly height: number },
): string[] {
  const { width, height } = size;
  const cells = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const range = rangeOf(values);
  const points = resample(values, width * 2);
  const rows = height * 4;
  const rowOf = (value: number): number =>
    range ? rows - 1 - Math.round(((value - range.min) / (range.max - range.min)) * (rows - 1)) : 0;
  const set = (x: number, y: number): void => {
    const row = cells[y >> 2];
    if (row && x >> 1 < width) row[x >> 1] = (row[x >> 1] ?? 0) | (DOTS[x & 1]?.[y & 3] ?? 0);
  };
  const stretch = points.length > 1 ? (width * 2 - 1) / (points.length - 1) : 0;
  for (let i = 0; i < points.length; i++) {
    const [a, b] = [points[i] as number, points[Math.min(i + 1, points.length - 1)] as number];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    const [x0, x1] = [Math.round(i * stretch), Math.round(Math.min(i + 1, points.length - 1) * stretch)];
    const steps = Math.max(1, x1 - x0, Math.abs(rowOf(b) - rowOf(a)));
    for (let s = 0; s <= steps; s++) {
      set(Math.round(x0 + ((x1 - x0) * s) / steps), rowOf(a + ((b - a) * s) / steps));
    }
  }
  return cells.map((row) => String.fromCodePoint(...row.map((dots) => 0x2800 + dots)));
}

/** A bar of `width` cells; the last cell shows eighths. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width * 8);
  const full = Math.floor(eighths / 8);
  const rest = eighths % 8;
  const partial = rest === 0 ? '' : (' ▏▎▍▌▋▊▉'[rest] ?? '');
  return ('█'.repeat(full) + partial).padEnd(width, '░');
}
