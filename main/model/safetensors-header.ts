/**
 * The header of a safetensors file: eight bytes of length, JSON, then the tensors' bytes without a gap. Everything the
 * header claims is checked against the file's size before anything is allocated for it.
 * Format: https://huggingface.co/docs/safetensors
 */
import { LabError } from '../lib/errors.js';

/** Bytes per element of every type the format knows; only some can be read (see safetensors.ts). */
const BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly elements: number;
  /** Position of its first byte in the file. */
  readonly position: number;
  readonly bytes: number;
}

export interface SafetensorsHeader {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

export function damaged(path: string, what: string): LabError {
  return new LabError('model', `${path} is damaged: ${what}.`, { remedy: 'Download or copy the file again.' });
}

/** Length of the header, from the first eight bytes of a file of `fileSize` bytes. */
export function headerLength(path: string, start: Uint8Array, fileSize: number): number {
  if (fileSize < 8 || start.length < 8) throw damaged(path, `it has ${fileSize} bytes, too few for a safetensors file`);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw damaged(path, `its header claims ${length} bytes, more than the format's ${MAX_HEADER_BYTES}`);
  }
  if (length > BigInt(fileSize - 8)) {
    throw damaged(path, `its header claims ${length} bytes, but only ${fileSize - 8} follow`);
  }
  return Number(length);
}

export function parseHeader(path: string, json: Uint8Array, fileSize: number): SafetensorsHeader {
  const parsed = parseJson(path, json);
  const dataStart = 8 + json.length;
  const entries: TensorEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') metadata = parseMetadata(path, value);
    else entries.push(parseEntry(path, { name, value, dataStart }));
  }
  checkLayout(path, entries, { dataStart, fileSize });
  return { entries: new Map(entries.map((entry) => [entry.name, entry])), metadata };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(path: string, json: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw damaged(path, 'its header is not JSON');
  }
  if (!isRecord(parsed)) throw damaged(path, 'its header is not a JSON object');
  return parsed;
}

function parseMetadata(path: string, value: unknown): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((item) => typeof item === 'string')) {
    throw damaged(path, 'its __metadata__ is not a map of strings');
  }
  return value as Record<string, string>;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseEntry(
  path: string,
  { name, value, dataStart }: { name: string; value: unknown; dataStart: number },
): TensorEntry {
  const bad = (what: string): LabError => damaged(path, `tensor ${shown(name)} ${what}`);
  if (!isRecord(value)) throw bad('has no description');
  const { dtype, shape, data_offsets: offsets } = value;
  const width = typeof dtype === 'string' && Object.hasOwn(BYTES, dtype) ? BYTES[dtype] : undefined;
  if (width === undefined) throw bad(`has the unknown type ${shown(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isCount)) throw bad(`has the impossible shape ${shown(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw bad(`has the impossible offsets ${shown(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const elements = (shape as number[]).reduce((product, size) => product * size, 1);
  if (end - begin !== elements * width) {
    throw bad(
      `has ${end - begin} bytes where ${String(dtype)} of shape [${shape.join(', ')}] needs ${elements * width}`,
    );
  }
  return {
    name,
    dtype: dtype as string,
    shape: shape as number[],
    elements,
    position: dataStart + begin,
    bytes: end - begin,
  };
}

/** The tensors must fill the file exactly, without gap or overlap. */
function checkLayout(
  path: string,
  entries: readonly TensorEntry[],
  file: { dataStart: number; fileSize: number },
): void {
  let end = file.dataStart;
  for (const entry of [...entries].sort((a, b) => a.position - b.position || a.bytes - b.bytes)) {
    if (entry.position !== end) {
      throw damaged(
        path,
        `tensor ${shown(entry.name)} ${entry.position < end ? 'overlaps the one before' : 'follows a gap'}`,
      );
    }
    end = entry.position + entry.bytes;
  }
  if (end > file.fileSize) {
    throw damaged(path, `it is cut off: ${file.fileSize} bytes where its header promises ${end}`);
  }
  if (end < file.fileSize) throw damaged(path, `${file.fileSize - end} bytes follow its last tensor`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
