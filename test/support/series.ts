/** A recorded curve of a Solver's KL, as the lab answers for it: unit 10 begins the second iteration. */
import type { Series } from '../../preload/contract/metrics.js';

export function series(seqs: readonly number[], more: Partial<Series> = {}): Series {
  return {
    ...{ run: 'r', phase: 'solver', name: 'kl', total: seqs.length, thinned: false },
    seq: [...seqs],
    iteration: seqs.map((seq) => (seq < 10 ? 1 : 2)),
    step: seqs.map((seq) => seq % 10),
    globalStep: [...seqs],
    activeSeconds: seqs.map((seq) => seq * 2),
    time: seqs.map((seq) => seq * 1000),
    value: seqs.map((seq) => seq / 10),
    ...more,
  };
}
