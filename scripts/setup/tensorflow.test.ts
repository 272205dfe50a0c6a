import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readJson } from './files.mjs';
import { ROOT } from './paths.mjs';
import { isWhole, tryBinding, type Installed } from './tensorflow-install.mjs';
import { TENSORFLOW_VERSION } from './tensorflow-recipes.mjs';
import { fallbackNote, setUpTensorFlow, tensorflowReady } from './tensorflow.mjs';

describe('TensorFlow set-up', () => {
  let root: string;
  let said: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rzero-tf-'));
    writeFileSync(join(root, 'package.json'), '{}');
    writeFileSync(join(root, 'package-lock.json'), '{}');
    said = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
    vi.stubEnv('RZERO_CACHE_DIR', join(root, 'cache'));
    vi.stubEnv('RZERO_TENSORFLOW', 'cpu');
    vi.stubEnv('RZERO_TENSORFLOW_BINDING', '');
    vi.stubEnv('RZERO_SETUP_PYTHON', undefined);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  const memoryPath = (): string => join(root, 'node_modules/.rzero/tensorflow-setup.json');
  const memory = (): { outcome: string; best: string } => readJson(memoryPath()) as { outcome: string; best: string };

  // Would catch a start that fails, or that tries again every time, where nothing can be installed.
  it('ends in WASM with one line, and remembers it for a day', async () => {
    vi.stubEnv('PATH', join(root, 'empty'));
    await setUpTensorFlow(root);
    const notes = said.filter((line) => line.startsWith('Backend: '));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /^Backend: WASM \(.*Python with pip was not found.*\)\. Faster: install Python 3 with pip.*\n$/,
    );
    expect(tensorflowReady(root)).toBe(true);
    vi.useFakeTimers({ now: Date.now() + 25 * 3600 * 1000 });
    expect(tensorflowReady(root)).toBe(false);
  });

  // Would catch a machine that stays slow after its owner installed what was missing.
  it('looks again when a tool appears or the wish changes', async () => {
    vi.stubEnv('PATH', join(root, 'empty'));
    await setUpTensorFlow(root);
    mkdirSync(join(root, 'tools'));
    writeFileSync(join(root, 'tools', 'g++'), '', { mode: 0o755 });
    vi.stubEnv('PATH', join(root, 'tools'));
    expect(tensorflowReady(root)).toBe(false);
    vi.stubEnv('PATH', join(root, 'empty'));
    expect(tensorflowReady(root)).toBe(true);
    vi.stubEnv('RZERO_TENSORFLOW', 'off');
    expect(tensorflowReady(root)).toBe(false);
  });

  it('is skipped by RZERO_TENSORFLOW=off', async () => {
    vi.stubEnv('RZERO_TENSORFLOW', 'off');
    await setUpTensorFlow(root);
    expect(said).toEqual(['Backend: WASM, because RZERO_TENSORFLOW=off.\n']);
    expect([tensorflowReady(root), memory().outcome]).toEqual([true, 'off']);
  });

  it('sees a binding that was deleted', async () => {
    vi.stubEnv('PATH', join(root, 'empty'));
    await setUpTensorFlow(root);
    const binding = join(root, 'tfjs_binding.node');
    writeFileSync(binding, '');
    writeFileSync(join(root, 'node_modules/.rzero/tensorflow.json'), JSON.stringify({ binding }));
    writeFileSync(memoryPath(), JSON.stringify({ ...memory(), outcome: 'best' }));
    expect(tensorflowReady(root)).toBe(true);
    rmSync(binding);
    expect(tensorflowReady(root)).toBe(false);
  });

  it.each([
    ['CUDA: the NVIDIA driver does not answer (nvidia-smi)', 'update the NVIDIA driver'],
    ['no C++ compiler was found', 'install a C++ compiler'],
    ['tensorflow-cpu 2.21.0 could not be fetched (timed out)', 'when the package index can be reached'],
    ['/home has 0.3 GB free, and 1.5 GB are needed', 'make room'],
  ])('says what would help against: %s', (reason, remedy) => {
    const note = fallbackNote({ backend: 'WASM', reasons: [reason] });
    expect(note.startsWith(`Backend: WASM (${reason}). Faster: `)).toBe(true);
    expect(note).toContain(remedy);
  });

  // Would catch trusting an installation whose library was cut off.
  it('takes an installation for whole only with every file at its size', () => {
    writeFileSync(join(root, 'lib.so'), '12345');
    writeFileSync(join(root, 'install.json'), JSON.stringify({ files: { 'lib.so': 5 } }));
    expect(isWhole(root)).toBe(true);
    writeFileSync(join(root, 'lib.so'), '1234');
    expect(isWhole(root)).toBe(false);
  });

  it('does not trust a binding that cannot be loaded', async () => {
    const path = join(root, 'tfjs_binding.node');
    writeFileSync(path, 'not a library');
    await expect(tryBinding(path, 'cpu')).rejects.toThrow('its trial failed');
  });

  const installed = readJson(join(ROOT, 'node_modules/.rzero/tensorflow.json')) as Installed | null;
  it.skipIf(installed?.source !== 'wheel')(
    'has passed its trial with functions where the wheel is installed',
    async () => {
      const trial = await tryBinding(installed?.binding ?? '', installed?.device ?? 'cpu');
      expect(trial).toMatchObject({ version: TENSORFLOW_VERSION, functions: true });
    },
  );
});
