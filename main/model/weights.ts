/**
 * Weights between a Hugging Face safetensors file and the device: read piece by piece into the fused, transposed layout
 * of `parameters.ts`, and written back, bit for bit. Reading holds the weights and one tensor more.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../lib/errors.js';
import type { ModelConfig } from './config.js';
import { placements, type FileTensor, type Placement } from './hf-names.js';
import { Parameters } from './parameters.js';
import { closeAll, openTensors, writeTensors, type TensorSource, type TensorToWrite } from './safetensors.js';

/** Reads a safetensors file, or the shards of a `.index.json`, as the weights of a model of this shape. */
export async function readParameters(path: string, config: ModelConfig): Promise<Parameters> {
  const { tensors, files } = await openTensors(path);
  const made: tf.Tensor[] = [];
  try {
    const placed = placements(config);
    checkTensors(path, placed, { tensors, config });
    for (const placement of placed) {
      made.push(tf.tensor(await readPlacement(placement, tensors), [...placement.spec.shape], 'float32'));
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

/** Writes the weights under Hugging Face's names and shapes, in float32; returns the file's bytes. */
export async function writeParameters(path: string, config: ModelConfig, parameters: Parameters): Promise<number> {
  const tensors: TensorToWrite[] = placements(config).flatMap((placement, index) => {
    // One read-back serves the parts of a fused matrix, which are written one after another.
    let host: Promise<Float32Array> | null = null;
    return placement.parts.map((part, k) => ({
      name: part.name,
      shape: part.shape,
      values: async () => {
        host ??= (parameters.tensors[index] as tf.Tensor).data<'float32'>();
        const values = extract(placement, part, await host);
        if (k === placement.parts.length - 1) host = null;
        return values;
      },
    }));
  });
  return writeTensors(path, tensors);
}

async function readPlacement(
  { spec, parts, transposed }: Placement,
  tensors: ReadonlyMap<string, TensorSource>,
): Promise<Float32Array> {
  const values = new Float32Array(spec.shape.reduce((a, b) => a * b, 1));
  const bits = new Uint32Array(values.buffer);
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
  return values;
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
  for (let r0 = 0; r0 < rows; r0 += TILE) {
    const r1 = Math.min(rows, r0 + TILE);
    for (let i = 0; i < rowLength; i++) {
      const target = i * columns + column;
      for (let r = r0; r < r1; r++) bits[target + r] = piece[r * rowLength + i] as number;
    }
  }
}

const TILE = 16;

/** The file's tensor `part` from the parameter's values. */
function extract({ spec, transposed }: Placement, part: FileTensor, host: Float32Array): Float32Array {
  const count = part.shape.reduce((a, b) => a * b, 1);
  if (!transposed) return host.subarray(part.offset, part.offset + count);
  const values = new Float32Array(count);
  const target = new Uint32Array(values.buffer);
  const source = new Uint32Array(host.buffer, host.byteOffset, host.length);
  const [rows, rowLength] = part.shape as [number, number];
  const columns = spec.shape[1] as number;
  for (let r0 = 0; r0 < rows; r0 += TILE) {
    const r1 = Math.min(rows, r0 + TILE);
    for (let i = 0; i < rowLength; i++) {
      const from = i * columns + part.offset;
      for (let r = r0; r < r1; r++) target[r * rowLength + i] = source[from + r] as number;
    }
  }
  return values;
}

interface Found {
  readonly tensors: ReadonlyMap<string, TensorSource>;
  readonly config: ModelConfig;
}

function checkTensors(path: string, placed: readonly Placement[], { tensors, config }: Found): void {
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
