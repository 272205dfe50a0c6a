import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LabError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import { float16Bits, openTensors, readTensors, writeTensors } from './safetensors.js';

const root = mkdtempSync(join(tmpdir(), 'rzero-safetensors-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A file with this header and so many bytes of data. */
function handMade(name: string, header: unknown, data: Uint8Array): string {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

/** Every float32 bit pattern that copying through numbers could change, and some plain ones. */
const BITS = Uint32Array.of(0, 0x80000000, 1, 0x7f800001, 0x7fc12345, 0xffc00001, 0xff800000, 0x3f800000, 0x7f7fffff);

describe('safetensors', () => {
  // Catches a NaN whose payload is lost, a sign lost from zero, offsets that are off by one tensor.
  it('gives back every bit, shape and the metadata', async () => {
    const path = join(root, 'round.safetensors');
    const a = new Float32Array(BITS.buffer);
    const tensors = [
      { name: 'a', shape: [3, 3], values: () => a },
      { name: 'empty', shape: [0, 4], values: () => new Float32Array(0) },
      { name: 'scalar', shape: [], values: () => Promise.resolve(Float32Array.of(7)) },
    ];
    expect(await writeTensors(path, tensors)).toBe(statSync(path).size);
    const read = await readTensors(path);
    expect(read.metadata).toEqual({ format: 'pt' });
    expect([...read.tensors.keys()]).toEqual(['a', 'empty', 'scalar']);
    const { shape, values } = read.tensors.get('a') ?? { shape: [], values: a.subarray(0, 0) };
    expect(shape).toEqual([3, 3]);
    expect(new Uint32Array(values.buffer)).toEqual(BITS);
    expect(read.tensors.get('scalar')?.values).toEqual(Float32Array.of(7));
  });

  // Catches pieces that overlap or leave a gap where a tensor is larger than one.
  it('reads tensors of several pieces', async () => {
    const values = Float32Array.from({ length: (1 << 20) * 2 + 5 }, (_, i) => i);
    const path = join(root, 'large.safetensors');
    await writeTensors(path, [{ name: 'x', shape: [values.length], values: () => values }]);
    const read = (await readTensors(path)).tensors.get('x')?.values as Float32Array;
    expect(Buffer.compare(Buffer.from(read.buffer), Buffer.from(values.buffer))).toBe(0);
  });

  it('widens bfloat16', async () => {
    const halves = Uint16Array.of(0x3f80, 0xc000, 0x7f80, 0x0001);
    const path = handMade(
      'bf16',
      { x: { dtype: 'BF16', shape: [4], data_offsets: [0, 8] } },
      new Uint8Array(halves.buffer),
    );
    const x = (await readTensors(path)).tensors.get('x')?.values as Float32Array;
    expect(new Uint32Array(x.buffer)).toEqual(Uint32Array.of(0x3f800000, 0xc0000000, 0x7f800000, 0x00010000));
  });

  // Every one of the 65,536 values, subnormals and infinities included, against the definition of the format.
  it('widens every float16 exactly', () => {
    const view = new DataView(new ArrayBuffer(4));
    for (let half = 0; half < 65536; half++) {
      const exponent = (half >> 10) & 31;
      const fraction = half & 1023;
      const magnitude =
        exponent === 31
          ? fraction
            ? NaN
            : Infinity
          : exponent
            ? (1 + fraction / 1024) * 2 ** (exponent - 15)
            : fraction * 2 ** -24;
      view.setInt32(0, float16Bits(half));
      if (!Object.is(view.getFloat32(0), half & 0x8000 ? -magnitude : magnitude) && !Number.isNaN(magnitude)) {
        expect.fail(`float16 0x${half.toString(16)} became ${view.getFloat32(0)}, expected ${magnitude}`);
      }
    }
    expect(float16Bits(0x7e01) & 0x7f800000).toBe(0x7f800000);
  });
});

describe('damaged safetensors', () => {
  const f32 = (shape: unknown, offsets: unknown): unknown => ({ dtype: 'F32', shape, data_offsets: offsets });
  const cases: [string, unknown, number, RegExp][] = [
    ['no JSON', 'hello', 4, /header is not JSON/],
    ['a list', [1], 4, /not a JSON object/],
    ['an unknown type', { x: { dtype: 'F4', shape: [1], data_offsets: [0, 4] } }, 4, /"x" has the unknown type "F4"/],
    ['a type of the prototype', { x: { dtype: 'constructor', shape: [1], data_offsets: [0, 4] } }, 4, /unknown type/],
    ['a negative size', { x: f32([-1], [0, 4]) }, 4, /"x" has the impossible shape \[-1\]/],
    ['an enormous shape', { x: f32([1e9, 1e9], [0, 4]) }, 4, /"x" has 4 bytes where F32 of shape/],
    ['offsets backwards', { x: f32([1], [4, 0]) }, 4, /has -4 bytes/],
    ['too few bytes', { x: f32([2], [0, 4]) }, 4, /"x" has 4 bytes where F32 of shape \[2\] needs 8/],
    ['an overlap', { x: f32([2], [0, 8]), y: f32([2], [4, 12]) }, 12, /"y" overlaps/],
    ['a gap', { x: f32([1], [0, 4]), y: f32([1], [8, 12]) }, 12, /"y" follows a gap/],
    ['a cut-off end', { x: f32([4], [0, 16]) }, 12, /cut off: \d+ bytes where its header promises \d+/],
    ['surplus bytes', { x: f32([1], [0, 4]) }, 9, /5 bytes follow its last tensor/],
    ['metadata of numbers', { __metadata__: { a: 1 } }, 0, /__metadata__ is not a map of strings/],
  ];
  it.each(cases)('with %s are refused, with the reason', async (name, header, bytes, message) => {
    const path = handMade('damaged', header, new Uint8Array(bytes));
    const error = await readTensors(path).catch((reason: unknown) => reason);
    expect(error, name).toBeInstanceOf(LabError);
    expect((error as LabError).code).toBe('model');
    expect((error as LabError).message).toMatch(message);
    expect((error as LabError).message).toContain(path);
    expect((error as LabError).remedy).toBeTruthy();
  });

  it('with a lying header length are refused before anything is allocated', async () => {
    const path = handMade('length', { x: f32([1], [0, 4]) }, new Uint8Array(4));
    const bytes = readFileSync(path);
    for (const [length, message] of [
      [2n ** 63n, /more than the format's/],
      [99_999_999n, /but only \d+ follow/],
    ] as const) {
      bytes.writeBigUInt64LE(length);
      writeFileSync(path, bytes);
      await expect(readTensors(path)).rejects.toThrow(message);
    }
  });

  it('name a missing file', async () => {
    await expect(readTensors(join(root, 'none'))).rejects.toThrow(/none is missing/);
  });

  it('refuse types that cannot be read, by name', async () => {
    const path = handMade('int', { x: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, new Uint8Array(8));
    await expect(readTensors(path)).rejects.toThrow(/"x" is I64; F32, F16 and BF16 can be read/);
  });
});

describe('fuzzed safetensors', () => {
  const original = (): string => {
    const path = join(root, 'fuzz.safetensors');
    writeFileSync(path, good);
    return path;
  };
  const good = readFileSync(new URL('../../test/golden/models/qwen3-untied/model.safetensors', import.meta.url));

  // Catches a crash, a hang or a silent misread where a download stopped: any proper prefix must be refused.
  it('cut off at any length are refused as a model error', async () => {
    const random = RandomKey.of(1, 'cut').stream();
    const path = original();
    const lengths = [0, 1, 7, 8, 9, good.length - 1, ...Array.from({ length: 60 }, () => random.int(good.length))];
    for (const length of lengths.sort((a, b) => b - a)) {
      truncateSync(path, length);
      const error = await readTensors(path).catch((reason: unknown) => reason);
      expect(error, `length ${length}`).toMatchObject({ name: 'LabError', code: 'model' });
    }
  });

  // A changed byte of the header may still make a valid file (a name, a permuted shape), but never any other error.
  it('with changed bytes in the header are read or refused as a model error', async () => {
    const header = 8 + Number(good.readBigUInt64LE());
    const random = RandomKey.of(2, 'flip').stream();
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const bytes = Buffer.from(good);
      for (let flips = 1 + random.int(3); flips > 0; flips--)
        bytes[random.int(round % 4 ? header : 8)] = random.int(256);
      const path = join(root, 'flipped.safetensors');
      writeFileSync(path, bytes);
      try {
        await readTensors(path);
      } catch (error) {
        expect(error).toMatchObject({ name: 'LabError', code: 'model' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});

describe('shards', () => {
  const shard = (name: string, tensor: string): Promise<number> =>
    writeTensors(join(root, name), [{ name: tensor, shape: [1], values: () => Float32Array.of(1) }]);
  const index = (weightMap: unknown): string => {
    const path = join(root, 'model.safetensors.index.json');
    writeFileSync(path, JSON.stringify({ weight_map: weightMap }));
    return path;
  };

  it('are refused where one is missing, lacks its tensor, or lies outside the folder', async () => {
    await shard('s1', 'a');
    await expect(openTensors(index({ a: 's1', b: 's2' }))).rejects.toThrow(/s2 is missing/);
    await shard('s2', 'c');
    await expect(openTensors(index({ a: 's1', b: 's2' }))).rejects.toThrow(
      /places tensor "b" in s2, which does not hold it/,
    );
    await expect(openTensors(index({ a: '../s1' }))).rejects.toThrow(/shard of "a" is not a file name/);
    await expect(openTensors(index(null))).rejects.toThrow(/has no weight_map/);
  });

  // Catches leaked file handles: a sweep over many folders would end in EMFILE.
  it.runIf(process.platform === 'linux')('leave no file open after a failure', async () => {
    await shard('s1', 'a');
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 20; i++) await openTensors(index({ a: 's1', b: 's3' })).catch(() => undefined);
    expect(open()).toBeLessThanOrEqual(before + 1);
  });
});
