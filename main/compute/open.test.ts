import { describe, expect, it } from 'vitest';
import type { ComputeReport } from './open.js';
import { explainReport, openCompute } from './open.js';

describe('openCompute', () => {
  it('names what is missing for a backend asked for, and in auto goes on to the next that works', async () => {
    process.env['RZERO_TENSORFLOW_BINDING'] = '/nowhere/tfjs_binding.node';
    await expect(openCompute('tensorflow')).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('/nowhere/tfjs_binding.node') as string,
      remedy: expect.stringContaining('npm start') as string,
    });
    let report: ComputeReport | undefined;
    const compute = await openCompute('auto', { onReport: (value) => (report = value) });
    // Never TensorFlow here, and WebGPU only where there is a real card; a failed attempt leaves the next one usable.
    expect(['webgpu', 'wasm']).toContain(compute.backend);
    expect(report?.passedOver[0]).toMatchObject({ backend: 'tensorflow' });
    expect(explainReport(report as ComputeReport)).toMatch(/^Computing on .*Not on tensorflow: .*nowhere.*npm start/);
    // tfjs has one engine in a process.
    expect(await openCompute('auto')).toBe(compute);
    await expect(openCompute('tensorflow')).rejects.toMatchObject({ code: 'backend' });
  });
});
