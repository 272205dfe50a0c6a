/**
 * Where each tensor of a Hugging Face file stands in the memory layout of `parameters.ts`. A Linear of the file is
 * (out, in); in memory it is (in, out), and q, k, v stand side by side as [q | k | v], gate and up as [gate | up].
 */
import type { ModelConfig } from './config.js';
import { parameterSpecs, type ParameterSpec } from './parameters.js';

export interface FileTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** First column (of a matrix) or element (of a vector) of the parameter that it fills. */
  readonly offset: number;
}

export interface Placement {
  readonly spec: ParameterSpec;
  readonly parts: readonly FileTensor[];
  /** Whether the file holds the transpose. */
  readonly transposed: boolean;
}

export function placements(c: ModelConfig): Placement[] {
  return parameterSpecs(c).map((spec) => placementOf(c, spec));
}

function placementOf(c: ModelConfig, spec: ParameterSpec): Placement {
  const match = /^layers\.(\d+)\.(.+)$/.exec(spec.name);
  const name = match?.[2] ?? spec.name;
  const prefix = match ? `model.layers.${match[1]}.` : '';
  const widths = fusedWidths(c);
  const sources = SOURCES[name];
  if (sources === undefined) throw new Error(`Parameter ${spec.name} has no name in a Hugging Face file`);
  const transposed = sources.linear === true && spec.shape.length === 2;
  const inner = transposed ? spec.shape.slice(0, 1) : spec.shape.slice(1);
  let offset = 0;
  const parts = sources.names.map((source) => {
    const width = widths[name.replace('Bias', '')]?.[sources.names.indexOf(source)] ?? outerSize(spec, transposed);
    const part = { name: prefix + source, shape: [width, ...inner], offset };
    offset += width;
    return part;
  });
  return { spec, parts, transposed };
}

function outerSize(spec: ParameterSpec, transposed: boolean): number {
  return spec.shape[transposed ? 1 : 0] as number;
}

function fusedWidths(c: ModelConfig): Readonly<Record<string, readonly number[]>> {
  const kv = c.kvHeads * c.headDim;
  return { qkv: [c.heads * c.headDim, kv, kv], gateUp: [c.intermediateSize, c.intermediateSize] };
}

const SOURCES: Readonly<Record<string, { names: readonly string[]; linear?: boolean }>> = {
  embed: { names: ['model.embed_tokens.weight'] },
  finalNorm: { names: ['model.norm.weight'] },
  lmHead: { names: ['lm_head.weight'] },
  inputNorm: { names: ['input_layernorm.weight'] },
  postNorm: { names: ['post_attention_layernorm.weight'] },
  qNorm: { names: ['self_attn.q_norm.weight'] },
  kNorm: { names: ['self_attn.k_norm.weight'] },
  qkv: { names: ['self_attn.q_proj.weight', 'self_attn.k_proj.weight', 'self_attn.v_proj.weight'], linear: true },
  qkvBias: { names: ['self_attn.q_proj.bias', 'self_attn.k_proj.bias', 'self_attn.v_proj.bias'] },
  o: { names: ['self_attn.o_proj.weight'], linear: true },
  oBias: { names: ['self_attn.o_proj.bias'] },
  gateUp: { names: ['mlp.gate_proj.weight', 'mlp.up_proj.weight'], linear: true },
  gateUpBias: { names: ['mlp.gate_proj.bias', 'mlp.up_proj.bias'] },
  down: { names: ['mlp.down_proj.weight'], linear: true },
  downBias: { names: ['mlp.down_proj.bias'] },
};
