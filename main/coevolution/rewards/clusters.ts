/**
 * Groups of like questions in a batch: agglomerative clustering with average linkage (UPGMA), cut at a distance
 * (R-Zero, section on the repetition penalty: BLEU distance, tau = 0.5).
 *
 * The hierarchy is built by nearest-neighbour chains (Murtagh 1983) in O(n²) time and memory. Average linkage is
 * reducible: merging others never brings a cluster's nearest neighbour closer. So a cluster whose nearest neighbour lies
 * beyond the cut is final, and the part of the tree above the cut is never built.
 */
import { bleuDistances, type BleuSmoothing } from './bleu.js';

export interface Clustering {
  /** Cluster of each item; clusters are numbered in the order of their first items. */
  readonly clusterOf: readonly number[];
  /** Items in each cluster. */
  readonly sizes: readonly number[];
}

interface Nearest {
  readonly index: number;
  readonly distance: number;
}

/** State of one chain search over a symmetric (n, n) matrix, which it overwrites. */
class ChainSearch {
  /** Live clusters in ascending order; a cluster is named by its lowest item. */
  private readonly live: Int32Array;
  private liveCount: number;
  private readonly weights: Float64Array;
  readonly parent: Int32Array;

  constructor(
    private readonly distances: Float64Array,
    weights: readonly number[],
  ) {
    const n = weights.length;
    this.weights = Float64Array.from(weights);
    this.live = Int32Array.from({ length: n }, (_, i) => i);
    this.parent = Int32Array.from({ length: n }, (_, i) => i);
    this.liveCount = n;
  }

  get first(): number | undefined {
    return this.liveCount > 0 ? this.live[0] : undefined;
  }

  /** The live cluster nearest to `tip`. A tie goes to `previous`, which ends the chain, else to the lowest. */
  nearest(tip: number, previous: number | undefined): Nearest {
    const row = tip * this.weights.length;
    let index = previous ?? -1;
    let distance = previous === undefined ? Infinity : (this.distances[row + previous] as number);
    for (let k = 0; k < this.liveCount; k++) {
      const other = this.live[k] as number;
      const candidate = this.distances[row + other] as number;
      if (candidate < distance && other !== tip) {
        distance = candidate;
        index = other;
      }
    }
    return { index, distance };
  }

  merge(one: number, two: number): void {
    const [kept, gone] = one < two ? [one, two] : [two, one];
    const n = this.weights.length;
    const [w, v] = [this.weights[kept] as number, this.weights[gone] as number];
    this.retire(gone);
    for (let k = 0; k < this.liveCount; k++) {
      const other = this.live[k] as number;
      if (other === kept) continue;
      const mean =
        (w * (this.distances[kept * n + other] as number) + v * (this.distances[gone * n + other] as number)) / (w + v);
      this.distances[kept * n + other] = mean;
      this.distances[other * n + kept] = mean;
    }
    this.weights[kept] = w + v;
    this.parent[gone] = kept;
  }

  retire(cluster: number): void {
    const at = this.live.subarray(0, this.liveCount).indexOf(cluster);
    this.live.copyWithin(at, at + 1, this.liveCount);
    this.liveCount--;
  }
}

/**
 * Average linkage over a symmetric (n, n) distance matrix, joined while the linkage distance is ≤ `threshold`. Item i
 * counts as `weights[i]` items that coincide. The matrix is overwritten. Returns each item's cluster, named by its lowest item.
 */
export function averageLinkage(distances: Float64Array, weights: readonly number[], threshold: number): Int32Array {
  const search = new ChainSearch(distances, weights);
  const chain: number[] = [];
  for (;;) {
    if (chain.length === 0) {
      const first = search.first;
      if (first === undefined) break;
      chain.push(first);
    }
    const tip = chain[chain.length - 1] as number;
    const previous = chain[chain.length - 2];
    const { index, distance } = search.nearest(tip, previous);
    if (index < 0 || distance > threshold) {
      search.retire(tip);
      chain.pop();
    } else if (index === previous) {
      chain.length -= 2;
      search.merge(tip, previous);
    } else chain.push(index);
  }
  // A parent is always lower than its child, so one ascending pass resolves every chain of parents.
  const { parent } = search;
  for (let i = 0; i < parent.length; i++) parent[i] = parent[parent[i] as number] as number;
  return parent;
}

/**
 * Clusters texts given as tokens. Equal texts are one point from the start (their distance is 0 by definition), and
 * points are taken in the order of their text, so ties fall the same way in whatever order the items arrive.
 */
export function clusterByBleu(
  texts: readonly (readonly string[])[],
  options: { readonly threshold: number; readonly smoothing: BleuSmoothing },
): Clustering {
  const groups = new Map<string, number[]>();
  texts.forEach((tokens, i) => {
    const text = tokens.join('\u0000');
    const items = groups.get(text);
    if (items) items.push(i);
    else groups.set(text, [i]);
  });
  const points = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, items]) => items);
  const distances = bleuDistances(
    points.map((items) => texts[items[0] as number] as readonly string[]),
    options.smoothing,
  );
  const merged = averageLinkage(
    distances,
    points.map((items) => items.length),
    options.threshold,
  );
  const pointOf = new Int32Array(texts.length);
  points.forEach((items, point) => {
    for (const item of items) pointOf[item] = merged[point] as number;
  });
  return numberByFirst(pointOf);
}

function numberByFirst(names: Int32Array): Clustering {
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const clusterOf = Array.from(names, (name) => {
    const cluster = numbers.get(name) ?? numbers.size;
    numbers.set(name, cluster);
    sizes[cluster] = (sizes[cluster] ?? 0) + 1;
    return cluster;
  });
  return { clusterOf, sizes };
}
