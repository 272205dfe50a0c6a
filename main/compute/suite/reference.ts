/**
 * Arrays in double precision, slow and plain: the independent truth that backends are held against. No tfjs here.
 */
export interface Reference {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

export const make = (shape: readonly number[], at: (index: number[]) => number): Reference => {
  const data: number[] = [];
  for (let flat = 0; flat < sizeOf(shape); flat++) data.push(at(indexOf(flat, shape)));
  return { shape, data };
};

export function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    index[axis] = flat % length;
    flat = Math.floor(flat / length);
  }
  return index;
}

/** The element at `index`; axes of length 1 repeat and missing leading axes are ignored, as in broadcasting. */
export function at(a: Reference, index: readonly number[]): number {
  const skip = index.length - a.shape.length;
  let flat = 0;
  for (let axis = 0; axis < a.shape.length; axis++) {
    const length = a.shape[axis] as number;
    flat = flat * length + (length === 1 ? 0 : (index[axis + skip] as number));
  }
  return a.data[flat] as number;
}

export const map = (a: Reference, f: (x: number) => number): Reference => ({ shape: a.shape, data: a.data.map(f) });

function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    return left === 1 ? right : left;
  });
}

export const zip = (a: Reference, b: Reference, f: (x: number, y: number) => number): Reference =>
  make(broadcastShape(a.shape, b.shape), (index) => f(at(a, index), at(b, index)));

/** `f` over the values along one axis (negative counts from the end). */
export function reduce(a: Reference, axis: number, f: (values: number[]) => number, keepDims = false): Reference {
  const along = axis < 0 ? axis + a.shape.length : axis;
  const kept = a.shape.map((length, i) => (i === along ? 1 : length));
  const full = make(kept, (index) =>
    f(Array.from({ length: a.shape[along] as number }, (_, i) => at(a, index.with(along, i)))),
  );
  return keepDims ? full : { shape: kept.filter((_, i) => i !== along), data: full.data };
}

/** Batched over the leading axes, which broadcast. */
export function matMul(a: Reference, b: Reference, transposeA = false, transposeB = false): Reference {
  const left = transposeA ? swapLast(a) : a;
  const right = transposeB ? swapLast(b) : b;
  const inner = left.shape.at(-1) as number;
  const batch = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  return make([...batch, left.shape.at(-2) as number, right.shape.at(-1) as number], (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    const head = index.slice(0, -2);
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += at(left, [...head, row, k]) * at(right, [...head, k, column]);
    return sum;
  });
}

const swapLast = (a: Reference): Reference => {
  const rank = a.shape.length;
  return transpose(a, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
};

export const transpose = (a: Reference, permutation: readonly number[]): Reference =>
  make(
    permutation.map((axis) => a.shape[axis] as number),
    (index) => {
      const source = new Array<number>(index.length);
      permutation.forEach((axis, i) => (source[axis] = index[i] as number));
      return at(a, source);
    },
  );

export const reshape = (a: Reference, shape: readonly number[]): Reference => ({ shape, data: a.data });

export const slice = (a: Reference, begin: readonly number[], size: readonly number[]): Reference =>
  make(size, (index) =>
    at(
      a,
      index.map((i, axis) => i + (begin[axis] as number)),
    ),
  );

export function concat(parts: readonly Reference[], axis: number): Reference {
  const along = axis < 0 ? axis + (parts[0] as Reference).shape.length : axis;
  const lengths = parts.map((part) => part.shape[along] as number);
  const shape = (parts[0] as Reference).shape.with(
    along,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  return make(shape, (index) => {
    let offset = index[along] as number;
    let part = 0;
    while (offset >= (lengths[part] as number)) offset -= lengths[part++] as number;
    return at(parts[part] as Reference, index.with(along, offset));
  });
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);

export function softmax(a: Reference): Reference {
  const top = reduce(a, -1, (values) => Math.max(...values), true);
  const exps = zip(a, top, (x, m) => Math.exp(x - m));
  return zip(exps, reduce(exps, -1, sumOf, true), (x, y) => x / y);
}

export const logSoftmax = (a: Reference): Reference => map(softmax(a), Math.log);
