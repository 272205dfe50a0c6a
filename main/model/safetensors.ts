/**
 * Safetensors files: a reader that widens F32, F16 and BF16 to float32 in small pieces, so that a tensor needs no second
 * copy of itself in memory, over one file or the shards of an index; and a writer of float32 that is all or nothing.
 * Bits are moved as integers: a float32 comes back exactly, NaN payloads included. Integer tensors, float64 and 8-bit
 * floats are not read. Typed arrays are taken to be little-endian, as on every machine Node runs on today.
 */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { replaceFile } from '../lib/atomic-file.js';
import { damaged, headerLength, parseHeader, type SafetensorsHeader, type TensorEntry } from './safetensors-header.js';

/** Elements read and widened at a time. */
const PIECE = 1 << 20;

export type TensorSource = TensorEntry & { readonly file: SafetensorsFile };

/** One open file. `close` it. */
export class SafetensorsFile {
  private reading = false;

  private constructor(
    readonly path: string,
    readonly header: SafetensorsHeader,
    private readonly handle: FileHandle,
  ) {}

  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await openForReading(path);
    try {
      const { size } = await handle.stat();
      const start = new Uint8Array(Math.min(8, size));
      await readFully(handle, start, { path, position: 0 });
      const json = new Uint8Array(headerLength(path, start, size));
      await readFully(handle, json, { path, position: 8 });
      return new SafetensorsFile(path, parseHeader(path, json, size), handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Visits the tensor's float32 bits in order, in pieces of whole rows of `rowLength` elements. A piece is valid during
   * its visit: all pieces share one buffer, so a file reads one tensor at a time.
   */
  async pieces(
    entry: TensorEntry,
    rowLength: number,
    visit: (bits: Uint32Array, first: number) => void,
  ): Promise<void> {
    const widen = WIDEN[entry.dtype];
    if (widen === undefined) throw unreadable({ ...entry, file: this });
    if (this.reading) throw new LabError('internal', `${this.path} is already being read.`);
    this.reading = true;
    let scratch: Uint32Array | null = null;
    try {
      const step = Math.max(1, Math.floor(PIECE / Math.max(1, rowLength))) * Math.max(1, rowLength);
      const bits = (scratch = borrow(Math.min(step, entry.elements)));
      const raw = new Uint8Array(bits.buffer);
      for (let first = 0; first < entry.elements; first += step) {
        const count = Math.min(step, entry.elements - first);
        // The raw elements lie at the end of the buffer, so that widening from the front never overtakes them.
        const bytes = raw.subarray((bits.length - count) * 4 + count * (4 - widen.bytes), bits.length * 4);
        await readFully(this.handle, bytes, { path: this.path, position: entry.position + first * widen.bytes });
        const piece = bits.subarray(bits.length - count);
        widen.inPlace(piece, bytes);
        visit(piece, first);
      }
    } finally {
      this.reading = false;
      if (scratch) spare = scratch;
    }
  }

  async read(entry: TensorEntry): Promise<Float32Array> {
    const values = new Float32Array(entry.elements);
    const bits = new Uint32Array(values.buffer);
    await this.pieces(entry, 1, (piece, first) => bits.set(piece, first));
    return values;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

export const isReadable = ({ dtype }: TensorEntry): boolean => Object.hasOwn(WIDEN, dtype);

export function unreadable({ file, name, dtype }: TensorSource): LabError {
  return new LabError('model', `${file.path}: tensor "${name}" is ${dtype}; F32, F16 and BF16 can be read.`, {
    remedy: 'Convert the weights to one of these types.',
  });
}

/** A buffer for pieces that nobody uses: shards, of which there may be fifty, share it. */
let spare: Uint32Array | null = null;

function borrow(elements: number): Uint32Array {
  const found = spare;
  spare = null;
  return found && found.length >= elements ? found : new Uint32Array(elements);
}

/** Widening of `raw`, the end of the memory of `bits`, to all of `bits`. */
const WIDEN: Readonly<Record<string, { bytes: number; inPlace: (bits: Uint32Array, raw: Uint8Array) => void }>> = {
  F32: { bytes: 4, inPlace: () => undefined },
  BF16: { bytes: 2, inPlace: (bits, raw) => widenHalves(bits, raw, (half) => half << 16) },
  F16: { bytes: 2, inPlace: (bits, raw) => widenHalves(bits, raw, float16Bits) },
};

function widenHalves(bits: Uint32Array, raw: Uint8Array, widen: (half: number) => number): void {
  const halves = new Uint16Array(raw.buffer, raw.byteOffset, bits.length);
  for (let i = 0; i < bits.length; i++) bits[i] = widen(halves[i] as number);
}

/** IEEE binary16 → the bits of the same binary32. */
export function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: shift the leading one out of the fraction, and the exponent down with it.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 1023) << 13);
}

/** The nearest bfloat16 of each value, ties to even; what is no number stays none. */
export function bfloat16Halves(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(words, (word) => {
    if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
    return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  });
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new LabError('model', `${path} ${missing ? 'is missing' : 'cannot be read'}.`, {
      cause: error,
      remedy: missing ? 'Check the path, or download the model again.' : 'Check the permissions of the file.',
    });
  }
}

async function readFully(
  handle: FileHandle,
  target: Uint8Array,
  from: { path: string; position: number },
): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(target, done, target.length - done, from.position + done);
    if (bytesRead === 0) throw damaged(from.path, 'it became shorter while it was read');
    done += bytesRead;
  }
}

/** All tensors of a file, or of all shards when `path` ends in `.index.json`. Close every file of `files`. */
export async function openTensors(
  path: string,
): Promise<{ tensors: Map<string, TensorSource>; files: SafetensorsFile[] }> {
  const shards = path.endsWith('.index.json') ? await readIndex(path) : new Map([[basename(path), null]]);
  const files: SafetensorsFile[] = [];
  const tensors = new Map<string, TensorSource>();
  try {
    for (const [name, promised] of shards) {
      const file = await SafetensorsFile.open(join(dirname(path), name));
      files.push(file);
      for (const entry of file.header.entries.values()) {
        if (promised === null || promised.has(entry.name)) tensors.set(entry.name, { ...entry, file });
        promised?.delete(entry.name);
      }
      for (const missing of promised ?? [])
        throw damaged(path, `it places tensor "${missing}" in ${name}, which does not hold it`);
    }
    return { tensors, files };
  } catch (error) {
    await closeAll(files);
    throw error;
  }
}

export async function closeAll(files: readonly SafetensorsFile[]): Promise<void> {
  for (const file of files) await file.close();
}

/** Shard name → the tensors it must hold. */
async function readIndex(path: string): Promise<Map<string, Set<string>>> {
  let index: unknown;
  try {
    index = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw damaged(path, 'it is not JSON');
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== 'object' || map === null) throw damaged(path, 'it has no weight_map');
  const shards = new Map<string, Set<string>>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || basename(shard) !== shard)
      throw damaged(path, `the shard of "${tensor}" is not a file name`);
    const set = shards.get(shard) ?? new Set<string>();
    shards.set(shard, set.add(tensor));
  }
  return shards;
}

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  /** Called once, when its turn comes, so that one tensor at a time is on the host. */
  readonly values: () => Float32Array | Promise<Float32Array>;
}

/** How values are written: as they are, or rounded to the nearest bfloat16. */
export type FileType = 'float32' | 'bfloat16';

/** Writes tensors in the given order. Flushed to the disk and renamed into place; returns the file's bytes. */
export async function writeTensors(
  path: string,
  tensors: readonly TensorToWrite[],
  type: FileType = 'float32',
): Promise<number> {
  const header = headerOf(tensors, type);
  let position = header.length;
  await replaceFile(path, async (file) => {
    await writeFully(file, header, 0);
    for (const tensor of tensors) {
      const values = await tensor.values();
      if (values.length !== elementsOf(tensor.shape)) {
        throw new LabError(
          'internal',
          `Tensor "${tensor.name}" of shape [${tensor.shape.join(', ')}] came with ${values.length} values.`,
        );
      }
      const written = type === 'bfloat16' ? bfloat16Halves(values) : values;
      const bytes = new Uint8Array(written.buffer, written.byteOffset, written.byteLength);
      await writeFully(file, bytes, position);
      position += bytes.length;
    }
  });
  return position;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function headerOf(tensors: readonly TensorToWrite[], type: FileType): Uint8Array {
  const [dtype, size] = type === 'bfloat16' ? ['BF16', 2] : ['F32', 4];
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const { name, shape } of tensors) {
    const begin = end;
    end += elementsOf(shape) * size;
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces to a multiple of eight, so that the data is aligned for readers that map the file.
  const length = Math.ceil(json.length / 8) * 8;
  const result = new Uint8Array(8 + length).fill(0x20);
  new DataView(result.buffer).setBigUint64(0, BigInt(length), true);
  result.set(json, 8);
  return result;
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 1 << 30), position + done);
    done += bytesWritten;
  }
}

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All tensors of a file, on the host. */
export async function readTensors(
  path: string,
): Promise<{ tensors: Map<string, NamedTensor>; metadata: Readonly<Record<string, string>> }> {
  const file = await SafetensorsFile.open(path);
  try {
    const tensors = new Map<string, NamedTensor>();
    for (const entry of file.header.entries.values()) {
      tensors.set(entry.name, { shape: entry.shape, values: await file.read(entry) });
    }
    return { tensors, metadata: file.header.metadata };
  } finally {
    await file.close();
  }
}
