/**
 * How a probability is shown: five steps of one hue that differ in lightness, so that eyes of every kind can tell them apart,
 * and a line under the two least probable, so that colour says nothing alone. Pure.
 */
export interface Step {
  readonly look: 'p0' | 'p1' | 'p2' | 'p3' | 'p4';
  readonly title: string;
  /** Probabilities from this one on. */
  readonly from: number;
}

export const STEPS: readonly Step[] = [
  { look: 'p0', title: '≥ 90 %', from: 0.9 },
  { look: 'p1', title: '50 – 90 %', from: 0.5 },
  { look: 'p2', title: '20 – 50 %', from: 0.2 },
  { look: 'p3', title: '5 – 20 %', from: 0.05 },
  { look: 'p4', title: '< 5 %', from: 0 },
];

export function lookOf(logprob: number): Step['look'] {
  const probability = Math.exp(logprob);
  return (STEPS.find(({ from }) => probability >= from) ?? { look: 'p4' as const }).look;
}

export function probabilityText(logprob: number): string {
  const percent = 100 * Math.exp(logprob);
  if (percent >= 99.95) return '> 99.9 %';
  if (percent >= 0.1) return `${percent.toFixed(1)} %`;
  return percent > 0 && percent >= 1e-6 ? `${percent.toExponential(1)} %` : '< 1e-6 %';
}

/** "−12.3": log-probabilities are natural. */
export function logText(logprob: number): string {
  return logprob.toFixed(logprob > -100 ? 2 : 0).replace('-', '−');
}

/** A token between quotation marks, with line ends and tabs spelt out. */
export function quoted(shown: string): string {
  return JSON.stringify(shown);
}
