/** The matrices of a block that low-rank adapters stand beside, and which adapters fit them. Pure. */
import type { LORA_TARGETS } from '../../preload/contract/recipe-lora.js';
import { LabError } from '../lib/errors.js';
import type { NetworkSize } from './network.js';

export type LoraTarget = (typeof LORA_TARGETS)[number];

/** Which columns of a fused matrix belong to which target. */
export interface FusedPart {
  readonly target: LoraTarget;
  readonly width: number;
}

/** The matrices of a block that adapters stand beside, as memory has them, each with its parts from left to right. */
export function fusedParts(c: NetworkSize): Readonly<Record<FusedMatrix, readonly FusedPart[]>> {
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
function inputWidth(c: NetworkSize, target: LoraTarget): number {
  if (target === 'o_proj') return c.heads * c.headDim;
  return target === 'down_proj' ? c.intermediateSize : c.hiddenSize;
}

/** (in, out) of the matrix that a target names. */
export function targetShape(c: NetworkSize, target: LoraTarget): [number, number] {
  const parts = Object.values(fusedParts(c)).flat();
  return [inputWidth(c, target), (parts.find((part) => part.target === target) as FusedPart).width];
}

/** @throws LabError('usage') where adapters do not fit the network's matrices. */
export function requireFittingAdapters(
  c: NetworkSize,
  { rank, targets }: { readonly rank: number; readonly targets: readonly LoraTarget[] },
): void {
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
}
