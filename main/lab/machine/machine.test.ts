import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunInfo } from '../../../preload/contract/runs.js';
import { machineLoadSchema } from '../../../preload/contract/system.js';
import { diskUse } from './disk.js';
import { findCards, readCards, readGpus } from './gpu.js';
import { licences } from './licences.js';
import { LoadMeter } from './load.js';
import { readPs } from '../../lib/process-use.js';

// Would catch: a card whose name has a comma, or which does not tell its temperature, shown with another's numbers.
it('reads what nvidia-smi prints', () => {
  expect(readGpus('NVIDIA H200, 50, 1024, 143771, 38\nTesla, old, [N/A], 512, 1024, [N/A]\n')).toEqual([
    { name: 'NVIDIA H200', utilisation: 0.5, memoryUsed: 2 ** 30, memoryTotal: 143771 * 2 ** 20, temperature: 38 },
    { name: 'Tesla, old', utilisation: null, memoryUsed: 2 ** 29, memoryTotal: 2 ** 30, temperature: null },
  ]);
  expect(readGpus('')).toEqual([]);
});

// Would catch: mebibytes taken for bytes, a card that tells nothing taken for an empty one, and troubles read as a card.
it('reads the memory of cards, and nothing from what is no card', () => {
  const [one, other] = ['GPU-5c2f9a1e-0000-1111-2222-333344445555', 'GPU-aa2f9a1e-0000-1111-2222-333344445555'];
  expect(
    readCards(`0, ${one}, 143771, 143153, NVIDIA H200\n1, ${other}, [N/A], [Insufficient Permissions], Tesla, old\r\n`),
  ).toEqual([
    { index: 0, uuid: one, name: 'NVIDIA H200', total: 143771 * 2 ** 20, free: 143153 * 2 ** 20 },
    { index: 1, uuid: other, name: 'Tesla, old', total: null, free: null },
  ]);
  for (const none of [
    '',
    '\n\n',
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
    'No devices were found\n',
    'Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error\n',
    `0, ${one}, 143771\n`,
    '\u0000\u0001,,,,,\n{"a": 1}',
  ])
    expect(readCards(none)).toEqual([]);
});

// Would catch: a machine without a card, or with a driver that fails, on which nothing can be asked before a run.
it('knows of no cards where nvidia-smi is missing or fails', async () => {
  expect(await findCards('no-such-program-here')).toBeNull();
  expect(await findCards('false')).toBeNull();
});

// Would catch: hours taken for minutes, and kilobytes for bytes.
it('reads what ps prints', () => {
  expect(readPs('  2048   1:02.50\n')).toEqual({ memory: 2 ** 21, seconds: 62.5 });
  expect(readPs('1 2:00:01')).toEqual({ memory: 1024, seconds: 7201 });
  expect(readPs('')).toEqual({ memory: null, seconds: null });
});

// Would catch: a share above one, a process that is gone and ends the stream, a look that breaks the contract.
it('measures this machine and this process, and a process that is gone without failing', async () => {
  const meter = new LoadMeter();
  const watched = [
    { pid: process.pid, kind: 'lab', run: null, title: 'Lab' },
    { pid: 2 ** 30, kind: 'task', run: null, title: 'Task' },
  ] as const;
  const first = await meter.look(watched);
  const end = performance.now() + 60;
  while (performance.now() < end);
  const second = machineLoadSchema.parse(await meter.look(watched));
  expect(first.busy).toBeNull();
  expect(first.memory.available).toBeLessThanOrEqual(first.memory.total);
  expect(second.processes.map(({ pid }) => pid)).toEqual([process.pid, 2 ** 30]);
  expect(second.processes[1]).toMatchObject({ memory: null, cores: null });
  if (process.platform === 'linux') {
    expect(second.processes[0]?.memory).toBeGreaterThan(10 * 2 ** 20);
    expect(second.processes[0]?.cores).toBeGreaterThanOrEqual(0);
  }
});

// Would catch: bytes of a run counted twice, or a folder that is missing.
it('adds up what runs take on the disk', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rzero-disk-'));
  const directory = join(dataDir, 'runs', 'a');
  mkdirSync(join(directory, 'checkpoints', '0001'), { recursive: true });
  writeFileSync(join(directory, 'checkpoints', '0001', 'w'), Buffer.alloc(990));
  writeFileSync(join(directory, 'checkpoints', '0001', 'manifest.json'), Buffer.alloc(10));
  mkdirSync(join(directory, 'checkpoints', '0000'));
  writeFileSync(join(directory, 'note'), Buffer.alloc(10));
  writeFileSync(join(dataDir, 'rzero.sqlite'), Buffer.alloc(500));
  writeFileSync(join(dataDir, 'rzero.sqlite-wal'), Buffer.alloc(5));
  const run = (id: string): RunInfo =>
    ({ id, name: id, state: 'finished', directory: join(dataDir, 'runs', id) }) as unknown as RunInfo;
  const { database, free, runs } = await diskUse(dataDir, [run('a'), run('gone')]);
  expect(database).toBe(505);
  expect(free).toBeGreaterThan(0);
  expect(runs).toMatchObject([
    { run: 'a', checkpoints: 1, checkpointBytes: 1000, otherBytes: 10 },
    { run: 'gone', checkpoints: 0, checkpointBytes: 0, otherBytes: 0 },
  ]);
  rmSync(dataDir, { recursive: true });
});

// Would catch: a library that ships in the page and is named nowhere, or a development tool named as shipped.
it('names what ships, with its licence', () => {
  const found = new Map(licences().map((entry) => [entry.name, entry]));
  expect(found.get('vue')).toMatchObject({ licence: 'MIT' });
  expect(found.get('@tensorflow/tfjs')?.licence).toBe('Apache-2.0');
  expect(found.has('eslint')).toBe(false);
});
