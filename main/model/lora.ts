/**
 * Low-rank adapters (LoRA, arXiv 2106.09685): beside a frozen matrix W stands the product of two small ones, and the layer
 * computes x · W + (x · A) · B · alpha / r. A model with adapters is its base's config with `lora` set; its tensors are the
 * base's, then the adapter's. Leaves out adapters of embeddings, the head and biases, and DoRA.
 */
import { LORA_TARGETS } from '../../preload/contract/recipe-lora.js';
import { LabError } from '../lib/errors.js';
import type { ModelConfig } from './config.js';
import type { ParameterSpec } from './parameters.js';

export { LORA_TARGETS };
export type LoraTarget = (typeof LORA_TARGETS)[number];

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

/** Which columns of a fused matrix belong to which target. */
export interface FusedPart {
  readonly target: LoraTarget;
  readonly width: number;
}

/** The matrices of a block that adapters stand beside, as memory has them, each with its parts from left to right. */
export function fusedParts(c: ModelConfig): Readonly<Record<FusedMatrix, readonly FusedPart[]>> {
  const kv = c.kvHeads * c.headDim;
  return {
    qkv: [
      { target: 'q_proj', width: c.heads * c.headDim },
      { target: 'k_proj', width: kv },
      { target: 'v_proj', width: kv },
    ],
    o: [{ target: 'o_proj', width: c.hiddenSize }],
    gateUp: [
      { target: 'gate_proj', width: c.intermediateSize },
      { target: 'up_proj', width: c.intermediateSize },
    ],
    down: [{ target: 'down_proj', width: c.hiddenSize }],
  };
}

export const FUSED_MATRICES = ['qkv', 'o', 'gateUp', 'down'] as const;
export type FusedMatrix = (typeof FUSED_MATRICES)[number];

/** Rows of the matrix of a target. */
function inputWidth(c: ModelConfig, target: LoraTarget): number {
  if (target === 'o_proj') return c.heads * c.headDim;
  return target === 'down_proj' ? c.intermediateSize : c.hiddenSize;
}

/** (in, out) of the matrix that a target names. */
export function targetShape(c: ModelConfig, target: LoraTarget): [number, number] {
  const parts = Object.values(fusedParts(c)).flat();
  return [inputWidth(c, target), (parts.find((part) => part.target === target) as FusedPart).width];
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
  for (const target of targets) {
    const smaller = Math.min(...targetShape(c, target));
    if (rank <= smaller) continue;
    throw new LabError(
      'usage',
      `An adapter of rank ${rank} does not fit ${target}, whose smaller side is ${smaller}.`,
      {
        remedy: `Set lora.rank to ${smaller} or less: from there on it would hold more numbers than the matrix.`,
      },
    );
  }
  const ordered = LORA_TARGETS.filter((target) => targets.includes(target));
  return { ...c, lora: { rank, alpha, dropout, targets: ordered } };
}
