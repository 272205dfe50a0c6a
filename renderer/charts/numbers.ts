/** Numbers on axes, in readouts and tables: as many digits as are read, no more. Pure. */

export type Unit = 'number' | 'share' | 'count' | 'seconds' | 'time';

const NONE = '–';

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(Math.max(0, digits - 2)).replace('e+', 'e');
  return String(Number(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size)) || 1))));
}

export function spanText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 ? '−' : '';
  if (whole < 60) return `${sign}${Number(Math.abs(seconds).toPrecision(3))} s`;
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h === 0) return `${sign}${min}:${String(s).padStart(2, '0')} min`;
  return `${sign}${h}:${String(min).padStart(2, '0')} h`;
}

export function clockText(ms: number): string {
  const date = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function numberText(value: number | null | undefined, unit: Unit = 'number'): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  switch (unit) {
    case 'number':
      return significant(value, 4).replace(/^-/, '−');
    case 'share':
      return `${Number((value * 100).toFixed(2))} %`;
    case 'count':
      return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
    case 'seconds':
      return spanText(value);
    case 'time':
      return clockText(value);
  }
}

/** Three digits: what stands beside the name of a curve. */
export function shortText(value: number | null, unit: Unit): string {
  if (value === null || !Number.isFinite(value)) return numberText(value, unit);
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  return unit === 'number' ? significant(value, 3).replace(/^-/, '−') : numberText(value, unit);
}

/** Shorter still, for ticks. */
export function tickText(value: number, unit: Unit): string {
  if (unit === 'share') return `${Number((value * 100).toPrecision(6))} %`;
  if (unit !== 'number' && unit !== 'count') return numberText(value, unit);
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(4))} M`;
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(4))} k`;
  // Learning rates: 0.00034 does not fit beside an axis.
  if (value !== 0 && Math.abs(value) < 1e-3) return Number(value.toPrecision(3)).toExponential().replaceAll('-', '−');
  return significant(value, 4).replace(/^-/, '−');
}
