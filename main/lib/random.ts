/**
 * Keyed randomness. A run never owns one long random stream: every consumer derives its own from
 * (seed, iteration, phase, item, …), so that neither order, nor batching, nor a pause changes what is drawn.
 *
 * A key is a 128-bit state, mixed with MurmurHash3's finaliser; a stream is sfc32 (PractRand-tested), 32 bits a draw.
 */
export type KeyPart = string | number;

function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  hash ^= Math.imul(k, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  return (Math.imul(hash, 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export class RandomKey {
  private constructor(
    private readonly a: number,
    private readonly b: number,
    private readonly c: number,
    private readonly d: number,
  ) {}

  /** The root key of a run. `seed` may be any finite number. */
  static of(seed: number, ...path: readonly KeyPart[]): RandomKey {
    return new RandomKey(0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef).child(seed, ...path);
  }

  /** The key of a part of the work; equal paths give equal keys. */
  child(...path: readonly KeyPart[]): RandomKey {
    let { a, b, c, d } = this;
    const take = (word: number): void => {
      a = mix(a, word);
      b = mix(b, word ^ 0x5bd1e995);
      c = mix(c, Math.imul(word, 0x2545f491) ^ a);
      d = mix(d, word ^ b);
    };
    for (const part of path) {
      if (typeof part === 'number') {
        take(1);
        take(part | 0);
        take(Math.trunc(part / 0x100000000) | 0);
        // A fractional seed is legal and must not collide with its integer part.
        if (!Number.isInteger(part)) take(Math.trunc((part % 1) * 0x7fffffff));
      } else {
        take(2);
        for (let i = 0; i < part.length; i++) take(part.charCodeAt(i));
        take(part.length);
      }
    }
    return new RandomKey(finish(a ^ d), finish(b ^ a), finish(c ^ b), finish(d ^ c));
  }

  stream(): RandomStream {
    return new RandomStream(this.a, this.b, this.c, this.d);
  }
}

export class RandomStream {
  constructor(
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {
    for (let i = 0; i < 12; i++) this.word();
  }

  private word(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), with 24 bits, so that the value is exact in float32 and never rounds up to 1. */
  uniform(): number {
    return (this.word() >>> 8) / 0x1000000;
  }

  /** Uniform integer in [0, n), without modulo bias. */
  int(n: number): number {
    const limit = Math.floor(0x100000000 / n) * n;
    let word = this.word();
    while (word >= limit) word = this.word();
    return word % n;
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }

  /** Index drawn with probability proportional to `weights` (all ≥ 0, sum > 0). */
  weighted(weights: readonly number[]): number {
    let left = this.uniform() * weights.reduce((sum, w) => sum + w, 0);
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i] as number;
      if (left < 0) return i;
    }
    return weights.length - 1;
  }
}
