/**
 * Low-rank adapters (LoRA, arXiv 2106.09685): beside a frozen matrix W stands the product of two small ones, and the layer
 * computes x · W + (x · A) · B · alpha / r. A model with adapters is its base's config with `lora` set; its tensors are the
 * base's, then the adapter's. Leaves out adapters of embeddings, the head and biases, and DoRA.
 */
import { LORA_TARGETS } from '../../preload/contract/recipe-lora.js';
import { requireFittingAdapters, targetShape, type LoraTarget } from '../sizes/adapters.js';
import type { ModelConfig } from './config.js';
import type { ParameterSpec } from './parameters.js';

export { LORA_TARGETS };

export interface LoraShape {
  /** r, columns of every A and rows of every B. */
  readonly rank: number;
  /** The delta is multiplied by alpha / r. */
  readonly alpha: number;
  /** Share of an adapter's inputs that training sets to 0; nothing else does. */
  readonly dropout: number;
  /** In the order of LORA_TARGETS, none twice. */
  readonly targets: readonly LoraTarget[];
}

/** The adapter tensors of one block: `q_proj.loraA` (in, r), `q_proj.loraB` (r, out), and so on; none without adapters. */
export function layerAdapterSpecs(c: ModelConfig): ParameterSpec[] {
  const { lora } = c;
  if (lora === null) return [];
  return lora.targets.flatMap((target) => {
    const [inputs, outputs] = targetShape(c, target);
    return [
      { name: `${target}.loraA`, shape: [inputs, lora.rank] },
      { name: `${target}.loraB`, shape: [lora.rank, outputs] },
    ];
  });
}

/** All adapter tensors, layer by layer. */
export function adapterSpecs(c: ModelConfig): ParameterSpec[] {
  return Array.from({ length: c.layers }, (_, layer) =>
    layerAdapterSpecs(c).map(({ name, shape }) => ({ name: `layers.${layer}.${name}`, shape })),
  ).flat();
}

/** What a user may ask of adapters. */
export type LoraWish = Pick<LoraShape, 'rank' | 'alpha' | 'dropout' | 'targets'>;

/** The network that a model becomes with adapters. @throws LabError('usage') where they do not fit its matrices. */
export function withAdapters(c: ModelConfig, { rank, alpha, dropout, targets }: LoraWish): ModelConfig {
  requireFittingAdapters(c, { rank, targets });
  const ordered = LORA_TARGETS.filter((target) => targets.includes(target));
  return { ...c, lora: { rank, alpha, dropout, targets: ordered } };
}
