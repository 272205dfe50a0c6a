/**
 * Weights between a Hugging Face safetensors file and the device: read piece by piece into the fused, transposed layout
 * of `parameters.ts`, and written back, bit for bit. Reading holds the weights and one tensor more.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { toBfloat16, widen } from '../compute/bfloat16.js';
import { onDevice, reusableArray } from '../compute/on-device.js';
import { LabError } from '../lib/errors.js';
import type { ModelConfig } from './config.js';
import { placements, type FileTensor, type Placement } from './hf-names.js';
import { Parameters } from './parameters.js';
import {
  closeAll,
  elementsOf,
  isReadable,
  openTensors,
  unreadable,
  writeTensors,
  type FileType,
  type TensorSource,
  type TensorToWrite,
} from './safetensors.js';

/** How weights are kept. In memory, of bfloat16 are the matrices; vectors are float32 as they come. */
export type WeightType = FileType;

/**
 * Reads a safetensors file, or the shards of a `.index.json`, as the weights of a model of this shape. Matrices become
 * bfloat16 one by one, where that is asked for.
 */
export async function readParameters(
  path: string,
  config: ModelConfig,
  type: WeightType = 'float32',
): Promise<Parameters> {
  const { tensors, files } = await openTensors(path);
  const made: tf.Tensor[] = [];
  try {
    const placed = placements(config);
    checkTensors(path, placed, { tensors, config });
    // One array serves all in turn: what memory holds is the weights and the largest tensor once more.
    const host = reusableArray(Math.max(...placed.map(({ spec }) => elementsOf(spec.shape))));
    for (const placement of placed) {
      const values = host.subarray(0, elementsOf(placement.spec.shape));
      await readPlacement(placement, tensors, values);
      const tensor = onDevice(values, placement.spec.shape);
      made.push(type === 'bfloat16' && tensor.rank > 1 ? replacedBy(tensor, toBfloat16) : tensor);
    }
    return new Parameters(
      placed.map((placement) => placement.spec),
      made,
    );
  } catch (error) {
    for (const tensor of made) tensor.dispose();
    throw error;
  } finally {
    await closeAll(files);
  }
}

/** Writes the weights under Hugging Face's names and shapes; returns the file's bytes. */
export async function writeParameters(
  path: string,
  config: ModelConfig,
  { parameters, type = 'float32' }: { readonly parameters: Parameters; readonly type?: WeightType },
): Promise<number> {
  const tensors: TensorToWrite[] = placements(config).flatMap((placement, index) => {
    // One read-back serves the parts of a fused matrix, which are written one after another.
    let host: Promise<Float32Array> | null = null;
    return placement.parts.map((part, k) => ({
      name: part.name,
      shape: part.shape,
      values: async () => {
        host ??= hostValues(parameters.tensors[index] as tf.Tensor);
        const values = extract(placement, part, await host);
        if (k === placement.parts.length - 1) host = null;
        return values;
      },
    }));
  });
  return writeTensors(path, tensors, type);
}

function replacedBy(tensor: tf.Tensor, make: (tensor: tf.Tensor) => tf.Tensor): tf.Tensor {
  try {
    return make(tensor);
  } finally {
    tensor.dispose();
  }
}

async function hostValues(tensor: tf.Tensor): Promise<Float32Array> {
  const wide = widen(tensor);
  const values = await wide.data<'float32'>();
  if (wide !== tensor) wide.dispose();
  return values;
}

async function readPlacement(
  { spec, parts, transposed }: Placement,
  tensors: ReadonlyMap<string, TensorSource>,
  values: Float32Array,
): Promise<void> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (const part of parts) {
    const source = tensors.get(part.name) as TensorSource;
    if (!transposed) {
      await source.file.pieces(source, 1, (piece, first) => bits.set(piece, part.offset + first));
      continue;
    }
    const rowLength = part.shape[1] as number;
    const columns = spec.shape[1] as number;
    await source.file.pieces(source, rowLength, (piece, first) => {
      scatterRows(piece, bits, { rowLength, columns, column: part.offset + first / rowLength });
    });
  }
}

interface Block {
  readonly rowLength: number;
  readonly columns: number;
  readonly column: number;
}

/** Rows of `piece` (n, rowLength) become columns of `bits` (rowLength, columns), from `column` on. */
function scatterRows(piece: Uint32Array, bits: Uint32Array, { rowLength, columns, column }: Block): void {
  const rows = piece.length / rowLength;
  // Tiles keep both the rows read and the rows written in the cache.
  for (let r0 = 0; r0 < rows; r0 += TILE.long) {
    const r1 = Math.min(rows, r0 + TILE.long);
    for (let i0 = 0; i0 < rowLength; i0 += TILE.short) {
      const i1 = Math.min(rowLength, i0 + TILE.short);
      for (let i = i0; i < i1; i++) {
        const target = i * columns + column;
        for (let r = r0; r < r1; r++) bits[target + r] = piece[r * rowLength + i] as number;
      }
    }
  }
}

/** Measured on matrices of 1536 × 576: 184 million numbers a second; with 16 × all, 71. */
const TILE = { long: 256, short: 8 };

/** The file's tensor `part` from the parameter's values. */
function extract({ spec, transposed }: Placement, part: FileTensor, host: Float32Array): Float32Array {
  const count = part.shape.reduce((a, b) => a * b, 1);
  if (!transposed) return host.subarray(part.offset, part.offset + count);
  const values = new Float32Array(count);
  const target = new Uint32Array(values.buffer);
  const source = new Uint32Array(host.buffer, host.byteOffset, host.length);
  const [rows, rowLength] = part.shape as [number, number];
  const columns = spec.shape[1] as number;
  for (let i0 = 0; i0 < rowLength; i0 += TILE.long) {
    const i1 = Math.min(rowLength, i0 + TILE.long);
    for (let r0 = 0; r0 < rows; r0 += TILE.short) {
      const r1 = Math.min(rows, r0 + TILE.short);
      for (let r = r0; r < r1; r++) {
        for (let i = i0; i < i1; i++) target[r * rowLength + i] = source[i * columns + part.offset + r] as number;
      }
    }
  }
  return values;
}

interface Found {
  readonly tensors: ReadonlyMap<string, TensorSource>;
  readonly config: ModelConfig;
}

/** @throws LabError('model') where the tensors are not those of a model of this shape. @param path for the message */
export function checkTensors(path: string, placed: readonly Placement[], { tensors, config }: Found): void {
  const expected = new Map(placed.flatMap((placement) => placement.parts.map((part) => [part.name, part] as const)));
  const fail = (message: string): never => {
    throw new LabError('model', `${path} does not fit its config.json: ${message}.`, {
      remedy: 'Use the config.json and the weights of the same model.',
    });
  };
  const missing = [...expected.keys()].filter((name) => !tensors.has(name));
  if (missing.length > 0) fail(`tensor ${listed(missing)} missing`);
  for (const part of expected.values()) {
    const found = tensors.get(part.name) as TensorSource;
    if (!isReadable(found)) throw unreadable(found);
    if (found.shape.length !== part.shape.length || found.shape.some((size, i) => size !== part.shape[i])) {
      fail(`tensor "${part.name}" has shape [${found.shape.join(', ')}], expected [${part.shape.join(', ')}]`);
    }
  }
  const surplus = [...tensors.keys()].filter((name) => !expected.has(name) && !isIgnored(name, config));
  if (surplus.length > 0) fail(`tensor ${listed(surplus)} not part of a ${config.layers}-layer ${config.family} model`);
}

/** Tensors that files carry though nothing needs them: a copy of tied embeddings, old rotary tables. */
function isIgnored(name: string, config: ModelConfig): boolean {
  return (config.tieWordEmbeddings && name === 'lm_head.weight') || name.endsWith('.rotary_emb.inv_freq');
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} ${names.length === 1 ? 'is' : 'are'}`;
}
