/**
 * Whether a server serves the weights it should: the log-probabilities it gives to texts of the run, against those of the
 * weights here and of weights that were served before. Pure.
 *
 * Weights of two neighbouring steps may differ by less than a server rounds. So the difference is looked at along the line
 * from the old values to the new: with v = new − old and s = served − old, t = s·v / v·v is 1 at the new weights and 0 at
 * the old, and what lies off that line is the server's rounding, σ. The server is stale where t < 1/2 and |v|(1 − t) is
 * more than 4 σ.
 */

/** Log-probabilities of all probes, one after the other. */
export type Print = readonly number[];

export interface NamedPrint {
  /** Of the weights. */
  readonly version: string;
  readonly values: Print;
}

export type Comparison =
  | {
      readonly kind: 'same';
      readonly largest: number;
      /** Whether the weights before these would have been told from them. */
      readonly told: boolean;
    }
  | { readonly kind: 'stale'; readonly largest: number; readonly version: string }
  | { readonly kind: 'other'; readonly largest: number; readonly mean: number };

/** Deviations of rounding by which old weights must be nearer. */
const SURE = 4;

export function compare(
  served: Print,
  { wanted, before, tolerance }: { wanted: Print; before: readonly NamedPrint[]; tolerance: number },
): Comparison {
  const largest = largestDifference(served, wanted);
  const stale = before.find(({ values }) => {
    if (values.length !== wanted.length || !(largestDifference(served, values) <= tolerance)) return false;
    const { along, length, rounding } = lineOf(served, values, wanted);
    return length > 0 && along < 0.5 && length * (1 - along) > SURE * rounding;
  });
  if (stale) return { kind: 'stale', largest, version: stale.version };
  // Written so that a NaN is no match.
  if (!(largest <= tolerance)) return { kind: 'other', largest, mean: meanDifference(served, wanted) };
  const told = before.every(({ values }) => {
    if (values.length !== wanted.length) return true;
    const { length, rounding } = lineOf(served, values, wanted);
    return length === 0 || length > 2 * SURE * rounding;
  });
  return { kind: 'same', largest, told };
}

interface Line {
  /** t */
  readonly along: number;
  /** |v| */
  readonly length: number;
  /** σ, of one value */
  readonly rounding: number;
}

function lineOf(served: Print, old: Print, wanted: Print): Line {
  let [vv, sv] = [0, 0];
  wanted.forEach((value, i) => {
    const v = value - (old[i] ?? 0);
    vv += v * v;
    sv += v * ((served[i] ?? 0) - (old[i] ?? 0));
  });
  const along = vv === 0 ? 1 : sv / vv;
  let off = 0;
  wanted.forEach((value, i) => {
    const rest = (served[i] ?? 0) - (old[i] ?? 0) - along * (value - (old[i] ?? 0));
    off += rest * rest;
  });
  return { along, length: Math.sqrt(vv), rounding: Math.sqrt(off / Math.max(1, wanted.length - 1)) };
}

function largestDifference(a: Print, b: Print): number {
  if (a.length !== b.length || a.length === 0) return Number.NaN;
  return a.reduce((most, value, i) => {
    const difference = Math.abs(value - (b[i] ?? Number.NaN));
    return Number.isNaN(difference) || difference > most ? difference : most;
  }, 0);
}

function meanDifference(a: Print, b: Print): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? Number.NaN)), 0) / Math.max(1, a.length);
}
