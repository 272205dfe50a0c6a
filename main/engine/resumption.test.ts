import { describe, expect, it, vi } from 'vitest';
import { openCompute } from '../compute/open.js';
import { LabError } from '../lib/errors.js';
import { GRADER_VERSION } from '../grading/canonical.js';
import { backendSoFar, graderVersions, openBackend, resumptionWarnings } from './resumption.js';

vi.mock('../compute/open.js', () => ({ openCompute: vi.fn() }));
const open = vi.mocked(openCompute);
const before = { seq: 3, backend: 'WebAssembly', versions: { backend: 'wasm' } };

describe('a resumed run', () => {
  // Would catch: a run begun with --backend wasm that goes on on whatever is fastest.
  it('stays on its backend unless another is asked for', async () => {
    await openBackend('auto', before);
    expect(open).toHaveBeenLastCalledWith('wasm');
    await openBackend('tensorflow', before);
    expect(open).toHaveBeenLastCalledWith('tensorflow');
    await openBackend('auto', { ...before, seq: 0 });
    expect(open).toHaveBeenLastCalledWith('auto');
    expect(backendSoFar({ ...before, versions: { backend: 'abacus' } })).toBeNull();
    expect(backendSoFar({ ...before, versions: {} })).toBeNull();
  });

  it('says how to go on where its backend no longer starts', async () => {
    open.mockRejectedValueOnce(new LabError('backend', 'No SIMD.', { remedy: 'leave the choice to --backend auto' }));
    await expect(openBackend('auto', before)).rejects.toMatchObject({
      message: 'The run has worked on WebAssembly so far. No SIMD.',
      remedy: expect.stringMatching(/another --backend/) as string,
    });
  });

  // Would catch: verdicts of two graders in one run that nobody can tell apart.
  it('records which grader said what, and says so where another one goes on', () => {
    const of = (grader: string) => ({ ...before, versions: { ...before.versions, grader } });
    expect(graderVersions({ ...before, seq: 0 })).toBe(String(GRADER_VERSION));
    expect(graderVersions(of(String(GRADER_VERSION)))).toBe(String(GRADER_VERSION));
    const changed = graderVersions(of('1'));
    expect(changed).toBe(`1, ${GRADER_VERSION} from 4`);
    expect(graderVersions({ ...of(changed), seq: 9 })).toBe(changed);
    expect(resumptionWarnings(of(changed), 'WebAssembly', [])).toEqual([]);
    expect(resumptionWarnings(of('1'), 'WebAssembly', [])).toMatchObject([
      { level: 'warn', message: expect.stringContaining('version 1 of the grader') as string },
    ]);
  });

  // Would catch: a damaged checkpoint, or another machine, that goes by in silence.
  it('warns of another backend and of each checkpoint that was passed over', () => {
    const skipped = [{ seq: 9, reason: 'x is missing' }];
    expect(resumptionWarnings(before, 'WebAssembly', [])).toEqual([]);
    expect(resumptionWarnings({ ...before, seq: 0 }, 'other', [])).toEqual([]);
    expect(resumptionWarnings(before, 'TensorFlow 2', skipped)).toEqual([
      {
        type: 'log',
        level: 'warn',
        message: 'the run worked on WebAssembly before and goes on on TensorFlow 2: it will not repeat bit for bit',
      },
      { type: 'log', level: 'warn', message: 'checkpoint 9 is passed over: x is missing' },
    ]);
  });
});
