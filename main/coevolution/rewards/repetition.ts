/**
 * The price of asking what the rest of the batch asks too: lambda · |C_k| / B for a question in cluster C_k (R-Zero, the
 * repetition penalty). B is the whole batch; malformed questions count in B but belong to no cluster.
 */
export function repetitionPenalty(weight: number, clusterSize: number, batchSize: number): number {
  return (weight * clusterSize) / batchSize;
}
